import type { ServerHolding, ServerLook } from '../../shared/contract/pop3.ts';
import type { Account, AccountStatus } from '../../shared/model/account.ts';
import type { Failure } from '../../shared/model/failure.ts';
import type { MessageKey } from '../../shared/model/ids.ts';
import type { Notice } from '../../shared/model/notice.ts';
import { MailError } from '../../shared/contract/mail-error.ts';
import type { Intake } from './intake.ts';
import { JobQueue } from './job-queue.ts';
import type { Ports } from './ports.ts';
import type { Login, Pop3Link, Pop3Listing } from './ports-engine.ts';
import type { DamagedMessage } from './ports-store.ts';
import { collect, collectedOf, takeOne, takeWhole, type Collecting } from './pop3-collect.ts';
import { holdingOf, lookAt } from './pop3-holding.ts';
import { removeFromServer, type Marked, type Removed } from './pop3-removal.ts';
import { isOther, removalsOf, uniqueUidls } from './removals.ts';
import { LoopRunner } from './runner.ts';

/** Minutes between two collections of an account that says nothing. */
const EVERY = 5;
const MINUTE = 60_000;
/** ms for which a session of a person who looks stays open without a question: nobody else may have the mailbox meanwhile. */
const LOOKING = 60_000;
/** s until the next login where the server wants some to pass and does not say how many. */
const DELAY = 60;

/** A session and what it listed: numbers mean nothing in another. */
interface Session {
  link: Pop3Link;
  listed: Pop3Listing[];
}

/** Collects mail by its schedule. What is to be removed from the server is removed only once it is durable here. */
export class Pop3Account extends LoopRunner {
  readonly #intake: Intake;
  readonly #tell: (notice: Notice) => void;
  /** A server lets in one at a time (RFC 1939 section 4). */
  readonly #jobs = new JobQueue();
  #looking: (Session & { timer: NodeJS.Timeout }) | undefined;
  #stop: AbortController | undefined;
  /** What a person waits for while mail is being collected. */
  #urgent: { run: (so: Collecting) => Promise<void>; fail: (error: MailError) => void }[] = [];
  #collecting = false;
  /** A collection that was asked for, or is due at the start. */
  #asked: boolean;
  /** s between two logins, and when the last was, ms. */
  #delay = 0;
  #lastLogin = -Infinity;

  /** @param tell what the person has to know until the program ends */
  constructor(
    account: Account,
    ports: Ports,
    intake: Intake,
    report: (status: AccountStatus) => void,
    tell: (notice: Notice) => void,
  ) {
    super(account, ports, report);
    this.#intake = intake;
    this.#tell = tell;
    this.#asked = account.collect !== 'hand';
  }

  poke(): void {
    // Everything the person does to collected mail happens on this computer.
  }

  async settle(): Promise<void> {
    // As above.
  }

  protected syncLive(): Promise<void> {
    this.#asked = true;
    return this.roundDone();
  }

  /** A POP3 server has one mailbox: the scope changes nothing. */
  protected async syncOnce(): Promise<void> {
    await this.#collect(await this.login('mail'));
  }

  protected async round(login: Login): Promise<number> {
    const every = this.account.collect ?? EVERY;
    if (typeof every !== 'number' && !this.#asked) return Infinity;
    // By hand: what fails is not tried again by itself.
    if (every === 'hand') this.#asked = false;
    await this.#collect(login);
    this.#asked = false;
    return typeof every === 'number' ? Math.max(every * MINUTE, this.#delay * 1000) : Infinity;
  }

  protected override patience(failure: Failure, failures: number): number | undefined {
    if (this.account.collect === 'hand') return undefined;
    const usual = super.patience(failure, failures);
    if (failure.responseCode !== 'LOGIN-DELAY') return usual;
    return Math.max(usual ?? 0, this.#lastLogin + (this.#delay || DELAY) * 1000 - Date.now());
  }

  protected async disconnect(): Promise<void> {
    this.interrupt();
    // What is whole is stored before it ends.
    await this.#jobs.add(0, () => this.#leave());
  }

  /** Ends what is being collected; what is whole is kept. */
  interrupt(): void {
    this.#stop?.abort();
  }

  /** What the server holds now. @throws MailError */
  holding(): Promise<ServerHolding> {
    return this.#jobs.add(0, async () => {
      await this.#leave();
      const { listed } = await this.#look();
      return holdingOf(this.ports.store, this.account, listed);
    });
  }

  /** Headers and first lines of messages on the server. @throws MailError */
  peek(uidls: readonly string[], lines: number): Promise<ServerLook[]> {
    return this.#jobs.add(0, async () => {
      const { link, listed } = await this.#look();
      try {
        return await lookAt(this.ports.mime, link, named(listed, uidls), lines);
      } catch (thrown) {
        // A server ends a session that was quiet for long: the next question opens another.
        await this.#leave();
        throw thrown;
      }
    });
  }

  /** The person is done looking. */
  leave(): Promise<void> {
    return this.#jobs.add(0, () => this.#leave());
  }

  /** What the person asked for, in a session of its own, which ends with it. @throws MailError */
  async apply(
    get: readonly string[],
    remove: readonly { uidl: string; unheld: boolean }[],
  ): Promise<Removed & { collected: number }> {
    const { store } = this.ports;
    return this.#jobs.add(0, async () => {
      await this.#leave();
      const session = await this.#connect(await this.login('mail'));
      try {
        return await this.#stoppable(session, async (so) => {
          // Deleted here, and wanted again.
          const again = (await store.collectedUidls(this.account.id)).filter((one) => one.held === 'nothing');
          const wanted = new Set(get);
          await store.forgetUidls(
            this.account.id,
            again.flatMap(({ uidl }) => (wanted.has(uidl) ? [uidl] : [])),
          );
          const collected = await takeWhole(so, named(session.listed, get));
          const names = new Map(
            named(
              session.listed,
              remove.map((one) => one.uidl),
            ).map((one) => [one.uidl, one]),
          );
          const marked = remove.flatMap(({ uidl, unheld }): Marked[] => {
            const listing = names.get(uidl);
            return listing ? [{ number: listing.number, uidl, unheld }] : [];
          });
          const done = so.signal.aborted
            ? { removed: [], kept: marked.map((one) => one.uidl) }
            : await this.#remove(session, marked);
          return { ...done, collected };
        });
      } finally {
        session.link.close();
        this.status('idle');
      }
    });
  }

  async fetchBody(key: MessageKey): Promise<void> {
    const [row] = await this.ports.store.rows([key]);
    const uidl = row?.uidl;
    if (uidl === undefined) throw new MailError('not-found', 'the message is not on the server any more');
    if (this.#collecting) {
      await new Promise<void>((resolve, reject) => {
        this.#urgent.push({ run: (so) => takeOne(so, uidl).then(resolve, reject), fail: reject });
      });
      return;
    }
    await this.#jobs.add(1, async () => {
      const session = await this.#look();
      await this.#stoppable(session, (so) => takeOne(so, uidl));
    });
  }

  #collect(login: Login): Promise<void> {
    return this.#jobs.add(0, async () => {
      await this.#leave();
      if (this.stopped) return;
      this.status('connecting');
      const session = await this.#connect(login);
      this.#collecting = true;
      try {
        await this.#stoppable(session, async (so) => {
          const between = async () => {
            for (const { run } of this.#urgent.splice(0)) await run(so);
          };
          await collect({ ...so, between });
          await between();
          // Ended by the person: nothing is deleted either.
          if (so.signal.aborted) {
            this.ended();
            return;
          }
          await this.#removeDue(session);
          this.status('online');
        });
      } finally {
        this.#collecting = false;
        session.link.close();
        const lost = new MailError('connection-lost', 'the collection ended');
        for (const { fail } of this.#urgent.splice(0)) fail(lost);
      }
    });
  }

  /** Logs in and lists. @throws MailError */
  async #connect(login: Login): Promise<Session> {
    const left = this.#lastLogin + this.#delay * 1000 - Date.now();
    if (left > 0)
      throw new MailError('mailbox-locked', `${Math.ceil(left / 1000)} s`, { responseCode: 'LOGIN-DELAY' });
    const link = await this.ports.engines.pop3(login);
    this.#lastLogin = Date.now();
    this.#delay = link.abilities().loginDelay ?? 0;
    try {
      return { link, listed: await link.list() };
    } catch (thrown) {
      link.close();
      throw thrown;
    }
  }

  /** The session of a person who looks: opened when it is needed, and closed when nobody asks any more. */
  async #look(): Promise<Session> {
    if (this.#looking) {
      this.#looking.timer.refresh();
      return this.#looking;
    }
    const session = await this.#connect(await this.login('mail'));
    const timer = setTimeout(() => void this.leave(), LOOKING);
    this.#looking = { ...session, timer };
    return session;
  }

  async #leave(): Promise<void> {
    const looking = this.#looking;
    this.#looking = undefined;
    clearTimeout(looking?.timer);
    await looking?.link.quit();
  }

  /** Work with the mailbox that a person can end. */
  async #stoppable<T>({ link, listed }: Session, work: (so: Collecting) => Promise<T>): Promise<T> {
    const { store, events, mime } = this.ports;
    const { mailbox, delta } = await store.roleMailbox(this.account.id, 'inbox');
    events.publish('delta', delta);
    const stop = new AbortController();
    this.#stop = stop;
    if (this.stopped) stop.abort();
    try {
      return await work({
        link,
        listed,
        account: this.account,
        store,
        mime,
        missed: ({ listing: { uidl, size }, failure }) => {
          // Another program may have taken it away meanwhile.
          if (failure.code === 'not-found') return;
          const { id, email } = this.account;
          this.#tell({ kind: 'not-collected', account: id, email, uidl, size, failure });
        },
        intake: this.#intake,
        mailbox,
        signal: stop.signal,
        progress: (so) => this.status('syncing', { progress: { mailbox: mailbox.name, ...so } }),
      });
    } finally {
      this.#stop = undefined;
    }
  }

  async #removeDue(session: Session): Promise<void> {
    const { store } = this.ports;
    const { id, leaveOnServer } = this.account;
    const known = await collectedOf(store, id);
    const now = Date.now();
    const fates = removalsOf(leaveOnServer, session.listed, known, now);
    const marked = session.listed.filter((one) => {
      const held = known.get(one.uidl);
      return held && (fates.get(one.number)?.due ?? Infinity) <= now && !isOther(one, held);
    });
    await this.#remove(session, marked);
    // The answer to QUIT may have been lost. A name that is kept for nothing would hide the next letter that a server gives it to.
    const there = new Set(session.listed.map(({ uidl }) => uidl));
    const gone = [...known.values()].filter((one) => one.due && !there.has(one.uidl));
    if (gone.length > 0)
      await store.forgetUidls(
        id,
        gone.map(({ uidl }) => uidl),
      );
  }

  #remove({ link }: Session, marked: readonly Marked[]): Promise<Removed> {
    const tell = ({ id, account, subject, segment, detail }: DamagedMessage) =>
      this.#tell({ kind: 'not-removed', id, account, subject, file: segment, reason: detail });
    return removeFromServer(this.ports.store, this.account.id, link, marked, tell);
  }
}

/** Messages by names that stand for one each. */
function named(listed: readonly Pop3Listing[], uidls: readonly string[]): Pop3Listing[] {
  const certain = uniqueUidls(listed);
  const wanted = new Set(uidls);
  return listed.filter(({ uidl }) => wanted.has(uidl) && certain.has(uidl));
}
