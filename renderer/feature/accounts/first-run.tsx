import { AtSign, GraduationCap } from 'lucide-react';
import { useEffect } from 'react';
import { run } from '../../state/commands.ts';
import { useOverlays } from '../../state/overlays.ts';
import { languageOf, updateSettings } from '../../state/settings.ts';
import { useApp } from '../../state/store.ts';
import { useText } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import './accounts.css';
import { focusAtOnce } from '../../ui/focus.ts';

const choices = [
  {
    id: 'add-account-open',
    icon: AtSign,
    title: 'first.add',
    text: 'first.addText',
    choose: () => run('account.add'),
  },
  {
    id: 'practice-start',
    icon: GraduationCap,
    title: 'first.practice',
    text: 'first.practiceText',
    choose: () => run('practice.start'),
  },
] as const;

/** What there is before there is any mail. */
export function FirstRun() {
  const { t } = useText();
  const version = useApp((state) => state.version);
  const theme = useApp((state) => state.settings.theme);
  const language = useApp(languageOf);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const choice = /^[1-9]$/u.test(event.key) ? choices[Number(event.key) - 1] : undefined;
      if (!choice || useOverlays.getState().count > 0) return;
      // Else it would be typed into the dialog's first field.
      event.preventDefault();
      choice.choose();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <main className="first" data-testid="first-run">
      <div className="first-in">
        <h1>{t('app.slogan')}</h1>
        <p className="q">{t('first.text')}</p>
        {choices.map((choice, index) => (
          <button
            key={choice.id}
            type="button"
            className="choice"
            data-testid={choice.id}
            ref={index === 0 ? focusAtOnce : null}
            onClick={choice.choose}
          >
            <span className="ic">
              <Icon of={choice.icon} size="l" />
            </span>
            <span>
              <b>{t(choice.title)}</b>
              <span className="q">{t(choice.text)}</span>
            </span>
            <kbd>{index + 1}</kbd>
          </button>
        ))}
        <div className="first-foot">
          <Segmented
            label={t('settings.language')}
            value={language}
            onChange={(value) => void updateSettings({ language: value })}
            options={[
              { value: 'en', label: 'English' },
              { value: 'ru', label: 'Русский' },
            ]}
          />
          <Segmented
            label={t('settings.theme')}
            value={theme}
            onChange={(value) => void updateSettings({ theme: value })}
            options={[
              { value: 'system', label: t('settings.system') },
              { value: 'light', label: t('settings.light') },
              { value: 'dark', label: t('settings.dark') },
            ]}
          />
          <span className="grow" />
          <span className="cap">{t('first.version', { version })}</span>
        </div>
      </div>
    </main>
  );
}
