import type { Account, AccountSettings, AccountStatus } from '../../shared/model/account.ts';
import type { AccountId, MessageKey } from '../../shared/model/ids.ts';
import { MailError } from '../../shared/contract/mail-error.ts';
import { ImapAccount } from './imap-account.ts';
import { Intake } from './intake.ts';
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
  readonly outbox: Outbox;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.#intake = new Intake(ports);
    this.outbox = new Outbox(ports, (account) => this.poke([account.id]));
  }

  get statuses(): AccountStatus[] {
    return [...this.#statuses.values()];
  }

  /** Starts what was there when the program ended. */
  async start(): Promise<void> {
    const { accounts } = await this.#ports.store.snapshot();
    for (const account of accounts) this.run(account);
    await this.outbox.start();
    this.#intake.digest();
  }

  run(account: Account): void {
    const report = (status: AccountStatus) => {
      if (!this.#runners.has(account.id)) return;
      this.#statuses.set(account.id, status);
      this.#ports.events.publish('status', status);
    };
    const Runner = account.mode === 'imap' ? ImapAccount : Pop3Account;
    const runner = new Runner(account, this.#ports, this.#intake, report);
    this.#runners.set(account.id, runner);
    runner.start();
  }

  async add(settings: AccountSettings, password: string): Promise<Account> {
    const { account, delta } = await this.#ports.store.addAccount(settings);
    await this.#ports.secrets.set(account.id, password);
    this.#ports.events.publish('delta', delta);
    this.run(account);
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
    if (account) this.outbox.drain(account);
    await this.sync(id);
  }

  async sync(id?: AccountId): Promise<void> {
    const runners = [...this.#runners].filter(([one]) => id === undefined || one === id);
    await Promise.all(runners.map(([, runner]) => runner.sync()));
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
  }

  async stop(id: AccountId): Promise<void> {
    const runner = this.#runners.get(id);
    this.#runners.delete(id);
    this.#statuses.delete(id);
    await runner?.stop();
  }
}
