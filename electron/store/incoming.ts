import { createHash } from 'node:crypto';
import type { Delta } from '../../shared/model/delta.ts';
import type { MailboxId } from '../../shared/model/ids.ts';
import { readEnvelope, type Envelope } from '../../shared/mail/envelope.ts';
import type { IncomingMessage, MailboxChange } from '../app/ports-engine.ts';
import type { Changes } from './changes.ts';
import { adopt, holdsUidl, noteCollected, orphan, renamed, rowToFill, uidlOf } from './collected.ts';
import { change, type Context } from './context.ts';
import type { Database } from './database.ts';
import type { Place } from './mbox/segments.ts';
import { insertMessage, listDate } from './message-rows.ts';
import { flagBits, keywordText } from './rows.ts';
import { indexMessage } from './search/index-message.ts';

interface Ready {
  incoming: IncomingMessage;
  envelope: Envelope;
  place: Place | undefined;
}

/**
 * Takes in what a server told of a mailbox: bytes are on disk before the transaction, POP3's UIDL state and the
 * message are in the same one.
 */
export function apply(context: Context, mailbox: MailboxId, told: MailboxChange): Delta {
  const { db, segments } = context;
  const owner = db.get('SELECT account, uid_validity FROM mailbox WHERE id = ?', mailbox);
  // The account may have been removed while its server was still talking.
  if (!owner) return {};
  const account = String(owner['account']);
  // After a reset a UID says nothing about what is here.
  const fresh = told.added.filter(
    (one) => told.reset === true || !isKnown(context, mailbox, account, one, told.lost),
  );
  // Where another copy of the letter is here, its bytes are not put down a second time.
  const places = new Map<IncomingMessage, Place | undefined>();
  for (const one of fresh) if (one.whole) places.set(one, heldAlready(db, account, one));
  const whole = [...places].flatMap(([one, place]) => (place === undefined ? [one] : []));
  const appended =
    whole.length > 0
      ? segments.append(
          mailbox,
          account,
          whole.map((one) => one.bytes),
        )
      : undefined;
  for (const [at, one] of whole.entries()) places.set(one, appended?.places[at]);
  return change(context, (changes) => {
    appended?.commit();
    if (told.reset) forgetUids(context, changes, mailbox);
    for (const one of told.added)
      if (one.uid === undefined && one.whole && !fresh.includes(one)) adopt(context, account, one, told.lost);
    for (const incoming of fresh) {
      put(context, changes, mailbox, account, {
        incoming,
        envelope: readEnvelope(incoming.bytes),
        place: places.get(incoming),
      });
    }
    for (const { uid, flags, keywords } of told.flags)
      putFlags(context, changes, {
        mailbox,
        uid,
        bits: flagBits(flags),
        keywords: keywords && keywordText(keywords),
      });
    for (const uid of told.removed) dropUid(context, changes, mailbox, uid);
    if (told.cursor) {
      const { uidValidity, highestModseq = null } = told.cursor;
      // Flags that were told of a message whose own change waits were left out: they have to be told once more.
      const waits = db.get(
        `SELECT 1 FROM operation p JOIN operation_message o ON o.operation = p.id JOIN message m ON m.id = o.message
         WHERE p.account = ? AND p.kind = 'flag' AND m.uid_mailbox = ?`,
        account,
        mailbox,
      );
      db.run(
        'UPDATE mailbox SET uid_validity = ?, highest_modseq = CASE WHEN ? THEN highest_modseq ELSE ? END, unsure = 0 WHERE id = ?',
        uidValidity,
        waits ? 1 : 0,
        highestModseq,
        mailbox,
      );
      dropStrays(context, changes, mailbox);
      dropUnfound(context, changes, mailbox);
    }
  }).delta;
}

/** True when the bytes of this message are here already, so that nothing is stored twice. */
function isKnown(
  context: Context,
  mailbox: number,
  account: string,
  one: IncomingMessage,
  lost?: ReadonlySet<string>,
): boolean {
  const { db } = context;
  if (one.uid !== undefined) {
    const row = db.get('SELECT segment FROM message WHERE uid_mailbox = ? AND uid = ?', mailbox, one.uid);
    return row !== undefined && (row['segment'] !== null || !one.whole);
  }
  if (holdsUidl(context, account, one)) return true;
  if (!one.whole) return false;
  return orphan(db, account, one.bytes) !== undefined || renamed(context, account, one, lost) !== undefined;
}

function put(context: Context, changes: Changes, mailbox: number, account: string, ready: Ready): void {
  const { db } = context;
  const { incoming, envelope, place } = ready;
  const where = place
    ? [place.segment, place.offset, place.length, place.rawLength, place.sha256]
    : [null, null, null, null, null];
  const uidl = incoming.uid === undefined ? uidlOf(incoming) : null;
  // Twice in one batch.
  if (uidl !== null && holdsUidl(context, account, incoming)) return;
  if (uidl !== null && place) {
    const fill = rowToFill(db, account, incoming);
    noteCollected(db, account, incoming);
    if (fill) {
      fillRow(context, changes, Number(fill['id']), ready);
      return;
    }
  }
  const existing =
    incoming.uid === undefined ? undefined : findExisting(context, mailbox, incoming, envelope);
  if (existing !== undefined) {
    const uid = incoming.uid ?? null;
    const wasKnown = uid !== null && isAt(db, mailbox, uid, existing);
    db.run('UPDATE message SET uid_mailbox = ?, uid = ?, sought = NULL WHERE id = ?', mailbox, uid, existing);
    // It is there: the append was done, and its answer lost.
    db.run(
      `DELETE FROM operation WHERE kind = 'append' AND id IN (SELECT operation FROM operation_message WHERE message = ?)`,
      existing,
    );
    if (place) {
      db.run(
        'UPDATE message SET segment = ?, offset = ?, length = ?, raw_length = ?, sha256 = ?, size = ? WHERE id = ? AND segment IS NULL',
        ...where,
        place.rawLength,
        existing,
      );
      shareBytes(db, account, incoming, place);
    }
    putDigest(db, existing, incoming);
    // Found again under another number: what happened to its flags meanwhile the server alone knows.
    if (uid !== null && !wasKnown)
      putFlags(context, changes, {
        mailbox,
        uid,
        bits: flagBits(incoming.flags),
        keywords: keywordText(incoming.keywords ?? []),
      });
    changes.message(existing, mailbox);
    return;
  }
  const id = insertMessage(db, {
    mailbox,
    uid: incoming.uid,
    uidl: uidl ?? undefined,
    date: listDate(envelope, incoming.received),
    size: place?.rawLength ?? incoming.size,
    flags: flagBits(incoming.flags),
    keywords: keywordText(incoming.keywords ?? []),
    emailId: incoming.emailId,
    envelope,
    digest: incoming.digest,
    place: place ?? copyHeld(db, account, incoming),
  });
  if (place) shareBytes(db, account, incoming, place);
  changes.message(id, mailbox);
}

/** All of a message of which a header, or damaged bytes, were here. */
function fillRow({ db }: Context, changes: Changes, id: number, { incoming, place }: Ready): void {
  if (!place) return;
  db.run(
    // Its words and its snippet are read anew.
    `UPDATE message SET segment = ?, offset = ?, length = ?, raw_length = ?, sha256 = ?, size = ?, snippet = NULL WHERE id = ?`,
    place.segment,
    place.offset,
    place.length,
    place.rawLength,
    place.sha256,
    place.rawLength,
    id,
  );
  putDigest(db, id, incoming);
  const row = db.get('SELECT mailbox FROM message WHERE id = ?', id);
  changes.message(id, Number(row?.['mailbox']));
}

function putDigest(db: Database, id: number, { digest }: IncomingMessage): void {
  if (!digest) return;
  db.run(
    'UPDATE message SET snippet = ?, attachments = ? WHERE id = ?',
    digest.snippet,
    digest.attachments,
    id,
  );
  if (digest.search) indexMessage(db, id, digest.search);
}

/** Other copies of the message, of which only the header is here, have its bytes too. */
function shareBytes(db: Database, account: string, { emailId }: IncomingMessage, place: Place): void {
  if (emailId === undefined) return;
  db.run(
    `UPDATE message SET segment = ?, offset = ?, length = ?, raw_length = ?, sha256 = ?
     WHERE email_id = ? AND segment IS NULL AND size = ? AND mailbox IN (SELECT id FROM mailbox WHERE account = ?)`,
    place.segment,
    place.offset,
    place.length,
    place.rawLength,
    place.sha256,
    emailId,
    place.rawLength,
    account,
  );
}

/**
 * The bytes of another copy of the message in this account, if one is here: a letter that a server shows in several
 * mailboxes is fetched and kept once (RFC 8474 section 5.1: one EMAILID names the same bytes).
 */
function copyHeld(db: Database, account: string, { emailId, size }: IncomingMessage): Place | undefined {
  if (emailId === undefined) return undefined;
  const held = db.get(
    `SELECT m.segment, m.offset, m.length, m.raw_length, m.sha256 FROM message m JOIN mailbox b ON b.id = m.mailbox
     WHERE m.email_id = ? AND m.segment IS NOT NULL AND b.account = ? AND m.raw_length = ? LIMIT 1`,
    emailId,
    account,
    size,
  );
  return (
    held && {
      segment: Number(held['segment']),
      offset: Number(held['offset']),
      length: Number(held['length']),
      rawLength: Number(held['raw_length']),
      sha256: held['sha256'] as Buffer,
    }
  );
}

/** The place of a copy that has these very bytes. */
function heldAlready(db: Database, account: string, one: IncomingMessage): Place | undefined {
  const place = copyHeld(db, account, { ...one, size: one.bytes.length });
  return place?.sha256.equals(createHash('sha256').update(one.bytes).digest()) ? place : undefined;
}

function isAt(db: Database, mailbox: number, uid: number, id: number): boolean {
  return (
    db.get('SELECT 1 FROM message WHERE uid_mailbox = ? AND uid = ? AND id = ?', mailbox, uid, id) !==
    undefined
  );
}

/**
 * The row that this UID belongs to already: by UID; or a message of ours in this mailbox whose UID we never learnt
 * (appended, moved, or UIDVALIDITY changed), found by Message-ID and size.
 */
function findExisting(
  { db }: Context,
  mailbox: number,
  incoming: IncomingMessage,
  envelope: Envelope,
): number | undefined {
  const byUid = db.get('SELECT id FROM message WHERE uid_mailbox = ? AND uid = ?', mailbox, incoming.uid);
  if (byUid) return Number(byUid['id']);
  if (envelope.messageId === '') return undefined;
  const orphan = db.get(
    `SELECT id FROM message WHERE message_id = ? AND message_id <> '' AND mailbox = ? AND uid IS NULL AND size = ? ORDER BY id LIMIT 1`,
    envelope.messageId,
    mailbox,
    incoming.size,
  );
  return orphan && Number(orphan['id']);
}

/** What the person changed and the server has not heard yet wins over what the server says. */
function putFlags(
  { db }: Context,
  changes: Changes,
  told: { mailbox: number; uid: number; bits: number; keywords: string | undefined },
): void {
  const { mailbox, uid, bits } = told;
  const row = db.get(
    `SELECT id, mailbox, flags, keywords FROM message m WHERE uid_mailbox = ? AND uid = ? AND NOT EXISTS
      (SELECT 1 FROM operation_message o JOIN operation p ON p.id = o.operation WHERE o.message = m.id AND p.kind = 'flag')`,
    mailbox,
    uid,
  );
  if (!row) return;
  const keywords = told.keywords ?? row['keywords'];
  if (row['flags'] === bits && row['keywords'] === keywords) return;
  db.run('UPDATE message SET flags = ?, keywords = ? WHERE id = ?', bits, keywords, row['id']);
  changes.message(Number(row['id']), Number(row['mailbox']));
}

function dropUid({ db }: Context, changes: Changes, mailbox: number, uid: number): void {
  const row = db.get('SELECT id, mailbox FROM message WHERE uid_mailbox = ? AND uid = ?', mailbox, uid);
  if (!row) return;
  const id = Number(row['id']);
  // Seen elsewhere by now: perhaps it is our own move that took it away, whose answer was lost. The sync of the mailbox
  // where it is meant to be will tell.
  if (row['mailbox'] !== mailbox) {
    db.run('UPDATE message SET uid = NULL, uid_mailbox = NULL WHERE id = ?', id);
    changes.message(id, Number(row['mailbox']));
    return;
  }
  db.run('DELETE FROM operation_message WHERE message = ?', id);
  db.run('DELETE FROM message WHERE id = ?', id);
  changes.messageGone(id, mailbox);
}

/** A whole sync met every message the server has: a header without UID and body names one that is gone. */
function dropStrays({ db }: Context, changes: Changes, mailbox: number): void {
  const strays = db.all(
    'SELECT id FROM message WHERE mailbox = ? AND uid IS NULL AND uidl IS NULL AND segment IS NULL AND hidden = 0',
    mailbox,
  );
  for (const row of strays) {
    db.run('DELETE FROM message WHERE id = ?', row['id']);
    changes.messageGone(Number(row['id']), mailbox);
  }
}

/** Looks at a mailbox, whole, that a message has to be found by. One may have begun before the move was done. */
const LOOKS = 2;

/** What was moved here and is not here was taken away by another client before: it is gone here as it is on the server. */
export function dropUnfound({ db }: Context, changes: Changes, mailbox: number): void {
  const sought = db.all(
    'SELECT id, sought FROM message INDEXED BY message_sought WHERE mailbox = ? AND sought IS NOT NULL AND uid IS NULL',
    mailbox,
  );
  for (const row of sought) {
    if (Number(row['sought']) + 1 < LOOKS) {
      db.run('UPDATE message SET sought = sought + 1 WHERE id = ?', row['id']);
      continue;
    }
    db.run('DELETE FROM message WHERE id = ?', row['id']);
    changes.messageGone(Number(row['id']), mailbox);
  }
}

/** UIDVALIDITY changed: bodies are kept, every UID is forgotten; what the server still has is matched as it comes. */
function forgetUids({ db }: Context, changes: Changes, mailbox: number): void {
  // What was to be moved or deleted is where it was: to do it to whatever has that number now would be somebody else's loss.
  const moving = db.all(
    `SELECT w.operation, m.id, m.mailbox FROM message m JOIN operation_message w ON w.message = m.id JOIN operation o ON o.id = w.operation
     WHERE m.uid_mailbox = ? AND o.kind IN ('move', 'remove')`,
    mailbox,
  );
  for (const row of moving) {
    db.run('UPDATE message SET mailbox = ?, hidden = 0 WHERE id = ?', mailbox, row['id']);
    db.run('DELETE FROM operation_message WHERE operation = ? AND message = ?', row['operation'], row['id']);
    db.run(`UPDATE operation SET error = 'UIDVALIDITY' WHERE id = ?`, row['operation']);
    changes.message(Number(row['id']), Number(row['mailbox']), mailbox);
  }

  db.run('UPDATE message SET uid = NULL, uid_mailbox = NULL WHERE uid_mailbox = ?', mailbox);
  db.run('UPDATE mailbox SET uid_validity = NULL, highest_modseq = NULL WHERE id = ?', mailbox);
}
