import type { ReactNode } from 'react';
import { updateSettings } from '../../state/settings.ts';
import { showDialog, useApp } from '../../state/store.ts';
import { useText } from '../../text/text.ts';
import { Modal } from '../../ui/modal.tsx';
import { Segmented } from '../../ui/segmented.tsx';

/** Theme, density and language; each takes hold at once. */
export function SettingsDialog() {
  const { t } = useText();
  const settings = useApp((state) => state.settings);
  const close = () => showDialog(null);
  return (
    <Modal
      title={t('settings.title')}
      width={600}
      testId="settings-dialog"
      onClose={close}
      footer={
        <>
          <span className="grow" />
          <button type="button" className="btn big main" onClick={close}>
            {t('common.done')}
          </button>
        </>
      }
    >
      <Row label={t('settings.theme')} hint={t('settings.themeHint')}>
        <Segmented
          label={t('settings.theme')}
          value={settings.theme}
          onChange={(theme) => void updateSettings({ theme })}
          options={[
            { value: 'system', label: t('settings.system') },
            { value: 'light', label: t('settings.light') },
            { value: 'dark', label: t('settings.dark') },
          ]}
        />
      </Row>
      <Row label={t('settings.density')} hint={t('settings.densityHint')}>
        <Segmented
          label={t('settings.density')}
          value={settings.density}
          onChange={(density) => void updateSettings({ density })}
          options={[
            { value: 'comfortable', label: t('settings.comfortable') },
            { value: 'compact', label: t('settings.compact') },
          ]}
        />
      </Row>
      <Row label={t('settings.language')} hint={t('settings.languageHint')}>
        <Segmented
          label={t('settings.language')}
          value={settings.language}
          onChange={(language) => void updateSettings({ language })}
          options={[
            { value: 'system', label: t('settings.system') },
            { value: 'en', label: 'English' },
            { value: 'ru', label: 'Русский' },
          ]}
        />
      </Row>
    </Modal>
  );
}

function Row(props: { label: string; hint: string; children: ReactNode }) {
  return (
    <div className="srow">
      <div>
        <div>{props.label}</div>
        <p>{props.hint}</p>
      </div>
      {props.children}
    </div>
  );
}
