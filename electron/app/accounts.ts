import type { Account, AccountSettings, AccountStatus } from '../../shared/model/account.ts';
import type { AccountId, MailboxId, MessageKey } from '../../shared/model/ids.ts';
import type { SyncScope } from '../../shared/contract/account.ts';
import { MailError } from '../../shared/contract/mail-error.ts';
import { Compaction } from './compaction.ts';
import { fetchBodies, wholeLimit } from './bodies.ts';
import { ImapAccount } from './imap-account.ts';
import { Intake } from './intake.ts';
import { JobQueue } from './job-queue.ts';
import type { Notices } from './notices.ts';
import { Outbox } from './outbox.ts';
import { Pop3Account } from './pop3-account.ts';
import type { Ports } from './ports.ts';
import { Partials, type Partial } from './partial.ts';
import type { Abilities, Following, ImapLink } from './ports-engine.ts';
import type { AccountRunner } from './runner.ts';

/** All accounts and what they are doing: one runner each, in its mode. */
export class Accounts {
  readonly #ports: Ports;
  readonly #runners = new Map<AccountId, AccountRunner>();
  readonly #statuses = new Map<AccountId, AccountStatus>();
  /** Outlasts a runner: other settings, and a change of mode and back, do not fetch what the person held off. */
  readonly #paused = new Set<AccountId>();
  readonly #intake: Intake;
  readonly #compaction: Compaction;
  readonly outbox: Outbox;
  readonly notices: Notices;
  readonly #partials: Partials;
  readonly #changes = new JobQueue();
  /** False in a program that connects only when it is asked to. */
  #live = false;

  constructor(ports: Ports, notices: Notices) {
    this.#ports = ports;
    this.notices = notices;
    this.#intake = new Intake(ports);
    this.#partials = new Partials(ports.store);
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
    const runner =
      account.mode === 'imap'
        ? new ImapAccount(account, this.#ports, this.#intake, report)
        : new Pop3Account(account, this.#ports, this.#intake, report, (notice) => this.notices.add(notice));
    this.#runners.set(account.id, runner);
    if (this.#paused.has(account.id)) runner.pause(true);
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
    this.#paused.delete(id);
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
  change(account: Account): Promise<void> {
    return this.adjust(account.id, () => account);
  }

  /** Changes some settings; two changes at once are both kept. @throws MailError `not-found` */
  adjust(id: AccountId, to: (account: Account) => Account): Promise<void> {
    return this.#changes.add(0, async () => {
      const account = await this.#ports.store.account(id);
      if (!account) throw new MailError('not-found', 'there is no such account');
      const next = to(account);
      await this.stop(id);
      this.#ports.events.publish('delta', await this.#ports.store.updateAccount(next));
      this.#run(next);
    });
  }

  /** Another mode, or anything else that must not happen while the account is at work: it goes on as it is then. */
  interrupt<T>(id: AccountId, work: () => Promise<T>): Promise<T> {
    return this.#changes.add(0, async () => {
      await this.stop(id);
      try {
        return await work();
      } finally {
        const account = await this.#ports.store.account(id);
        if (account) this.#run(account);
      }
    });
  }

  /** Fetches every body that is not here, whatever the account keeps otherwise. @throws MailError */
  async fetchBodies(account: Account, tell: (left: number) => void): Promise<void> {
    const { store } = this.#ports;
    const all = { ...account, wholeLimit: Number.MAX_SAFE_INTEGER };
    for (const mailbox of await store.mailboxes(account.id)) {
      const left = () => store.bodiless(mailbox.id, Number.MAX_SAFE_INTEGER);
      for (let more = (await left()).length > 0; more;) {
        tell((await left()).length);
        more = await this.errand(account.id, (link) =>
          fetchBodies({ store, intake: this.#intake }, all, link, { ...mailbox, keep: 'all' }),
        );
      }
    }
  }

  /** What an account is doing, where it is no runner that does it. */
  report(status: AccountStatus): void {
    this.#statuses.set(status.account, status);
    this.#ports.events.publish('status', status);
  }

  /** One account after the other or all at once; one that fails does not keep the others from it. @throws MailError */
  async sync(id?: AccountId, scope: SyncScope = {}): Promise<void> {
    // Nothing of what servers say could be kept.
    if (this.notices.all.some((one) => one.kind === 'read-only'))
      throw new MailError('read-only', 'the mail of this profile can be read, not changed');
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

  /** The person opened a mailbox. */
  async look(mailbox: MailboxId): Promise<void> {
    if (!this.#live) return;
    const { mailboxes } = await this.#ports.store.snapshot();
    const owner = mailboxes.find((one) => one.id === mailbox)?.account;
    if (owner) this.#runners.get(owner)?.look(mailbox);
  }

  pause(id: AccountId, paused: boolean): void {
    if (paused) this.#paused.add(id);
    else this.#paused.delete(id);
    this.#runners.get(id)?.pause(paused);
  }

  /** After sleep, or in another network. */
  async wakeUp(): Promise<void> {
    await Promise.all([...this.#runners.values()].map((runner) => runner.wakeUp()));
  }

  abilities(id: AccountId): Abilities | undefined {
    return this.#runners.get(id)?.abilities();
  }

  /** Operations that are being carried out now. */
  get busy(): number[] {
    return [...this.#runners.values()].flatMap((runner) => runner.busy);
  }

  /** @throws MailError where mail is not collected by POP3 */
  pop3(id: AccountId): Pop3Account {
    const runner = this.#runners.get(id);
    if (!runner) throw new MailError('not-found', 'there is no such account');
    if (!(runner instanceof Pop3Account))
      throw new MailError('bad-request', 'this account has no POP3 server');
    return runner;
  }

  /** Something that a person waits for, with an IMAP account's connection. @throws MailError */
  async errand<T>(id: AccountId, work: (link: ImapLink) => Promise<T>): Promise<T> {
    const runner = this.#runners.get(id);
    if (!runner) throw new MailError('not-found', 'there is no such account');
    return runner.errand(work);
  }

  /**
   * What of a message is shown: all of it, or of a long one that is not here the texts and the names of its parts.
   * @throws MailError
   */
  async readable(id: MessageKey): Promise<{ bytes: Uint8Array; partial?: Partial }> {
    const [row] = await this.#ports.store.rows([id]);
    const account = row && (await this.#ports.store.account(row.account));
    const long = row && account?.mode === 'imap' && row.size > wholeLimit(account);
    if (!long || row.stored) return { bytes: await this.raw(id) };
    const partial = await this.#partials.get(id, (work) => this.errand(row.account, work));
    return { bytes: partial.bytes, partial };
  }

  /** A part of a message of which only the texts are here, decoded, a piece at a time. @throws MailError */
  async download(id: MessageKey, part: string, tell: (piece: Uint8Array) => Promise<void>): Promise<void> {
    const [row] = await this.#ports.store.rows([id]);
    if (!row) throw new MailError('not-found', 'there is no such message');
    const { path, uid } = await this.#partials.place(id);
    await this.errand(row.account, (link) => link.download(path, uid, part, tell));
  }

  /** The first bytes of a message that is not here. @throws MailError */
  async head(id: MessageKey, limit: number): Promise<Uint8Array> {
    const [row] = await this.#ports.store.rows([id]);
    if (!row) throw new MailError('not-found', 'there is no such message');
    const { path, uid } = await this.#partials.place(id);
    const [bytes] = await this.errand(row.account, (link) =>
      link.sections(path, uid, [{ section: '', limit }]),
    );
    return bytes ?? new Uint8Array();
  }

  /** The exact bytes of a message, from the store or else from its server. @throws MailError `not-found`, also where it was stopped */
  async raw(id: MessageKey, following?: Following): Promise<Uint8Array> {
    const held = await this.#ports.store.raw(id);
    if (held) return held;
    const [row] = await this.#ports.store.rows([id]);
    const runner = row && this.#runners.get(row.account);
    if (!runner) throw new MailError('not-found', 'there is no such message');
    await runner.fetchBody(id, following);
    const fetched = await this.#ports.store.raw(id);
    if (!fetched) throw new MailError('not-found', 'the message is not on the server any more');
    this.#partials.forget(id);
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
