import { useText } from '../text/text.ts';
import { Modal } from './modal.tsx';

/** Asks before the few things that have no undo: what happens, one way back, one red button. */
export function Confirm(props: {
  title: string;
  text: string;
  /** The word on the button that does it. */
  action: string;
  /** Begins the test ids of the dialog and its button. */
  name: string;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const { t } = useText();
  return (
    <Modal
      title={props.title}
      text={props.text}
      width={460}
      role="alertdialog"
      testId={`${props.name}-dialog`}
      onClose={props.onClose}
      footer={
        <>
          <span className="grow" />
          <button type="button" className="btn big" onClick={props.onClose}>
            {t('common.cancel')}
          </button>
          <button
            type="button"
            className="btn big danger fill"
            data-testid={`${props.name}-confirm`}
            onClick={() => {
              props.onClose();
              props.onConfirm();
            }}
          >
            {props.action}
          </button>
        </>
      }
    />
  );
}
