import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { en, type TextKey } from './en.ts';
import { ru } from './ru.ts';

/** Puts a key into words. */
export type Say = (key: TextKey, values?: Readonly<Record<string, string | number>>) => string;

/** Prepares both languages; everything is in the bundle, so it is ready at once. */
export function startText(language: 'en' | 'ru'): void {
  void i18next.use(initReactI18next).init({
    lng: language,
    resources: { en: { translation: en }, ru: { translation: ru } },
    fallbackLng: false,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    initAsync: false,
  });
}

/** Switches the language of the whole window. */
export function setLanguage(language: 'en' | 'ru'): void {
  if (i18next.language === language && document.documentElement.lang === language) return;
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}

/** The words of the present language, and the language, for dates and figures. */
export function useText(): { t: Say; language: 'en' | 'ru' } {
  const { t, i18n } = useTranslation();
  // Our own key type is stricter than the library's, which knows nothing of our tables.
  return { t: t as unknown as Say, language: i18n.language === 'ru' ? 'ru' : 'en' };
}
