import type { Delta } from '../../shared/model/delta.ts';
import type { AccountId, DraftId, MailboxId, MessageKey } from '../../shared/model/ids.ts';
import type { Database } from './database.ts';
import { allDrafts, outbox } from './letter-rows.ts';
import { SHOWN } from './mailbox-paths.ts';
import { waiting } from './waiting.ts';
import { accountOf, mailboxOf, MESSAGE_COLUMNS, messageRow } from './rows.ts';

/** Rows are looked up this many at a time (SQLite's limit of variables is far higher). */
const CHUNK = 500;

/** What a transaction touched, by name; read back whole once it is committed. */
export class Changes {
  readonly #messages = new Set<number>();
  readonly #messagesGone = new Set<number>();
  readonly #mailboxes = new Set<number>();
  readonly #mailboxesGone = new Set<number>();
  readonly #accounts = new Set<string>();
  readonly #accountsGone = new Set<string>();
  readonly #draftsGone = new Set<string>();
  #drafts = false;
  #outbox = false;
  #waiting = false;

  /** @param mailboxes where it is and where it was: their counts change with it */
  message(id: number, ...mailboxes: number[]): void {
    this.#messages.add(id);
    for (const mailbox of mailboxes) this.#mailboxes.add(mailbox);
  }
  messageGone(id: number, mailbox: number): void {
    this.#messages.delete(id);
    this.#messagesGone.add(id);
    this.#mailboxes.add(mailbox);
  }
  mailbox(id: number): void {
    this.#mailboxes.add(id);
  }
  mailboxGone(id: number): void {
    this.#mailboxes.delete(id);
    this.#mailboxesGone.add(id);
  }
  account(id: string): void {
    this.#accounts.add(id);
  }
  accountGone(id: string): void {
    this.#accountsGone.add(id);
  }
  drafts(): void {
    this.#drafts = true;
  }
  draftGone(id: string): void {
    this.#draftsGone.add(id);
    this.#drafts = true;
  }
  outbox(): void {
    this.#outbox = true;
  }
  /** Something more or less waits for a server. */
  waiting(): void {
    this.#waiting = true;
  }

  delta(db: Database): Delta {
    const mailboxes = [...this.#mailboxes].flatMap((id) => {
      const row = db.get(`SELECT b.* FROM mailbox b WHERE b.id = ? AND ${SHOWN}`, id);
      return row ? [mailboxOf(row)] : [];
    });
    const messages = rowsOf(db, [...this.#messages]);
    const accounts = [...this.#accounts].flatMap((id) => {
      const row = db.get('SELECT * FROM account WHERE id = ?', id);
      return row ? [accountOf(row)] : [];
    });
    return {
      ...(accounts.length > 0 ? { accounts } : {}),
      ...(this.#accountsGone.size > 0 ? { accountsRemoved: [...this.#accountsGone] as AccountId[] } : {}),
      ...(mailboxes.length > 0 ? { mailboxes } : {}),
      ...(this.#mailboxesGone.size > 0 ? { mailboxesRemoved: [...this.#mailboxesGone] as MailboxId[] } : {}),
      ...(messages.length > 0 ? { messages } : {}),
      ...(this.#messagesGone.size > 0 ? { messagesRemoved: [...this.#messagesGone] as MessageKey[] } : {}),
      ...(this.#drafts ? { drafts: allDrafts(db) } : {}),
      ...(this.#draftsGone.size > 0 ? { draftsRemoved: [...this.#draftsGone] as DraftId[] } : {}),
      ...(this.#outbox ? { outbox: outbox(db) } : {}),
      ...(this.#waiting ? { waiting: waiting(db) } : {}),
    };
  }
}

/** Visible rows by id, in the order asked for. */
export function rowsOf(db: Database, ids: number[]): ReturnType<typeof messageRow>[] {
  const found = new Map<number, ReturnType<typeof messageRow>>();
  for (let at = 0; at < ids.length; at += CHUNK) {
    const rows = db.all(
      `SELECT ${MESSAGE_COLUMNS} FROM json_each(?) j JOIN message m ON m.id = j.value JOIN mailbox b ON b.id = m.mailbox WHERE m.hidden = 0`,
      JSON.stringify(ids.slice(at, at + CHUNK)),
    );
    for (const row of rows) found.set(row['id'] as number, messageRow(row));
  }
  return ids.flatMap((id) => found.get(id) ?? []);
}
