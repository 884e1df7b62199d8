import type { DraftId, MessageKey } from '../../shared/model/ids.ts';
import { isSendable } from '../../shared/mail/address.ts';
import { MailError } from '../../shared/contract/mail-error.ts';
import type { Accounts } from './accounts.ts';
import type { Ports } from './ports.ts';
import { crashPoint } from '../fault/crash-point.ts';

/** Puts a draft durably into the outbox, closes its window and starts sending. @throws MailError as `enqueueDraft` */
export async function sendDraft(ports: Ports, accounts: Accounts, id: DraftId): Promise<void> {
  const account = await ports.store.account((await draftOf(ports, id)).account);
  await enqueueDraft(ports, id);
  ports.shell.closeComposer(id);
  if (account) void accounts.outbox.drain(account);
}

/**
 * Composes a draft and puts it durably into the outbox.
 * @throws MailError `bad-request` when there is nobody to send it to, or an address can't be one
 */
export async function enqueueDraft(ports: Ports, id: DraftId): Promise<MessageKey> {
  const { store, mime, events } = ports;
  const draft = await draftOf(ports, id);
  const account = await store.account(draft.account);
  if (!account) throw new MailError('not-found', 'its account was removed');
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
  crashPoint('send.composed');
  const digest = await mime.digest(letter.bytes);
  const { key, delta } = await store.enqueue({ draft: id, account: account.id, digest, ...letter });
  events.publish('delta', delta);
  crashPoint('send.queued');
  events.publish('draftGone', { draft: id });
  return key;
}

async function draftOf({ store }: Ports, id: DraftId) {
  const draft = await store.draft(id);
  if (!draft) throw new MailError('not-found', 'this draft was sent or thrown away');
  return draft;
}
