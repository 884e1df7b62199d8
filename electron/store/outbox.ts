import type { Delta } from '../../shared/model/delta.ts';
import type { Draft } from '../../shared/model/draft.ts';
import type { AccountId, DraftId, MessageKey } from '../../shared/model/ids.ts';
import { readEnvelope } from '../../shared/mail/envelope.ts';
import type { OutboxChange, OutgoingLetter, Store } from '../app/ports-store.ts';
import { change, type Context } from './context.ts';
import { queue } from './operations.ts';
import { draft } from './letters.ts';
import { ensureMailbox } from './mailboxes.ts';
import { insertMessage } from './message-rows.ts';
import { Refused } from './refused.ts';
import { flagBits, MODE } from './rows.ts';

/**
 * In one transaction: the composed letter enters the outbox and its draft steps aside. Its bytes are on disk before.
 * @throws when the draft has gone there before, or is gone altogether
 */
export function enqueue(
  context: Context,
  letter: Parameters<Store['enqueue']>[0],
): { key: MessageKey; delta: Delta } {
  const { db, segments } = context;
  // Asked for twice, it would be sent twice.
  if (letter.draft !== undefined && !draft(context, letter.draft))
    throw new Refused('this draft was sent or thrown away');
  const home = db.transaction(() => ensureMailbox(db, letter.account, 'outbox').id);
  const appended = segments.append(home, letter.account, [letter.bytes]);
  const place = appended.places[0];
  if (!place) throw new Error('nothing was stored');
  const envelope = readEnvelope(letter.bytes);
  const { result, delta } = change(context, (changes) => {
    appended.commit();
    const id = insertMessage(db, {
      mailbox: home,
      date: envelope.date ?? Date.now(),
      size: place.rawLength,
      flags: flagBits(['seen']),
      envelope,
      digest: letter.digest,
      place,
    });
    db.run(
      `INSERT INTO outbox (message, account, envelope, skip, state, queued) VALUES (?, ?, ?, ?, 'queued', ?)`,
      id,
      letter.account,
      JSON.stringify(letter.envelope),
      letter.skip,
      Date.now(),
    );
    if (letter.draft !== undefined) {
      db.run('UPDATE draft SET message = ? WHERE id = ?', id, letter.draft);
      changes.draftGone(letter.draft);
    }
    changes.outbox();
    return id as MessageKey;
  });
  return { key: result, delta };
}

const DAY = 24 * 60 * 60 * 1000;

/**
 * The oldest letter that may be sent now. One left in `sending` by a crash is not among them: whether the server has it
 * nobody knows, so `recoverOutbox` hands it to the person.
 */
export function nextLetter({ db }: Context, account: AccountId, now: number): OutgoingLetter | undefined {
  const row = db.get(
    `SELECT * FROM outbox WHERE account = ? AND (state = 'queued' OR (state = 'waiting' AND (next_try <= ? OR next_try > ?))) ORDER BY message LIMIT 1`,
    account,
    now,
    // Nobody waits for so long: the clock was put back.
    now + DAY,
  );
  if (!row) return undefined;
  const key = row['message'] as MessageKey;
  return {
    key,
    account,
    envelope: JSON.parse(String(row['envelope'])) as OutgoingLetter['envelope'],
    skip: Number(row['skip']),
    attempts: Number(row['attempts']),
  };
}

/** What is being sent can't be queued at the same time: with a crash it would be sent twice. */
export function changeOutbox(context: Context, key: MessageKey, to: OutboxChange): Delta {
  return change(context, (changes) => {
    context.db.run(
      'UPDATE outbox SET state = ?, failure = ?, next_try = ?, attempts = attempts + ? WHERE message = ? AND (? <> ? OR state <> ?)',
      to.state,
      'failure' in to ? JSON.stringify(to.failure) : null,
      'nextTry' in to ? to.nextTry : null,
      to.state === 'sending' ? 1 : 0,
      key,
      to.state,
      'queued',
      'sending',
    );
    changes.outbox();
  }).delta;
}

/** After a crash: what was being sent may have been sent. Run once when the store opens. */
export function recoverOutbox({ db }: Context): void {
  const failure = JSON.stringify({ code: 'maybe-sent', detail: '' });
  db.run(`UPDATE outbox SET state = 'maybe-sent', failure = ? WHERE state = 'sending'`, failure);
}

/** In one transaction: into Sent, out of the outbox, the draft gone, the answered message marked, the copy queued for the server. */
export function markSent(context: Context, key: MessageKey): Delta {
  const { db } = context;
  return change(context, (changes) => {
    const item = db.get(
      `SELECT o.account, a.settings ->> 'mode' AS mode FROM outbox o JOIN account a ON a.id = o.account WHERE message = ?`,
      key,
    );
    if (!item) return;
    const sent = ensureMailbox(db, String(item['account']), 'sent');
    db.run('UPDATE message SET mailbox = ? WHERE id = ?', sent.id, key);
    db.run('DELETE FROM outbox WHERE message = ?', key);
    changes.message(key, sent.id);
    changes.outbox();
    queue(db, changes, [{ id: key, account: item['account'], mode: item['mode'] }], { kind: 'append' });
    const written = db.get('SELECT id, content FROM draft WHERE message = ?', key);
    if (!written) return;
    const { source } = JSON.parse(String(written['content'])) as Pick<Draft, 'source'>;
    if (source) {
      const flag = source.kind === 'reply' ? 'answered' : 'forwarded';
      const answered = db.get(
        `SELECT m.id, m.mailbox, b.account, ${MODE} FROM message m JOIN mailbox b ON b.id = m.mailbox JOIN account a ON a.id = b.account WHERE m.id = ?`,
        source.message,
      );
      if (answered) {
        db.run('UPDATE message SET flags = flags | ? WHERE id = ?', flagBits([flag]), answered['id']);
        changes.message(Number(answered['id']), Number(answered['mailbox']));
        queue(db, changes, [answered], { kind: 'flag', set: [flag], clear: [] });
      }
    }
    db.run('DELETE FROM draft WHERE id = ?', written['id']);
  }).delta;
}

/**
 * Out of the outbox: the draft is what it was before.
 * @throws Refused when it is being sent, has left, or came whole and has no draft
 */
export function takeBack(context: Context, key: MessageKey): { draft: Draft; delta: Delta } {
  const { result, delta } = change(context, (changes) => {
    requireHere(context, key);
    const row = context.db.get('SELECT id FROM draft WHERE message = ?', key);
    if (!row) throw new Refused('this letter came whole: there is no draft to go back to');
    context.db.run('UPDATE draft SET message = NULL, updated = ? WHERE id = ?', Date.now(), row['id']);
    context.db.run('DELETE FROM message WHERE id = ?', key);
    changes.drafts();
    changes.outbox();
    return row['id'] as DraftId;
  });
  const back = draft(context, result);
  if (!back) throw new Refused('this letter has left the outbox');
  return { draft: back, delta };
}

/**
 * Out of the outbox for good. The letter itself goes to Trash, here only: no server is told of what was never sent.
 * @throws Refused when it is being sent or has left
 */
export function dropLetter(context: Context, key: MessageKey): Delta {
  const { db } = context;
  return change(context, (changes) => {
    const trash = ensureMailbox(db, requireHere(context, key), 'trash');
    db.run('UPDATE message SET mailbox = ? WHERE id = ?', trash.id, key);
    db.run('DELETE FROM outbox WHERE message = ?', key);
    for (const row of db.all('SELECT id FROM draft WHERE message = ?', key)) {
      db.run('DELETE FROM draft WHERE id = ?', row['id']);
      changes.draftGone(String(row['id']));
    }
    changes.message(key, trash.id);
    changes.outbox();
  }).delta;
}

/** @returns the account of a letter that waits in the outbox and is not being sent */
function requireHere({ db }: Context, key: MessageKey): string {
  const item = db.get('SELECT account, state FROM outbox WHERE message = ?', key);
  if (!item) throw new Refused('this letter has left the outbox');
  if (item['state'] === 'sending') throw new Refused('this letter is being sent: it has left the outbox');
  return String(item['account']);
}
