import type { ReactNode } from 'react';
import { Dialog, Heading, Modal as AriaModal, ModalOverlay } from 'react-aria-components';
import { useOverlay } from '../state/overlays.ts';

interface ModalProps {
  title: string;
  text?: ReactNode;
  width: number;
  onClose: () => void;
  footer?: ReactNode;
  testId?: string;
  role?: 'dialog' | 'alertdialog';
  children?: ReactNode;
}

/** A dialog over the window: a title, what it says, its content, and buttons at the foot. */
export function Modal(props: ModalProps) {
  useOverlay();
  return (
    <ModalOverlay
      className="scrim"
      isOpen
      isDismissable={props.role !== 'alertdialog'}
      shouldCloseOnInteractOutside={() => false}
      onOpenChange={(open) => {
        if (!open) props.onClose();
      }}
    >
      <AriaModal className="dlg-box">
        <Dialog
          className="dlg"
          style={{ width: props.width }}
          role={props.role ?? 'dialog'}
          data-testid={props.testId}
        >
          <header>
            <Heading slot="title" level={1}>
              {props.title}
            </Heading>
            {props.text === undefined ? null : <p>{props.text}</p>}
          </header>
          <div className="in">{props.children}</div>
          {props.footer === undefined ? null : <footer>{props.footer}</footer>}
        </Dialog>
      </AriaModal>
    </ModalOverlay>
  );
}
