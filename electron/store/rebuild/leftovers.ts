import { addressesOf } from '../../../shared/mail/envelope.ts';
import { parseFields } from '../../../shared/mail/header.ts';
import { Draft } from '../../../shared/model/draft.ts';
import type { Facts } from '../checkpoint/facts.ts';
import type { Database, Row } from '../database.ts';
import type { Rebuilt } from './report.ts';

/**
 * Everything that is not a letter: what POP3 collected, what waits for servers, the outbox, drafts. Runs inside a
 * transaction, after the letters.
 * @param rawOf the bytes of a letter in the new index
 */
export function putLeftovers(
  db: Database,
  facts: Facts,
  headers: Row[],
  rawOf: (id: number) => Buffer | undefined,
  report: Rebuilt,
): void {
  const accounts = new Set(db.all('SELECT id FROM account').map((row) => String(row['id'])));
  const holds = (id: number) => db.get('SELECT 1 FROM message WHERE id = ?', id) !== undefined;
  for (const row of headers) putHeader(db, row);
  for (const one of facts.of('uidl')) {
    const [account, uidl] = one.id;
    if (!accounts.has(account)) continue;
    db.run(
      'INSERT OR IGNORE INTO uidl (account, uidl, due, collected, stays, listed, deleted) VALUES (?, ?, ?, ?, ?, ?, ?)',
      account,
      uidl,
      one.due,
      one.collected ?? Date.now(),
      // An older program did not say: what it did not want to remove where all else was to go stays.
      one.stays ?? (one.due === 0 && clears(facts, account) ? 1 : 0),
      one.listed ?? null,
      one.deleted ?? null,
    );
  }
  for (const one of facts.of('operation')) {
    const keys = one.messages.filter(holds);
    // What concerns a mailbox is about no message.
    const lost = keys.length === 0 && one.messages.length > 0;
    if (!accounts.has(one.account) || lost) continue;
    db.run(
      'INSERT INTO operation (id, account, kind, detail, attempts) VALUES (?, ?, ?, ?, ?)',
      one.id,
      one.account,
      one.kind,
      JSON.stringify(one.detail),
      one.attempts,
    );
    for (const key of keys)
      db.run('INSERT OR IGNORE INTO operation_message (operation, message) VALUES (?, ?)', one.id, key);
  }
  putOutbox(db, facts, rawOf);
  for (const one of facts.of('draft')) {
    const { id, account, updated, content } = one;
    const readable = Draft.safeParse({ ...content, id, account, updated, attachments: [] }).success;
    if (!accounts.has(account) || !readable) {
      report.problems.push(`a draft that no account can take: ${JSON.stringify(content)}`);
      continue;
    }
    const waits =
      one.message !== null && db.get('SELECT 1 FROM outbox WHERE message = ?', one.message) !== undefined;
    db.run(
      'INSERT INTO draft (id, account, content, updated, message) VALUES (?, ?, ?, ?, ?)',
      one.id,
      one.account,
      JSON.stringify(one.content),
      one.updated,
      waits ? one.message : null,
    );
  }
  for (const one of facts.of('draft_attachment')) {
    if (!db.get('SELECT 1 FROM draft WHERE id = ?', one.draft)) continue;
    db.run(
      'INSERT INTO draft_attachment (id, draft, name, type, bytes) VALUES (?, ?, ?, ?, ?)',
      one.id,
      one.draft,
      one.name,
      one.type,
      Buffer.from(one.bytes, 'hex'),
    );
  }
  queueLost(db);
}

/** The settings of an older program: nothing is to stay on the server. */
function clears(facts: Facts, account: string): boolean {
  return facts.get('account', account)?.settings['leaveOnServer'] === false;
}

/** A letter of which only the header is here, as it was. */
function putHeader(db: Database, row: Row): void {
  if (!db.get('SELECT 1 FROM mailbox WHERE id = ?', row['mailbox'])) return;
  // Its number in the old index of words means nothing here.
  const { doc: _doc, ...kept } = row;
  const columns = Object.keys(kept);
  db.run(
    `INSERT OR IGNORE INTO message (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    ...Object.values(kept),
  );
}

/** Whether a letter in the outbox was sent nobody can know any more: the person decides, the program never. */
function putOutbox(db: Database, facts: Facts, rawOf: (id: number) => Buffer | undefined): void {
  const letters = db.all(
    `SELECT m.id, m.date, b.account FROM message m JOIN mailbox b ON b.id = m.mailbox WHERE b.role = 'outbox'`,
  );
  for (const row of letters) {
    const id = Number(row['id']);
    const known = facts.get('outbox', id);
    const raw = known ? undefined : rawOf(id);
    const derived = raw && submissionOf(raw);
    db.run(
      `INSERT INTO outbox (message, account, envelope, skip, state, failure, attempts, queued) VALUES (?, ?, ?, ?, 'maybe-sent', ?, ?, ?)`,
      id,
      row['account'],
      JSON.stringify(known?.envelope ?? derived?.envelope ?? { from: '', to: [] }),
      known?.skip ?? derived?.skip ?? 0,
      JSON.stringify({ code: 'maybe-sent', detail: '' }),
      known?.attempts ?? 0,
      known?.queued ?? row['date'],
    );
  }
}

/** Who a letter goes to, from its own header; the Bcc field that stands first in what is kept is not sent. */
function submissionOf(raw: Buffer): { envelope: { from: string; to: string[] }; skip: number } {
  const fields = parseFields(raw);
  const of = (name: string) => addressesOf(fields, name).map((one) => one.address);
  const bcc = /^Bcc:[^\n]*\n(?:[ \t][^\n]*\n)*/iu.exec(raw.toString('latin1', 0, 1024 * 1024));
  return {
    envelope: { from: of('from')[0] ?? '', to: [...new Set(['to', 'cc', 'bcc'].flatMap(of))] },
    skip: bcc?.[0].length ?? 0,
  };
}

/** What the person did and of which no operation is left: the server is told all the same. */
function queueLost(db: Database): void {
  const waits = (kind: string) =>
    `EXISTS (SELECT 1 FROM operation_message o JOIN operation p ON p.id = o.operation WHERE o.message = m.id AND p.kind = '${kind}')`;
  const lost = db.all(
    `SELECT m.id, m.hidden, m.mailbox, b.account FROM message m JOIN mailbox b ON b.id = m.mailbox JOIN account a ON a.id = b.account
     WHERE a.settings ->> 'mode' = 'imap' AND b.role <> 'outbox' AND
       ((m.hidden = 1 AND NOT ${waits('remove')}) OR (m.hidden = 0 AND m.uid IS NOT NULL AND m.uid_mailbox <> m.mailbox AND NOT ${waits('move')}))`,
  );
  for (const row of lost) {
    const [kind, detail] = row['hidden'] === 1 ? ['remove', {}] : ['move', { to: row['mailbox'] }];
    const { id } = db.run(
      'INSERT INTO operation (account, kind, detail) VALUES (?, ?, ?)',
      row['account'],
      kind,
      JSON.stringify(detail),
    );
    db.run('INSERT INTO operation_message (operation, message) VALUES (?, ?)', id, row['id']);
  }
}
