import type { MailboxId, MessageKey } from '../../shared/model/ids.ts';
import type { Flag } from '../../shared/model/message.ts';
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

/** Sets or clears a flag: sets it unless every one of the messages has it. */
export async function toggleFlag(ids: readonly MessageKey[], flag: Flag): Promise<void> {
  if (ids.length === 0) return;
  const { rows } = useApp.getState();
  const all = ids.every((id) => rows.get(id)?.flags.includes(flag));
  await setFlag(ids, flag, !all);
}

/** Sets or clears one flag. */
export async function setFlag(ids: readonly MessageKey[], flag: Flag, on: boolean): Promise<void> {
  await inChunks(ids, (part) =>
    ask('message.flag', { ids: part, set: on ? [flag] : [], clear: on ? [] : [flag] }),
  );
}

/** The mailbox each message is in, as far as this window knows. */
function mailboxOf(id: MessageKey): MailboxId | undefined {
  const { rows, view } = useApp.getState();
  return rows.get(id)?.mailbox ?? (view.kind === 'mailbox' ? view.mailbox : undefined);
}

/** Puts messages back where they were. */
function undoTo(from: ReadonlyMap<MessageKey, MailboxId>): () => void {
  return () => {
    for (const mailbox of new Set(from.values())) {
      const ids = [...from.keys()].filter((id) => from.get(id) === mailbox);
      void inChunks(ids, (part) => ask('message.move', { ids: part, mailbox }));
    }
  };
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
  if (ids.length === 0) return;
  const places = placesOf(ids);
  const trash = new Set(useApp.getState().mailboxes.flatMap((box) => (box.role === 'trash' ? [box.id] : [])));
  const forGood = ids.some((id) => trash.has(places.get(id) as MailboxId));
  if (forGood && !confirmed) return showDialog({ kind: 'delete', ids });
  stepPast(ids);
  const done = await inChunks(ids, (part) => ask('message.delete', { ids: part }));
  if (!done) return;
  showToast({ kind: 'deleted', count: ids.length, ...(forGood ? {} : { undo: undoTo(places) }) });
}

/** Moves messages to a mailbox, with an undo. */
export async function moveMessages(ids: readonly MessageKey[], mailbox: MailboxId): Promise<void> {
  if (ids.length === 0) return;
  const places = placesOf(ids);
  stepPast(ids);
  const done = await inChunks(ids, (part) => ask('message.move', { ids: part, mailbox }));
  const box = useApp.getState().mailboxes.find((one) => one.id === mailbox);
  if (done) showToast({ kind: 'moved', count: ids.length, mailbox: box?.name ?? '', undo: undoTo(places) });
}

/** Asks main to write the exact bytes to a file the person chooses. */
export async function saveRaw(id: MessageKey): Promise<void> {
  const reply = await ask('message.saveRaw', { id });
  if (reply.ok && reply.result !== null) showToast({ kind: 'saved', path: reply.result });
}
