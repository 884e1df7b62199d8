import type { AccountId, MailboxId, MessageKey } from '../../shared/model/ids.ts';
import type { MessageRow } from '../../shared/model/message.ts';
import { MailError } from '../../shared/contract/mail-error.ts';
import type { Accounts } from './accounts.ts';
import { deleteMessages } from './delete-messages.ts';
import type { Ports } from './ports.ts';

/** Letters taken into another account at a time. */
const BATCH = 20;

/**
 * Copies or moves messages. Into another account they are put whole; moved, what was there goes to that account's Trash only
 * when they are on this disk: at no time are they nowhere.
 * @throws MailError
 */
export async function transfer(
  ports: Ports,
  accounts: Accounts,
  how: 'copy' | 'move',
  { ids, mailbox }: { ids: MessageKey[]; mailbox: MailboxId },
): Promise<void> {
  const { store, events } = ports;
  const { near, far, owner } = await divide(ports, ids, mailbox);
  if (near.length > 0) events.publish('delta', await store[how](near, mailbox));
  await carry(ports, accounts, far, mailbox);
  const left = far.map((row) => row.id);
  if (how === 'move' && left.length > 0) await deleteMessages(ports, accounts, left);
  accounts.poke([owner]);
}

async function divide(
  { store }: Ports,
  ids: MessageKey[],
  mailbox: MailboxId,
): Promise<{ near: MessageKey[]; far: MessageRow[]; owner: AccountId }> {
  const { mailboxes } = await store.snapshot();
  const owner = mailboxes.find((one) => one.id === mailbox)?.account;
  if (owner === undefined) throw new MailError('not-found', 'there is no such mailbox');
  const rows = await store.rows(ids);
  return {
    near: rows.filter((row) => row.account === owner).map((row) => row.id),
    far: rows.filter((row) => row.account !== owner),
    owner,
  };
}

async function carry(
  { store, events }: Ports,
  accounts: Accounts,
  rows: MessageRow[],
  mailbox: MailboxId,
): Promise<void> {
  for (let at = 0; at < rows.length; at += BATCH) {
    const letters = [];
    for (const { id, flags, keywords = [], date } of rows.slice(at, at + BATCH))
      letters.push({ bytes: await accounts.raw(id), flags, keywords, date });
    const { delta } = await store.importLetters(mailbox, letters);
    events.publish('delta', delta);
  }
  if (rows.length > 0) await accounts.readNew();
}
