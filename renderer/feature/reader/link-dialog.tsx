import { copyText } from '../../state/copy.ts';
import { ask } from '../../state/request.ts';
import { showDialog } from '../../state/store.ts';
import { useText } from '../../text/text.ts';
import { Modal } from '../../ui/modal.tsx';

/** Splits an address around its host, which is what decides where it leads. */
function around(url: string): [string, string, string] {
  try {
    const host = new URL(url).hostname;
    const at = url.toLowerCase().indexOf(host.toLowerCase(), url.indexOf('//') + 1);
    if (host === '' || at < 0) return [url, '', ''];
    return [url.slice(0, at), url.slice(at, at + host.length), url.slice(at + host.length)];
  } catch {
    return [url, '', ''];
  }
}

/** Shows a pressed link in full before anything happens with it. */
export function LinkDialog(props: { url: string }) {
  const { t } = useText();
  const [before, host, after] = around(props.url);
  const close = () => showDialog(null);
  return (
    <Modal
      title={t('link.title')}
      text={t('link.text')}
      width={560}
      testId="link-dialog"
      onClose={close}
      footer={
        <>
          <span className="grow" />
          <button type="button" className="btn big" onClick={close}>
            {t('common.cancel')}
          </button>
          <button
            type="button"
            className="btn big"
            data-testid="link-copy"
            onClick={() => {
              void copyText(props.url);
              close();
            }}
          >
            {t('link.copy')}
          </button>
          <button
            type="button"
            className="btn big main"
            data-testid="link-open"
            onClick={() => {
              close();
              void ask('link.open', { url: props.url });
            }}
          >
            {t(props.url.startsWith('mailto:') ? 'link.write' : 'link.open')}
          </button>
        </>
      }
    >
      <p className="url selectable" style={{ marginTop: 0 }} data-testid="link-url">
        {before}
        <b>{host}</b>
        {after}
      </p>
    </Modal>
  );
}
