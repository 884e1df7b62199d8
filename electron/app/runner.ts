import type { Account, AccountStatus } from '../../shared/model/account.ts';
import { incomingServer } from '../../shared/model/account.ts';
import type { Failure, FailureCode } from '../../shared/model/failure.ts';
import type { MailboxId, MessageKey } from '../../shared/model/ids.ts';
import type { SyncScope } from '../../shared/contract/account.ts';
import { failureOf, MailError } from '../../shared/contract/mail-error.ts';
import type { Ports } from './ports.ts';
import type { Abilities, Following, ImapLink, Login } from './ports-engine.ts';
import { isTrouble } from './trouble.ts';

/** Works for one account: keeps it in step with its server once started, or connects for one errand when it is not. */
export interface AccountRunner {
  start(): void;
  stop(): Promise<void>;
  /** Brings the account in step with its server now. Resolves when it is. @throws MailError */
  sync(scope: SyncScope): Promise<void>;
  /** There are operations to replay. */
  poke(): void;
  /** Tells the server what waits to be told. Resolves when it was. @throws MailError */
  settle(): Promise<void>;
  /** Gets the body of a message of which only the header is here. Followed and stopped, nothing of it is stored. */
  fetchBody(key: MessageKey, following?: Following): Promise<void>;
  /** The person opened a mailbox: it is kept in step as closely as can be. */
  look(mailbox: MailboxId): void;
  /** Bodies are not fetched ahead while it is paused. */
  pause(paused: boolean): void;
  readonly paused: boolean;
  /** Operations that are being carried out now. */
  readonly busy: number[];
  /** What the server of a connected IMAP account can do. */
  abilities(): Abilities | undefined;
  /** After sleep, or in another network: looks whether the connections are still there, and comes back at once. */
  wakeUp(): Promise<void>;
  /** Something that a person waits for. @throws MailError `bad-request` where there is no IMAP server */
  errand<T>(work: (link: ImapLink) => Promise<T>): Promise<T>;
}

/** ms before the next try after the first, second… failure. */
const BACK_OFF = [1000, 2000, 5000, 10_000, 30_000, 60_000];

/** What both kinds of runner share: a loop that connects, works, and after a failure waits longer each time. */
export abstract class LoopRunner implements AccountRunner {
  protected readonly account: Account;
  protected readonly ports: Ports;
  protected stopped = false;
  readonly #report: (status: AccountStatus) => void;
  #loop: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  #woken = false;
  #lastSync: number | undefined;
  #last: AccountStatus | undefined;
  /** Told once, however often it is tried again. */
  #trouble: FailureCode | undefined;
  #waiters: { resolve: () => void; reject: (error: MailError) => void }[] = [];

  constructor(account: Account, ports: Ports, report: (status: AccountStatus) => void) {
    this.account = account;
    this.ports = ports;
    this.#report = report;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.disconnect();
    await this.#loop;
    this.#tell(new MailError('connection-lost', 'the account was stopped'));
  }

  sync(scope: SyncScope): Promise<void> {
    return this.#loop ? this.syncLive(scope) : this.syncOnce(scope);
  }

  look(_mailbox: MailboxId): void {
    // What is collected comes by the clock.
  }

  pause(_paused: boolean): void {
    // There are no bodies without headers.
  }

  get paused(): boolean {
    return false;
  }

  get busy(): number[] {
    return [];
  }

  abilities(): Abilities | undefined {
    return undefined;
  }

  async errand<T>(_work: (link: ImapLink) => Promise<T>): Promise<T> {
    throw new MailError('bad-request', 'this account has no IMAP server');
  }

  async wakeUp(): Promise<void> {
    this.wake();
    await this.probe();
  }

  /** Closes what is not there any more. */
  protected async probe(): Promise<void> {
    // Nothing stays connected.
  }

  abstract settle(): Promise<void>;
  abstract poke(): void;
  abstract fetchBody(key: MessageKey, following?: Following): Promise<void>;
  /** In step by the loop's own connections. */
  protected abstract syncLive(scope: SyncScope): Promise<void>;
  /** In step by a connection made for it. */
  protected abstract syncOnce(scope: SyncScope): Promise<void>;
  /** One round: resolves when there is nothing to do but wait (ms, or until somebody asks), or the connection ended (0). */
  protected abstract round(login: Login): Promise<number>;
  protected abstract disconnect(): Promise<void>;

  /** ms until the next try after the first, second… failure in a row; undefined: until somebody asks. */
  protected patience(_failure: Failure, failures: number): number | undefined {
    return BACK_OFF[Math.min(failures, BACK_OFF.length - 1)];
  }

  protected status(
    state: AccountStatus['state'],
    more: Pick<AccountStatus, 'progress' | 'failure' | 'nextTry'> = {},
  ): void {
    if (state === 'online') {
      this.#lastSync = Date.now();
      this.#tell();
    } else if (more.failure) {
      const { code, detail, ...rest } = more.failure;
      this.#tell(new MailError(code, detail, rest));
    }
    const code = more.failure?.code;
    if (this.#trouble !== undefined) {
      // Another try is no news before something of it was stored, and neither is that it came to the same.
      const tries = state === 'connecting' || (state === 'syncing' && !more.progress?.done);
      if (tries || (state === 'failed' && code === this.#trouble)) return;
    }
    this.#trouble = state === 'failed' && isTrouble(code) ? code : undefined;
    this.#last = {
      account: this.account.id,
      state,
      ...more,
      ...(this.#lastSync === undefined ? {} : { lastSync: this.#lastSync }),
    };
    this.restate();
  }

  /** Says once more how things stand: they are as they were, but whether it is paused. */
  protected restate(): void {
    const last = this.#last ?? { account: this.account.id, state: 'idle' };
    this.#report({ ...last, ...(this.paused ? { paused: true } : {}) });
  }

  /** A failure of this computer was told that is not over. */
  protected get troubled(): boolean {
    return this.#trouble !== undefined;
  }

  protected get started(): boolean {
    return this.#loop !== undefined;
  }

  /** The end of the round under way or, when it rests, of the next one, which begins now. */
  protected roundDone(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.wake();
    });
  }

  #tell(failure?: MailError): void {
    for (const { resolve, reject } of this.#waiters.splice(0)) {
      if (failure) reject(failure);
      else resolve();
    }
  }

  /** What was asked for has ended before it was done, as the person wanted. */
  protected ended(): void {
    this.status('idle');
    this.#tell();
  }

  protected wake(): void {
    this.#woken = true;
    this.#wake?.();
  }

  /** @throws MailError `no-password` */
  protected async login(purpose: string): Promise<Login> {
    const { id, email } = this.account;
    const server = incomingServer(this.account);
    const password = await this.ports.secrets.get(id);
    if (!server) throw new MailError('bad-request', 'the account has no server settings');
    if (password === undefined) throw new MailError('no-password', '');
    return { account: id, email, server, password, purpose };
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.stopped;) {
      try {
        const rest = await this.round(await this.login('mail'));
        failures = 0;
        if (rest > 0) await this.#rest(rest === Infinity ? undefined : rest);
        else if (!this.stopped) this.status('offline', { failure: { code: 'connection-lost', detail: '' } });
        if (rest === 0) await this.#rest(BACK_OFF[0] ?? 1000);
      } catch (thrown) {
        if (this.stopped) return;
        const failure = failureOf(thrown);
        const asks = failure.code === 'wrong-password' || failure.code === 'no-password';
        const passing = [
          'host-not-found',
          'refused',
          'timeout',
          'connection-lost',
          'mailbox-locked',
        ].includes(failure.code);
        // Without a password there is nothing to try: only the person can go on.
        const rest = asks ? undefined : this.patience(failure, failures);
        const nextTry = rest === undefined ? {} : { nextTry: Date.now() + rest };
        this.status(asks ? 'needs-password' : passing ? 'offline' : 'failed', { failure, ...nextTry });
        await this.#rest(rest);
        failures += 1;
      }
    }
  }

  async #rest(ms: number | undefined): Promise<void> {
    if (!this.#woken && !this.stopped) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (ms !== undefined) timer = setTimeout(resolve, ms);
      });
      clearTimeout(timer);
      this.#wake = undefined;
    }
    this.#woken = false;
  }
}
