import { AtSign } from 'lucide-react';
import { useEffect } from 'react';
import { useOverlays } from '../../state/overlays.ts';
import { languageOf, updateSettings } from '../../state/settings.ts';
import { showDialog, useApp } from '../../state/store.ts';
import { useText } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import './accounts.css';
import { focusAtOnce } from '../../ui/focus.ts';

const add = () => showDialog({ kind: 'add-account' });

/** What there is before there is any mail. */
export function FirstRun() {
  const { t } = useText();
  const version = useApp((state) => state.version);
  const theme = useApp((state) => state.settings.theme);
  const language = useApp(languageOf);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '1' || useOverlays.getState().count > 0) return;
      // Else it would be typed into the dialog's first field.
      event.preventDefault();
      add();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <main className="first" data-testid="first-run">
      <div className="first-in">
        <h1>{t('app.slogan')}</h1>
        <p className="q">{t('first.text')}</p>
        <button
          type="button"
          className="choice"
          data-testid="add-account-open"
          ref={focusAtOnce}
          onClick={add}
        >
          <span className="ic">
            <Icon of={AtSign} size="l" />
          </span>
          <span>
            <b>{t('first.add')}</b>
            <span className="q">{t('first.addText')}</span>
          </span>
          <kbd>1</kbd>
        </button>
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
