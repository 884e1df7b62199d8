import type { MailboxId, MessageKey } from '../../shared/model/ids.ts';
import type { Flag } from '../../shared/model/message.ts';
import { hushRead, newestDeed } from './deeds.ts';
import { forbiddenIn, type Right } from './mailbox-rules.ts';
import { ask } from './request.ts';
import { stepPast } from './select.ts';
import { showDialog, useApp } from './store.ts';
import { showToast } from './toasts.ts';

/** One request takes this many keys at most. */
const CHUNK = 10_000;

async function inChunks(
  ids: readonly MessageKey[],
  each: (part: MessageKey[]) => Promise<{ ok: boolean }>,
): Promise<boolean> {
  for (let i = 0; i < ids.length; i += CHUNK) {
    const reply = await each(ids.slice(i, i + CHUNK));
    if (!reply.ok) return false;
  }
  return true;
}

/** The same, with the numbers by which it can be undone; null when it was not done. */
async function asDeeds(
  ids: readonly MessageKey[],
  each: (part: MessageKey[]) => Promise<{ ok: boolean }>,
): Promise<number[] | null> {
  const deeds: number[] = [];
  const done = await inChunks(ids, async (part) => {
    const reply = await each(part);
    const deed = reply.ok ? await newestDeed() : undefined;
    if (deed !== undefined) deeds.push(deed);
    return reply;
  });
  return done ? deeds : null;
}

/** Says why it can't be done, where the server does not let the person do it. */
function isForbidden(ids: readonly MessageKey[], right: Right): boolean {
  const forbidden = forbiddenIn(useApp.getState(), ids).includes(right);
  if (forbidden) showToast({ kind: 'forbidden', right });
  return forbidden;
}

/** Sets or clears a flag: sets it unless every one of the messages has it. */
export async function toggleFlag(ids: readonly MessageKey[], flag: Flag): Promise<void> {
  if (ids.length === 0 || isForbidden(ids, flag === 'seen' ? 's' : 'w')) return;
  const { rows } = useApp.getState();
  const all = ids.every((id) => rows.get(id)?.flags.includes(flag));
  await setFlag(ids, flag, !all);
}

/** Marks a message as read that was shown for a while: nothing that Ctrl+Z is for. */
export async function markRead(id: MessageKey): Promise<void> {
  if (forbiddenIn(useApp.getState(), [id]).includes('s')) return;
  await setFlag([id], 'seen', true);
  await hushRead();
}

/** Sets or clears one flag. */
async function setFlag(ids: readonly MessageKey[], flag: Flag, on: boolean): Promise<void> {
  await inChunks(ids, (part) =>
    ask('message.flag', { ids: part, set: on ? [flag] : [], clear: on ? [] : [flag] }),
  );
}

/** Puts a tag on messages, or takes it off. */
export async function setTag(ids: readonly MessageKey[], tag: string, on: boolean): Promise<void> {
  await inChunks(ids, (part) =>
    ask('message.tag', { ids: part, add: on ? [tag] : [], remove: on ? [] : [tag] }),
  );
}

/** The mailbox each message is in, as far as this window knows. */
function mailboxOf(id: MessageKey): MailboxId | undefined {
  const { rows, view } = useApp.getState();
  return rows.get(id)?.mailbox ?? (view.kind === 'mailbox' ? view.mailbox : undefined);
}

function placesOf(ids: readonly MessageKey[]): Map<MessageKey, MailboxId> {
  const places = new Map<MessageKey, MailboxId>();
  for (const id of ids) {
    const mailbox = mailboxOf(id);
    if (mailbox !== undefined) places.set(id, mailbox);
  }
  return places;
}

/** Moves to Trash with an undo; what is in Trash already cannot come back, so that is asked first. */
export async function deleteMessages(ids: readonly MessageKey[], confirmed = false): Promise<void> {
  if (ids.length === 0 || isForbidden(ids, 't')) return;
  const places = placesOf(ids);
  const trash = new Set(useApp.getState().mailboxes.flatMap((box) => (box.role === 'trash' ? [box.id] : [])));
  const forGood = ids.some((id) => trash.has(places.get(id) as MailboxId));
  if (forGood && !confirmed) return showDialog({ kind: 'delete', ids });
  stepPast(ids);
  const deeds = await asDeeds(ids, (part) => ask('message.delete', { ids: part }));
  if (deeds) showToast({ kind: 'deleted', count: ids.length, deeds: forGood ? [] : deeds });
}

/** Moves messages to a mailbox, or copies them there, with an undo. */
export async function moveMessages(
  ids: readonly MessageKey[],
  mailbox: MailboxId,
  copy = false,
): Promise<void> {
  if (ids.length === 0) return;
  if (!copy) stepPast(ids);
  const deeds = await asDeeds(ids, (part) =>
    ask(copy ? 'message.copy' : 'message.move', { ids: part, mailbox }),
  );
  const box = useApp.getState().mailboxes.find((one) => one.id === mailbox);
  if (!deeds || !box) return;
  showToast({ kind: copy ? 'copied-to' : 'moved', count: ids.length, mailbox: box, deeds });
}

/** Asks main to write the exact bytes to a file the person chooses. */
export async function saveRaw(id: MessageKey): Promise<void> {
  const reply = await ask('message.saveRaw', { id });
  if (reply.ok && reply.result !== null) showToast({ kind: 'saved', path: reply.result });
}
