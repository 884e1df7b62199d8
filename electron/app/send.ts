import type { DraftId } from '../../shared/model/ids.ts';
import { isSendable } from '../../shared/mail/address.ts';
import { MailError } from '../../shared/contract/mail-error.ts';
import type { Accounts } from './accounts.ts';
import type { Ports } from './ports.ts';

/**
 * Composes a draft, puts it durably into the outbox and starts sending.
 * @throws MailError `bad-request` when there is nobody to send it to, or an address can't be one
 */
export async function sendDraft(ports: Ports, accounts: Accounts, id: DraftId): Promise<void> {
  const { store, mime, events, shell } = ports;
  const draft = await store.draft(id);
  const account = draft && (await store.account(draft.account));
  if (!draft || !account) throw new MailError('not-found', 'this draft was sent or thrown away');
  const everyone = [...draft.to, ...draft.cc, ...draft.bcc];
  const wrong = everyone.find((one) => !isSendable(one.address));
  if (everyone.length === 0) throw new MailError('bad-request', 'there is no recipient');
  if (wrong) throw new MailError('bad-request', `${wrong.address || wrong.name} is not an address`);
  const letter = await mime.compose({
    draft,
    from: { name: account.name, address: account.email },
    attachments: await store.attachments(id),
    date: Date.now(),
  });
  const digest = await mime.digest(letter.bytes);
  const { delta } = await store.enqueue({ draft: id, account: account.id, digest, ...letter });
  events.publish('delta', delta);
  events.publish('draftGone', { draft: id });
  shell.closeComposer(id);
  void accounts.outbox.drain(account);
}
