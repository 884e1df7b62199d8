import type { CommandArgument, Letter, Verdict } from '../../shared/contract/command.ts';
import { MailError } from '../../shared/contract/mail-error.ts';
import type { Account } from '../../shared/model/account.ts';
import type { AccountId } from '../../shared/model/ids.ts';
import { isSendable } from '../../shared/mail/address.ts';
import type { Accounts } from './accounts.ts';
import type { Ports } from './ports.ts';
import { enqueueDraft } from './send.ts';

/** Writes a letter without a window and sends it. @throws MailError `bad-request` when nobody could get it */
export async function sendLetter(ports: Ports, accounts: Accounts, letter: Letter): Promise<Verdict> {
  const { store, events } = ports;
  const account = await sender(ports, letter.account);
  const { draft } = await store.createDraft({
    account: account.id,
    to: letter.to,
    cc: letter.cc,
    bcc: letter.bcc,
    subject: letter.subject,
    format: 'plain',
    body: letter.text,
    inReplyTo: '',
    references: '',
  });
  try {
    if (letter.attachments.length > 0) await store.attach(draft.id, letter.attachments);
    const key = await enqueueDraft(ports, draft.id);
    return await accounts.outbox.attempt(account, key);
  } catch (thrown) {
    // Nobody sees this draft: what could not be queued is still in the hands of who gave it.
    events.publish('delta', await store.discardDraft(draft.id));
    throw thrown;
  }
}

/** Sends a message that came whole. @throws MailError `bad-request` when nobody could get it */
export async function submitMessage(
  ports: Ports,
  accounts: Accounts,
  given: CommandArgument<'letter.submit'>,
): Promise<Verdict> {
  const { store, mime, events } = ports;
  const account = await sender(ports, given.account);
  const letter = await mime.complete({
    bytes: given.bytes,
    to: given.to,
    recipientsInHeader: given.recipientsInHeader,
    from: { name: account.name, address: account.email },
    date: Date.now(),
  });
  if (letter.envelope.to.length === 0) throw new MailError('bad-request', 'there is no recipient');
  const wrong = letter.envelope.to.find((one) => !isSendable(one));
  if (wrong !== undefined) throw new MailError('bad-request', `${wrong} is not an address`);
  const digest = await mime.digest(letter.bytes);
  const { key, delta } = await store.enqueue({ account: account.id, digest, ...letter });
  events.publish('delta', delta);
  return accounts.outbox.attempt(account, key);
}

async function sender({ store }: Ports, id: AccountId): Promise<Account> {
  const account = await store.account(id);
  if (!account) throw new MailError('not-found', 'there is no such account');
  if (!account.smtp) throw new MailError('no-submission-server', account.email);
  return account;
}
