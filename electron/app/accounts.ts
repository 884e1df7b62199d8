import type { Account, AccountSettings, AccountStatus } from '../../shared/model/account.ts';
import type { AccountId, MessageKey } from '../../shared/model/ids.ts';
import type { SyncScope } from '../../shared/contract/account.ts';
import { MailError } from '../../shared/contract/mail-error.ts';
import { Compaction } from './compaction.ts';
import { ImapAccount } from './imap-account.ts';
import { Intake } from './intake.ts';
import type { Notices } from './notices.ts';
import { Outbox } from './outbox.ts';
import { Pop3Account } from './pop3-account.ts';
import type { Ports } from './ports.ts';
import type { AccountRunner } from './runner.ts';

/** All accounts and what they are doing: one runner each, in its mode. */
export class Accounts {
  readonly #ports: Ports;
  readonly #runners = new Map<AccountId, AccountRunner>();
  readonly #statuses = new Map<AccountId, AccountStatus>();
  readonly #intake: Intake;
  readonly #compaction: Compaction;
  readonly outbox: Outbox;
  readonly notices: Notices;
  /** False in a program that connects only when it is asked to. */
  #live = false;

  constructor(ports: Ports, notices: Notices) {
    this.#ports = ports;
    this.notices = notices;
    this.#intake = new Intake(ports);
    this.#compaction = new Compaction(ports, {}, ({ segment = '', reason = '' }) =>
      notices.add({ kind: 'left-alone', file: segment, reason }),
    );
    this.outbox = new Outbox(ports, (account) => this.poke([account.id]));
  }

  get statuses(): AccountStatus[] {
    return [...this.#statuses.values()];
  }

  /** Starts what was there when the program ended. */
  async start(): Promise<void> {
    this.#live = true;
    await this.attach();
    await this.outbox.start();
    void this.#intake.digest();
    this.#compaction.start();
  }

  /** Knows the accounts without connecting any. */
  async attach(): Promise<void> {
    const { accounts } = await this.#ports.store.snapshot();
    for (const account of accounts) this.#run(account);
  }

  #run(account: Account): void {
    const report = (status: AccountStatus) => {
      if (!this.#runners.has(account.id)) return;
      this.#statuses.set(account.id, status);
      this.#ports.events.publish('status', status);
    };
    const Runner = account.mode === 'imap' ? ImapAccount : Pop3Account;
    const runner = new Runner(account, this.#ports, this.#intake, report);
    this.#runners.set(account.id, runner);
    if (this.#live) runner.start();
  }

  async add(settings: AccountSettings, password: string): Promise<Account> {
    const { account, delta } = await this.#ports.store.addAccount(settings);
    await this.#ports.secrets.set(account.id, password);
    this.#ports.events.publish('delta', delta);
    this.#run(account);
    return account;
  }

  async remove(id: AccountId): Promise<void> {
    await this.stop(id);
    await this.#ports.secrets.remove(id);
    this.#ports.events.publish('delta', await this.#ports.store.removeAccount(id));
  }

  async setPassword(id: AccountId, password: string): Promise<void> {
    await this.#ports.secrets.set(id, password);
    const account = await this.#ports.store.account(id);
    if (account) void this.outbox.drain(account);
    await this.sync(id);
  }

  /** Other settings: what runs with the old ones ends first. */
  async change(account: Account): Promise<void> {
    await this.stop(account.id);
    this.#ports.events.publish('delta', await this.#ports.store.updateAccount(account));
    this.#run(account);
  }

  /** One account after the other or all at once; one that fails does not keep the others from it. @throws MailError */
  async sync(id?: AccountId, scope: SyncScope = {}): Promise<void> {
    const runners = [...this.#runners].filter(([one]) => id === undefined || one === id);
    const done = await Promise.allSettled(
      runners.map(async ([one, runner]) => {
        const account = await this.#ports.store.account(one);
        if (account) await this.outbox.drain(account);
        await runner.sync(scope);
      }),
    );
    await this.readNew();
    for (const one of done) if (one.status === 'rejected') throw one.reason;
  }

  /** Reads what was stored and not read yet, for lists and the search. */
  async readNew(): Promise<void> {
    const read = this.#intake.digest();
    // Nobody will come back to it in a program that ends now.
    if (!this.#live) await read;
  }

  /** Tells the servers of these accounts what waits to be told. @throws MailError */
  async settle(ids: Iterable<AccountId>): Promise<void> {
    await Promise.all([...new Set(ids)].map(async (id) => this.#runners.get(id)?.settle()));
  }

  /** The person did something that servers have to be told. */
  poke(ids: Iterable<AccountId>): void {
    for (const id of new Set(ids)) this.#runners.get(id)?.poke();
  }

  /** The exact bytes of a message, from the store or else from its server. @throws MailError `not-found` */
  async raw(id: MessageKey): Promise<Uint8Array> {
    const held = await this.#ports.store.raw(id);
    if (held) return held;
    const [row] = await this.#ports.store.rows([id]);
    const runner = row && this.#runners.get(row.account);
    if (!runner) throw new MailError('not-found', 'there is no such message');
    await runner.fetchBody(id);
    const fetched = await this.#ports.store.raw(id);
    if (!fetched) throw new MailError('not-found', 'the message is not on the server any more');
    return fetched;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#runners.keys()].map((id) => this.stop(id)));
    await this.outbox.close();
    await this.#intake.close();
    await this.#compaction.close();
  }

  async stop(id: AccountId): Promise<void> {
    const runner = this.#runners.get(id);
    this.#runners.delete(id);
    this.#statuses.delete(id);
    await runner?.stop();
  }
}
