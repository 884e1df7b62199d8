import { AccountSettings } from '../../../shared/model/account.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import { MailboxRole } from '../../../shared/model/mailbox.ts';
import type { Facts } from '../checkpoint/facts.ts';
import type { Database } from '../database.ts';
import type { Rebuilt } from './report.ts';

/** The mailbox of letters of which nobody knows any more where they were. */
const RECOVERED = 'Recovered';
/** An account that is asked for nothing: it only holds letters. */
const SETTINGS: AccountSettings = {
  name: RECOVERED,
  email: 'recovered@localhost',
  mode: 'pop3',
  leaveOnServer: 'forever',
};

/** Accounts and mailboxes of the new index: those that were known, and places for what was found beside them. */
export class Homes {
  readonly #db: Database;
  readonly #recovered = new Map<string, number>();

  constructor(db: Database, facts: Facts, folders: number[], report: Rebuilt) {
    this.#db = db;
    for (const { id, value } of facts.of('setting'))
      db.run('INSERT INTO setting (name, value) VALUES (?, ?)', id, value);
    for (const { id, position, settings } of facts.of('account')) {
      const given = AccountSettings.safeParse(settings);
      if (!given.success) report.problems.push(`the settings of the account ${id} can’t be read`);
      this.#addAccount(id, position, given.success ? settings : SETTINGS);
    }
    for (const one of facts.of('mailbox')) {
      if (!this.#holds('account', one.account)) continue;
      db.run(
        `INSERT OR IGNORE INTO mailbox (id, account, path, name, depth, role, selectable, uid_validity, excluded, keep, local, unsure) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
        one.id,
        one.account,
        one.path,
        one.name,
        one.depth,
        MailboxRole.safeParse(one.role).success ? one.role : 'none',
        one.selectable,
        one.validity,
        one.excluded ?? 0,
        one.keep ?? null,
        one.local ?? 0,
      );
    }
    // A number names a folder or has been given away: it never names anything else.
    this.#countFrom('mailbox', [...folders, ...facts.of('mailbox').map((one) => one.id)]);
    this.#countFrom(
      'message',
      facts.of('message').map((one) => one.id),
    );
    this.#countFrom(
      'operation',
      facts.of('operation').map((one) => one.id),
    );
  }

  /** The mailbox with this id, or that for letters whose mailbox nobody knows; made in an account of its own if need be. */
  mailbox(id: number, account: string): number {
    // Its letters may lie in the folder of another mailbox, but never in that of another account.
    if (this.#db.get('SELECT 1 FROM mailbox WHERE id = ? AND account = ?', id, account)) return id;
    return this.#recover(account);
  }

  /** Where the server has a letter, if that mailbox is here and no other letter is there. */
  place(mailbox: number | null, uid: number | null): { mailbox: number; uid: number } | undefined {
    if (mailbox === null || uid === null || !this.#holds('mailbox', mailbox)) return undefined;
    const taken = this.#db.get('SELECT 1 FROM message WHERE uid_mailbox = ? AND uid = ?', mailbox, uid);
    return taken ? undefined : { mailbox, uid };
  }

  nameOf(mailbox: number): { account: AccountId; mailbox: string } {
    const row = this.#db.get('SELECT account, path FROM mailbox WHERE id = ?', mailbox);
    return { account: String(row?.['account']) as AccountId, mailbox: String(row?.['path']) };
  }

  #recover(folder: string): number {
    // A name on the disk may be anything; an id of ours may not.
    const account = /^[\w-]{1,64}$/u.test(folder) ? folder : 'recovered';
    const found = this.#recovered.get(account);
    if (found !== undefined) return found;
    if (!this.#holds('account', account)) {
      const position = Number(this.#db.get('SELECT count(*) AS n FROM account')?.['n'] ?? 0);
      this.#addAccount(account, position, SETTINGS);
    }
    let path = RECOVERED;
    while (this.#db.get('SELECT 1 FROM mailbox WHERE account = ? AND path = ?', account, path)) path += '_';
    const { id } = this.#db.run(
      `INSERT INTO mailbox (account, path, name, depth, role, selectable) VALUES (?, ?, ?, 0, 'none', 1)`,
      account,
      path,
      path,
    );
    this.#recovered.set(account, id);
    return id;
  }

  #addAccount(id: string, position: number, settings: object): void {
    this.#db.run(
      'INSERT INTO account (id, position, settings) VALUES (?, ?, ?)',
      id,
      position,
      JSON.stringify(settings),
    );
  }

  #holds(table: 'account' | 'mailbox', id: unknown): boolean {
    return this.#db.get(`SELECT 1 FROM ${table} WHERE id = ?`, id) !== undefined;
  }

  #countFrom(table: string, ids: number[]): void {
    let highest = 0;
    for (const id of ids) highest = Math.max(highest, id);
    this.#db.run('DELETE FROM sqlite_sequence WHERE name = ?', table);
    this.#db.run('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)', table, highest);
  }
}
