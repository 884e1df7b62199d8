import { createHash } from 'node:crypto';
import type { Delta } from '../../shared/model/delta.ts';
import type { MailboxId } from '../../shared/model/ids.ts';
import { readEnvelope, type Envelope } from '../../shared/mail/envelope.ts';
import type { ArchivedLetter } from '../app/ports-store.ts';
import { change, type Context } from './context.ts';
import type { Database } from './database.ts';
import { queue } from './operations.ts';
import { insertMessage, listDate } from './message-rows.ts';
import { Refused } from './refused.ts';
import { flagBits, keywordText, MODE } from './rows.ts';

/**
 * Takes in letters from files. One that the mailbox holds already is left out. An IMAP account's server is told of each by
 * an operation of its own, so that one which it refuses holds up no other.
 * @throws Refused when the mailbox is gone or can't hold messages
 */
export function importLetters(
  context: Context,
  mailbox: MailboxId,
  letters: ArchivedLetter[],
): { added: number; skipped: number; delta: Delta } {
  const { db, segments } = context;
  const home = db.get(
    `SELECT b.account, b.selectable, b.role, ${MODE} FROM mailbox b JOIN account a ON a.id = b.account WHERE b.id = ?`,
    mailbox,
  );
  if (!home) throw new Refused('there is no such mailbox');
  if (home['selectable'] === 0 || home['role'] === 'outbox')
    throw new Refused('this mailbox can’t hold messages');
  const account = String(home['account']);
  const seen = new Set<string>();
  const fresh = letters
    .map((letter) => ({ letter, envelope: readEnvelope(letter.bytes) }))
    .filter(({ letter, envelope }) => {
      const sha256 = createHash('sha256').update(letter.bytes).digest();
      const name = sha256.toString('hex');
      if (seen.has(name) || isHeld(db, mailbox, letter, envelope, sha256)) return false;
      seen.add(name);
      return true;
    });
  const skipped = letters.length - fresh.length;
  if (fresh.length === 0) return { added: 0, skipped, delta: {} };
  const appended = segments.append(
    mailbox,
    account,
    fresh.map(({ letter }) => letter.bytes),
  );
  const { delta } = change(context, (changes) => {
    appended.commit();
    fresh.forEach(({ letter, envelope }, at) => {
      const place = appended.places[at];
      if (!place) throw new Error('nothing was stored');
      const received = letter.date ?? envelope.date ?? Date.now();
      const id = insertMessage(db, {
        mailbox,
        date: listDate(envelope, received),
        size: place.rawLength,
        flags: flagBits(letter.flags),
        keywords: keywordText(letter.keywords ?? []),
        envelope,
        place,
      });
      changes.message(id, mailbox);
      const row = { id, account, mode: home['mode'] };
      queue(db, changes, [row], { kind: 'append' });
      // Not every mailbox keeps tags: the letter goes there without them first.
      if (letter.keywords?.length)
        queue(db, changes, [row], { kind: 'flag', set: [], clear: [], tag: letter.keywords, untag: [] });
    });
  });
  return { added: fresh.length, skipped, delta };
}

/**
 * The same bytes have the same Message-ID, by which messages are found. One that is here by its header alone is taken for
 * the same when Message-ID and size agree, as everywhere: the server has it.
 */
function isHeld(
  db: Database,
  mailbox: number,
  letter: ArchivedLetter,
  { messageId }: Envelope,
  sha256: Buffer,
): boolean {
  // The plus keeps SQLite from reading the whole mailbox along its list.
  const same = `mailbox = ? AND +hidden = 0 AND (sha256 = ? OR (segment IS NULL AND uid IS NOT NULL AND message_id <> '' AND size = ?))`;
  const found =
    messageId === ''
      ? db.get(
          `SELECT 1 FROM message WHERE message_id = '' AND size = ? AND ${same} LIMIT 1`,
          letter.bytes.length,
          mailbox,
          sha256,
          letter.bytes.length,
        )
      : db.get(
          `SELECT 1 FROM message WHERE message_id = ? AND message_id <> '' AND ${same} LIMIT 1`,
          messageId,
          mailbox,
          sha256,
          letter.bytes.length,
        );
  return found !== undefined;
}
