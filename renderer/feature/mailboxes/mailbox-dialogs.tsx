import { useState, type FormEvent } from 'react';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { Mailbox } from '../../../shared/model/mailbox.ts';
import { createMailbox, deleteMailbox, renameMailbox } from '../../state/mailbox-actions.ts';
import { parentOf, placesFor, subtree } from '../../state/mailbox-rules.ts';
import { focusPane } from '../../state/panes.ts';
import { showDialog, useApp } from '../../state/store.ts';
import { count } from '../../text/format.ts';
import { mailboxName } from '../../text/mailbox-name.ts';
import { useText, type Say } from '../../text/text.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { focusAtOnce } from '../../ui/focus.ts';
import { Modal } from '../../ui/modal.tsx';
import { nameFault } from './name-fault.ts';
import { PlacePicker } from './place-picker.tsx';

const close = () => showDialog(null);

/** The dialogs about mailboxes, whichever is open. */
export function MailboxDialogs() {
  const dialog = useApp((state) => state.dialog);
  const mailboxes = useApp((state) => state.mailboxes);
  if (dialog?.kind === 'new-mailbox')
    return <NewMailbox account={dialog.account} parent={mailboxes.find((one) => one.id === dialog.parent)} />;
  const id = dialog && 'mailbox' in dialog ? dialog.mailbox : undefined;
  const box = mailboxes.find((one) => one.id === id);
  if (!box) return null;
  if (dialog?.kind === 'rename-mailbox') return <RenameMailbox box={box} />;
  if (dialog?.kind === 'move-mailbox') return <MoveMailbox box={box} />;
  return <DeleteMailbox box={box} />;
}

function NewMailbox(props: { account: AccountId; parent: Mailbox | undefined }) {
  const { t } = useText();
  const { account, parent } = props;
  const email = useApp((state) => state.accounts.find((one) => one.id === account)?.email ?? '');
  return (
    <NameForm
      title={t('mailbox.newTitle')}
      text={t('mailbox.newIn', { place: parent ? mailboxName(parent, t) : email })}
      action={t('mailbox.make')}
      name=""
      account={account}
      parent={parent}
      onName={(name) => createMailbox(account, name, parent?.id)}
    />
  );
}

function RenameMailbox(props: { box: Mailbox }) {
  const { t } = useText();
  const { box } = props;
  const parent = useApp((state) => parentOf(box, state.mailboxes));
  return (
    <NameForm
      title={t('mailbox.renameTitle', { name: box.name })}
      action={t('mailbox.renameDo')}
      name={box.name}
      account={box.account}
      parent={parent}
      onName={(name) => renameMailbox(box.id, name)}
    />
  );
}

interface NameFormProps {
  title: string;
  text?: string;
  action: string;
  name: string;
  account: AccountId;
  /** Above it. */
  parent: Mailbox | undefined;
  /** @returns whether it was done */
  onName: (name: string) => Promise<boolean>;
}

function NameForm(props: NameFormProps) {
  const { t } = useText();
  const [name, setName] = useState(props.name);
  const fault = useApp((state) => {
    const near = state.mailboxes.filter((one) => one.account === props.account);
    return nameFault(name, near, props.parent, props.name);
  });
  const trimmed = name.trim();
  const ready = trimmed !== '' && trimmed !== props.name && fault === undefined;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    close();
    await props.onName(trimmed);
    focusPane('mailboxes');
  };
  return (
    <Modal
      title={props.title}
      {...(props.text === undefined ? {} : { text: props.text })}
      width={400}
      testId="mailbox-name-dialog"
      onClose={close}
      footer={
        <>
          <span className="grow" />
          <button type="button" className="btn big" onClick={close}>
            {t('common.cancel')}
          </button>
          <button
            type="submit"
            form="mailbox-form"
            className="btn big main"
            data-testid="mailbox-name-do"
            disabled={!ready}
          >
            {props.action}
          </button>
        </>
      }
    >
      <form id="mailbox-form" onSubmit={(event) => void submit(event)}>
        <label>
          <span className="lab_">{t('mailbox.name')}</span>
          <input
            className={`input ${fault === undefined ? '' : 'bad'}`}
            ref={focusAtOnce}
            onFocus={(event) => event.target.select()}
            maxLength={250}
            spellCheck={false}
            data-testid="mailbox-name"
            aria-invalid={fault !== undefined}
            aria-describedby="mailbox-fault"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <p id="mailbox-fault" className="hint" role="status">
          {fault === undefined ? '' : faultWords(fault, t)}
        </p>
      </form>
    </Modal>
  );
}

function faultWords(fault: string, t: Say): string {
  return fault === 'taken' ? t('mailbox.takenName') : t('mailbox.badName', { character: fault });
}

function MoveMailbox(props: { box: Mailbox }) {
  const { t } = useText();
  const { box } = props;
  const all = useApp((state) => state.mailboxes);
  const email = useApp((state) => state.accounts.find((one) => one.id === box.account)?.email ?? '');
  const places = placesFor(box, all);
  return (
    <Modal
      title={t('mailbox.moveTitle', { name: box.name })}
      text={places.length === 0 ? t('mailbox.nowhere') : t('mailbox.moveText')}
      width={380}
      testId="mailbox-move-dialog"
      onClose={close}
      footer={
        <>
          <span className="grow" />
          <button type="button" className="btn big" onClick={close}>
            {t('common.cancel')}
          </button>
        </>
      }
    >
      <PlacePicker
        places={places.map((place) => ({
          id: place?.id ?? 0,
          box: place,
          label: place ? mailboxName(place, t) : t('mailbox.top', { email }),
        }))}
        onPick={(id) => {
          close();
          void renameMailbox(box.id, box.name, places.find((one) => one?.id === id)?.id ?? null);
        }}
      />
    </Modal>
  );
}

function DeleteMailbox(props: { box: Mailbox }) {
  const { t, language } = useText();
  const { box } = props;
  const number = useApp((state) =>
    subtree(box, state.mailboxes).reduce(
      (sum, one) => sum + Math.max(one.total, one.onServer?.total ?? 0),
      0,
    ),
  );
  return (
    <Confirm
      name="delete-mailbox"
      title={t('mailbox.deleteTitle', { name: box.name })}
      text={
        number === 0
          ? t('mailbox.deleteEmpty')
          : t('mailbox.deleteText', { count: number, shown: count(number, language) })
      }
      action={t('mailbox.deleteDo')}
      onConfirm={() => void deleteMailbox(box, true)}
      onClose={close}
    />
  );
}
