import type { AccountId, MailboxId } from '../../shared/model/ids.ts';
import type { Keep, Mailbox } from '../../shared/model/mailbox.ts';
import { newestDeed } from './deeds.ts';
import { showView } from './list.ts';
import { goesForGood } from './mailbox-rules.ts';
import { ask } from './request.ts';
import { showDialog, useApp } from './store.ts';
import { showToast } from './toasts.ts';

/** Makes a mailbox and shows it. @returns whether it was made */
export async function createMailbox(account: AccountId, name: string, parent?: MailboxId): Promise<boolean> {
  const reply = await ask('mailbox.create', { account, name, ...(parent === undefined ? {} : { parent }) });
  if (reply.ok) await showView({ kind: 'mailbox', mailbox: reply.result });
  return reply.ok;
}

/** Gives a mailbox another name, or another place: `null` is the top of its account. */
export async function renameMailbox(
  mailbox: MailboxId,
  name: string,
  parent?: MailboxId | null,
): Promise<boolean> {
  const reply = await ask('mailbox.rename', { mailbox, name, ...(parent === undefined ? {} : { parent }) });
  return reply.ok;
}

/** Moves a mailbox into Trash with an undo; what would go for good is asked first. */
export async function deleteMailbox(box: Mailbox, confirmed = false): Promise<void> {
  const { mailboxes } = useApp.getState();
  if (!confirmed && goesForGood(box, mailboxes))
    return showDialog({ kind: 'delete-mailbox', mailbox: box.id });
  const reply = await ask('mailbox.delete', { mailbox: box.id });
  if (!reply.ok) return;
  const { gone } = reply.result;
  const deed = gone ? undefined : await newestDeed();
  showToast({ kind: 'mailbox-deleted', name: box.name, gone, deeds: deed === undefined ? [] : [deed] });
}

export async function subscribe(mailbox: MailboxId, subscribed: boolean): Promise<void> {
  await ask('mailbox.subscribe', { mailbox, subscribed });
}

export async function setExcluded(mailbox: MailboxId, excluded: boolean): Promise<void> {
  await ask('mailbox.set', { mailbox, excluded });
}

/** How much of a mailbox is kept here; null is what the account says. */
export async function setKeep(mailbox: MailboxId, keep: Keep | null): Promise<void> {
  await ask('mailbox.set', { mailbox, keep });
}
