import { bridge } from '../bridge.ts';
import { ask } from './request.ts';
import { searchAgain } from './search.ts';
import { dismissUndo, showToast } from './toasts.ts';
import { newestToUndo } from './undoable.ts';

/** So far back the newest is looked for that can be undone. */
const BACK = 50;

/** What the program did by itself, such as marking as read: Ctrl+Z is for what a person did. */
const quiet = new Set<number>();

/** The number of the newest deed: asked for just after it was done. */
export async function newestDeed(): Promise<number | undefined> {
  const reply = await bridge.request('deed.list', { limit: 1 });
  return reply.ok ? reply.result[0]?.id : undefined;
}

/** Says that the newest deed was not the person's own. */
export async function hushNewest(): Promise<void> {
  const id = await newestDeed();
  if (id !== undefined) quiet.add(id);
}

/** Undoes one deed. @returns whether it was done */
export async function undoDeed(id: number): Promise<boolean> {
  const reply = await ask('deed.undo', { id });
  if (reply.ok) {
    dismissUndo(id);
    searchAgain();
  }
  return reply.ok;
}

/** Undoes the newest deed, and says what it was. */
export async function undoNewest(): Promise<void> {
  const reply = await ask('deed.list', { limit: BACK });
  if (!reply.ok) return;
  const deed = newestToUndo(reply.result, quiet);
  if (!deed) return showToast({ kind: 'nothing-to-undo' });
  if (await undoDeed(deed.id)) showToast({ kind: 'undone', deed });
}
