import { dialog } from 'electron';

const WORDS = {
  en: {
    message: 'The index of your mail is missing or damaged',
    detail:
      'Your mail is safe: it is in the mbox files of the profile. Glasspost can make the index from them again; the old one is kept. This may take a minute.',
    rebuild: 'Rebuild the index',
    quit: 'Quit',
  },
  ru: {
    message: 'Указатель вашей почты пропал или повреждён',
    detail:
      'Письма целы: они в файлах mbox вашего профиля. Glasspost построит по ним новый указатель, старый сохранит. Это может занять минуту.',
    rebuild: 'Построить указатель',
    quit: 'Выйти',
  },
};

/** Asks before the first window: there is nothing to show without the index. @returns whether to rebuild it */
export async function askToRebuild(language: 'en' | 'ru'): Promise<boolean> {
  const { message, detail, rebuild, quit } = WORDS[language];
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    title: 'Glasspost',
    message,
    detail,
    buttons: [rebuild, quit],
    defaultId: 0,
    cancelId: 1,
  });
  return response === 0;
}
