import type { Deed } from '../../shared/model/operation.ts';
import { bridge } from '../bridge.ts';
import { ask } from './request.ts';
import { searchAgain } from './search.ts';
import { dismissUndo, showToast } from './toasts.ts';
import { newestToUndo } from './undoable.ts';

/** So far back the newest is looked for that can be undone. */
const BACK = 50;

/** What the program did by itself, such as marking as read: Ctrl+Z is for what a person did. */
const quiet = new Set<number>();

/** The number of what was just done with messages or mailboxes; a message may have been marked as read meanwhile. */
export async function newestDeed(): Promise<number | undefined> {
  return (await newest()).find((deed) => deed.kind !== 'flag')?.id;
}

/** Says that the newest marking as read was not the person's own. */
export async function hushRead(): Promise<void> {
  const deed = (await newest()).find((one) => one.kind === 'flag' && one.set?.join() === 'seen');
  if (deed) quiet.add(deed.id);
}

async function newest(): Promise<readonly Deed[]> {
  const reply = await bridge.request('deed.list', { limit: 5 });
  return reply.ok ? reply.result : [];
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
