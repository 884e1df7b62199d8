import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { SavedAccount } from '../account.ts';
import { Mailbox } from '../mailbox.ts';
import type { SavedMailbox, StoredMessage } from '../mailbox.ts';
import {
  accountFile,
  letterFile,
  mailboxFile,
  mailboxFolder,
  readBytes,
  readText,
  uidOfFile,
} from './files.ts';
import { accountState, mailboxState } from './schema.ts';
import type { MailboxState } from './schema.ts';

/** How far UIDs and MODSEQs jump after a run that ended in the middle: what was given out then is never given again. */
const LEAP = 10_000;

/** An account as it was left, and in which folder each mailbox is. */
export type LoadedAccount = SavedAccount & { readonly ids: ReadonlyMap<Mailbox, number> };

/**
 * Read the folder of an account; undefined where there is none yet. What cannot be read is set aside, so that
 * the server always starts and nothing is thrown away.
 */
export async function loadAccount(folder: string, now: Date): Promise<LoadedAccount | undefined> {
  try {
    const text = await readText(accountFile(folder));
    if (text === undefined) return undefined;
    const state = accountState.parse(JSON.parse(text));
    const ids = new Map<Mailbox, number>();
    const mailboxes: SavedAccount['mailboxes'][number][] = [];
    for (const { name, id, use } of state.mailboxes) {
      const mailbox = await loadMailbox(mailboxFolder(folder, id), now);
      ids.set(mailbox, id);
      mailboxes.push({ name, use, mailbox });
    }
    return { mailboxes, subscriptions: state.subscriptions, ids };
  } catch {
    await rename(folder, `${folder}-unreadable-${now.getTime()}`);
    return undefined;
  }
}

async function loadMailbox(folder: string, now: Date): Promise<Mailbox> {
  const known = await readState(folder);
  const listed = new Map((known?.messages ?? []).map((message) => [message.uid, message]));
  const uids = await uidsIn(folder);
  const messages: StoredMessage[] = [];
  // The list may be a moment older than the letters: one that is missing was removed, one that is not listed is new.
  for (const uid of uids) {
    const raw = await readBytes(letterFile(folder, uid));
    if (!raw || raw.length === 0) continue;
    const { date, flags, modseq } = listed.get(uid) ?? { date: now.getTime(), flags: [], modseq: 0 };
    messages.push({ uid, raw, internalDate: new Date(date), flags: new Set(flags), modseq });
  }
  return known ? new Mailbox(now, settle(known, messages)) : recovered(messages, now);
}

function settle(known: MailboxState, messages: StoredMessage[]): SavedMailbox {
  const { uidValidity, recentFrom, keywords } = known;
  const asListed = messages.length === known.messages.length && messages.every(({ modseq }) => modseq > 0);
  if (known.clean && asListed)
    return { uidValidity, recentFrom, keywords, messages, uidNext: known.uidNext, modseq: known.modseq };
  // A client may have heard of changes that are lost: every message counts as changed.
  const modseq = known.modseq + LEAP;
  return {
    uidValidity,
    recentFrom,
    keywords,
    messages: messages.map((message) => ({ ...message, modseq })),
    uidNext: Math.max(known.uidNext, ...messages.map(({ uid }) => uid + 1)) + LEAP,
    modseq,
  };
}

/** Letters without their list: they come as new ones, with another UIDVALIDITY. */
function recovered(messages: readonly StoredMessage[], now: Date): Mailbox {
  const mailbox = new Mailbox(now);
  for (const { raw, flags, internalDate } of messages) mailbox.append(raw, flags, internalDate);
  return mailbox;
}

async function readState(folder: string): Promise<MailboxState | undefined> {
  const path = mailboxFile(folder);
  const text = await readText(path);
  if (text === undefined) return undefined;
  try {
    return mailboxState.parse(JSON.parse(text));
  } catch {
    await rename(path, join(folder, 'mailbox-unreadable.json'));
    return undefined;
  }
}

async function uidsIn(folder: string): Promise<number[]> {
  try {
    const uids = (await readdir(folder)).map(uidOfFile).filter((uid) => uid !== undefined);
    return uids.sort((a, b) => a - b);
  } catch {
    return [];
  }
}
