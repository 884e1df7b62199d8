import type { Account, AccountStatus } from '../../shared/model/account.ts';
import type { MailboxId, MessageKey } from '../../shared/model/ids.ts';
import type { Mailbox } from '../../shared/model/mailbox.ts';
import type { SyncScope } from '../../shared/contract/account.ts';
import { failureOf, MailError } from '../../shared/contract/mail-error.ts';
import { answers } from './answers.ts';
import { fetchBodies, keepOf } from './bodies.ts';
import type { Intake } from './intake.ts';
import { JobQueue } from './job-queue.ts';
import type { Ports } from './ports.ts';
import type { Abilities, Following, ImapLink, Login, MailboxStatus } from './ports-engine.ts';
import { LoopRunner } from './runner.ts';
import { Telling } from './telling.ts';
import { Watchers } from './watchers.ts';
import { crashPoint } from '../fault/crash-point.ts';

/** What the person waits for goes before what they did, before what may come later. */
const URGENT = 3;
const OPERATIONS = 2;
const MAILBOXES = 1;
const BODIES = 0;
/** ms between two looks at the mailboxes that are not watched: where one list has all counts, and where each is opened. */
export const PACE = { poll: 60_000, pollEach: 5 * 60_000 };
/** ms after which a connection gives way to a new one when the person asks: a session may go on listing what it knew. */
const STALE = 20_000;
/** ms until work that failed is tried again, twice as long each time. */
const RETRY = 2000;
const LONGEST_RETRY = 60_000;

/**
 * One connection watches INBOX, and all others where the server can tell of all by one; a second does everything else, so
 * that neither waits for the other.
 */
export class ImapAccount extends LoopRunner {
  readonly #intake: Intake;
  readonly #jobs = new JobQueue();
  #watch: ImapLink | undefined;
  #work: ImapLink | undefined;
  #workSince = 0;
  #news: Promise<void> | undefined;
  #moreNews = false;
  #retry: NodeJS.Timeout | undefined;
  /** In a row, of work behind. */
  #failures = 0;
  /** As the last list counted, by path. */
  #counts = new Map<string, MailboxStatus>();
  /** All that the last list named: what else is here, its server has not, or not yet. */
  #listed: ReadonlySet<string> = new Set();
  /** Mailboxes that were refused by a connection made for asking once more. */
  readonly #refused = new Set<MailboxId>();
  #notifies = false;
  #paused = false;
  readonly #watchers: Watchers;
  readonly #telling: Telling;
  /** Mailboxes of which there is news that was not heard yet. */
  readonly #dirty = new Set<string>();

  constructor(account: Account, ports: Ports, intake: Intake, report: (status: AccountStatus) => void) {
    super(account, ports, report);
    this.#intake = intake;
    this.#telling = new Telling(ports, account.id);
    this.#watchers = new Watchers(
      async (purpose) => this.ports.engines.imap(await this.login(purpose)),
      (mailbox) => this.#background(this.#syncById(mailbox)),
    );
  }

  override get busy(): number[] {
    return this.#telling.busy;
  }

  override look(mailbox: MailboxId): void {
    if (this.#watch) this.#background(this.#lookAt(mailbox));
  }

  override pause(paused: boolean): void {
    this.#paused = paused;
    this.restate();
    if (!paused && this.#watch) this.#background(this.#syncOthers({}));
  }

  override get paused(): boolean {
    return this.#paused;
  }

  override abilities(): Abilities | undefined {
    return this.#watch?.abilities();
  }

  override async probe(): Promise<void> {
    const links = [this.#watch, this.#work].filter((link) => link !== undefined);
    await Promise.all(links.map(async (link) => (await answers(link)) || link.close()));
  }

  override errand<T>(work: (link: ImapLink) => Promise<T>): Promise<T> {
    return this.#jobs.add(URGENT, () => this.#errand(work));
  }

  poke(): void {
    if (this.#watch) this.#background(this.settle());
  }

  settle(): Promise<void> {
    return this.#jobs.add(OPERATIONS, () => this.#errand((link) => this.#replay(link)));
  }

  async fetchBody(key: MessageKey, following?: Following): Promise<void> {
    const [place] = await this.ports.store.places([key]);
    if (!place) throw new MailError('not-found', 'the message is not on the server any more');
    await this.#jobs.add(URGENT, () =>
      this.#errand(async (link) => {
        const added = await link.fetchWhole(place.path, [place.uid], following);
        if (following?.signal.aborted) return;
        if (added.length === 0) throw new MailError('not-found', 'the message is not on the server any more');
        await this.#intake.take(place.mailbox, { added, flags: [], removed: [] });
      }),
    );
  }

  protected async syncLive(scope: SyncScope): Promise<void> {
    if (!this.#watch) return this.roundDone();
    const others = async () => {
      await this.#jobs.add(OPERATIONS, () => this.#renew());
      await this.settle();
      // Counts of a list from before say nothing of now.
      await this.#poll(scope);
    };
    await everyOne([this.#hear(), others()]);
  }

  protected syncOnce(scope: SyncScope): Promise<void> {
    return this.#errand(async (link) => {
      this.status('syncing');
      await this.#telling.mailboxes(link);
      await this.#listMailboxes(link);
      await this.#replay(link);
      const chosen = await this.#chosen(scope);
      for (const mailbox of chosen) await this.#syncOne(link, mailbox);
      if (!scope.headersOnly) {
        for (const mailbox of chosen) while (await this.#fetchBodies(link, mailbox));
      }
      this.status('online');
    });
  }

  protected async round(login: Login): Promise<number> {
    this.status('connecting');
    const link = await this.ports.engines.imap(login);
    this.#watch = link;
    // Stopped while it was being made: nobody else would close it.
    if (this.stopped) {
      await this.disconnect();
      return 0;
    }
    let poll: NodeJS.Timeout | undefined;
    let ask: NodeJS.Timeout | undefined;
    try {
      await this.#telling.mailboxes(link);
      await this.#listMailboxes(link);
      const pace = this.#counts.size > 0 ? PACE.poll : PACE.pollEach;
      poll = setInterval(() => this.#background(this.#poll()), pace);
      const inbox = await this.#mailbox((one) => one.role === 'inbox');
      if (inbox) {
        this.status('syncing', { progress: { mailbox: inbox.name, done: 0, total: 0 } });
        await this.#syncOne(link, inbox);
        await link.watch(inbox.path, () => this.#background(this.#hear()));
        // A server without IDLE tells nothing unasked.
        if (!link.abilities().advertised.includes('IDLE'))
          ask = setInterval(() => this.#background(this.#hear()), PACE.poll);
        // What arrived between the two is heard now.
        this.#background(this.#hear());
      }
      this.#notifies = await link.notify((path) => this.#background(this.#heardOf(path)));
      if (!this.troubled) this.status('online');
      this.poke();
      this.#background(this.#syncOthers({}).then(() => this.#passed()));
      await link.closed;
      return 0;
    } finally {
      clearInterval(poll);
      clearInterval(ask);
      clearTimeout(this.#retry);
      this.#retry = undefined;
      await this.disconnect();
    }
  }

  protected async disconnect(): Promise<void> {
    const links = [this.#watch, this.#work].filter((link) => link !== undefined);
    this.#watch = undefined;
    this.#work = undefined;
    this.#notifies = false;
    this.#counts.clear();
    await Promise.all([this.#watchers.close(), ...links.map((link) => link.close())]);
  }

  /** Something in INBOX changed. News that comes while news is fetched is one more round, not many. */
  #hear(): Promise<void> {
    this.#moreNews = true;
    this.#news ??= this.#fetchNews().finally(() => {
      this.#news = undefined;
    });
    return this.#news;
  }

  async #fetchNews(): Promise<void> {
    while (this.#moreNews && this.#watch) {
      this.#moreNews = false;
      const inbox = await this.#mailbox((one) => one.role === 'inbox');
      // What came as headers alone gets its bodies now, and the next news need not wait for them.
      if (inbox && (await this.#syncOne(this.#watch, inbox))) this.#background(this.#bodiesOf(inbox));
      // That there was nothing new for a disk that is full does not make it empty.
      if (!this.troubled) this.status('online');
    }
  }

  /** Every mailbox but INBOX, which is watched; then the bodies of all of them. */
  async #syncOthers(scope: SyncScope): Promise<void> {
    const chosen = await this.#chosen(scope);
    const sync = (mailbox: Mailbox) =>
      this.#jobs.add(MAILBOXES, async () => {
        const now = await this.#still(mailbox, scope);
        if (!now || !this.#listed.has(now.path) || (await this.#unchanged(now))) return;
        await this.#working((link) => this.#syncOrGone(link, now));
      });
    await everyOne([
      ...chosen.filter((one) => one.role !== 'inbox').map(sync),
      ...(scope.headersOnly ? [] : chosen.map((mailbox) => this.#bodiesOf(mailbox, scope))),
    ]);
  }

  /** The mailbox as it is now, unless the person has left it out meanwhile. */
  async #still({ id }: Mailbox, scope: SyncScope): Promise<Mailbox | undefined> {
    const now = await this.#mailbox((one) => one.id === id);
    return now?.excluded === true && scope.mailbox === undefined ? undefined : now;
  }

  async #mailbox(is: (mailbox: Mailbox) => boolean): Promise<Mailbox | undefined> {
    return (await this.ports.store.mailboxes(this.account.id)).find(is);
  }

  /** INBOX first. @throws MailError `not-found` when the one asked for is not there */
  async #chosen(scope: SyncScope): Promise<Mailbox[]> {
    const all = await this.ports.store.mailboxes(this.account.id);
    const chosen = all.filter(
      (one) =>
        one.selectable &&
        one.local !== true &&
        (scope.mailbox === undefined
          ? one.excluded !== true && this.#listed.has(one.path)
          : one.path === scope.mailbox),
    );
    if (scope.mailbox !== undefined && chosen.length === 0) {
      throw new MailError('not-found', `there is no mailbox ${scope.mailbox}`);
    }
    return chosen.sort((a, b) => Number(b.role === 'inbox') - Number(a.role === 'inbox'));
  }

  async #listMailboxes(link: ImapLink): Promise<void> {
    const listed = await link.list();
    this.#counts = new Map(listed.flatMap((one) => (one.status ? [[one.path, one.status]] : [])));
    this.#listed = new Set(listed.map((one) => one.path));
    this.ports.events.publish('delta', await this.ports.store.putMailboxes(this.account.id, listed));
  }

  /** Asks what mailboxes there are, with all counts at once where that can be, and looks into those that changed. */
  async #poll(scope: SyncScope = {}): Promise<void> {
    await this.#jobs.add(MAILBOXES, () => this.#working((link) => this.#listMailboxes(link)));
    await this.#syncOthers(scope);
  }

  /** A mailbox that cannot be opened may be one that is there no more: then that is all that happened. */
  async #syncOrGone(link: ImapLink, mailbox: Mailbox): Promise<void> {
    const { id } = mailbox;
    const isThere = async () => {
      const now = await this.#mailbox((one) => one.id === id);
      return now !== undefined && this.#listed.has(now.path);
    };
    try {
      await this.#syncOne(link, mailbox);
      this.#refused.delete(id);
    } catch (thrown) {
      if (failureOf(thrown).code !== 'server-refused') throw thrown;
      // Another one that failed has asked already.
      if (!(await isThere())) return;
      // The server does not know yet what the person called it: when it does it is looked at.
      if (await this.#telling.mailboxesWait()) return;
      await this.#listMailboxes(link);
      if (!(await isThere())) return;
      if (this.#refused.has(id)) throw thrown;
      this.#refused.add(id);
      // A server may go on listing to one connection what another has renamed: a new one hears what is there.
      const fresh = await this.#afresh(link);
      await this.#listMailboxes(fresh);
      if (await isThere()) await this.#syncOne(fresh, mailbox);
      this.#refused.delete(id);
    }
  }

  /** The next work is done by a new connection, unless this one is young. */
  async #renew(): Promise<void> {
    const link = this.#work;
    if (!link || Date.now() - this.#workSince < STALE) return;
    this.#work = undefined;
    await link.close();
  }

  /** Another working connection in the place of this one. */
  async #afresh(link: ImapLink): Promise<ImapLink> {
    if (this.#work === link) this.#work = undefined;
    await link.close();
    return this.#worker();
  }

  /** By the mod-sequence of the last list alone it is certain that nothing happened (RFC 7162 section 3.1.2.1). */
  async #unchanged(mailbox: Mailbox): Promise<boolean> {
    const counted = this.#counts.get(mailbox.path);
    if (counted?.highestModseq === undefined) return false;
    const { cursor } = await this.ports.store.mark(mailbox.id);
    return (
      cursor?.highestModseq === counted.highestModseq &&
      cursor.uidValidity === counted.uidValidity &&
      counted.highestModseq !== '0'
    );
  }

  /** The server told of a change, or that the list of mailboxes changed. Many changes of one mailbox are heard once. */
  async #heardOf(path: string | undefined): Promise<void> {
    const name = path ?? '';
    if (this.#dirty.has(name)) return;
    this.#dirty.add(name);
    await this.#jobs.add(MAILBOXES, async () => {
      this.#dirty.delete(name);
      const link = await this.#worker();
      if (path === undefined) return this.#listMailboxes(link);
      await this.#syncPath(link, path);
    });
    const mailbox = await this.#mailbox((one) => one.path === path);
    if (mailbox) await this.#bodiesOf(mailbox);
  }

  async #syncById(id: MailboxId): Promise<void> {
    const mailbox = await this.#mailbox((one) => one.id === id);
    if (mailbox) await this.#heardOf(mailbox.path);
  }

  async #syncPath(link: ImapLink, path: string): Promise<void> {
    const mailbox = await this.#mailbox((one) => one.path === path);
    if (mailbox?.selectable !== true || mailbox.local === true) return;
    if (mailbox.excluded === true || !this.#listed.has(path)) return;
    if (mailbox.role === 'inbox') await this.#hear();
    else await this.#syncOne(link, mailbox);
  }

  /** One batch a job, so that what is more urgent comes in between. */
  async #bodiesOf(mailbox: Mailbox, scope: SyncScope = {}): Promise<void> {
    const batch = async () => {
      const now = await this.#still(mailbox, scope);
      if (now === undefined || this.stopped || this.#paused) return false;
      return this.#working((link) => this.#fetchBodies(link, now));
    };
    while (await this.#jobs.add(BODIES, batch));
  }

  /** The person opened it: it is brought in step now, and stays so. */
  async #lookAt(id: MailboxId): Promise<void> {
    const mailbox = await this.#mailbox((one) => one.id === id);
    if (mailbox?.selectable !== true || mailbox.local === true) return;
    if (mailbox.role === 'inbox' || !this.#listed.has(mailbox.path)) return;
    // NOTIFY tells of the person's own mailboxes (RFC 5465 section 6): not of what others let them into.
    const told = this.#notifies && mailbox.owner === undefined;
    if (!told && mailbox.excluded !== true) void this.#watchers.watch(id, mailbox.path);
    await this.#jobs.add(MAILBOXES, async () => {
      const link = await this.#worker();
      if (mailbox.excluded !== true) await this.#syncOne(link, mailbox);
      const rights = await link.rights(mailbox.path);
      if (rights !== undefined)
        this.ports.events.publish('delta', await this.ports.store.setRights(id, rights));
    });
    await this.#bodiesOf(mailbox);
  }

  /** @returns whether messages came without their bodies */
  async #syncOne(link: ImapLink, mailbox: Mailbox): Promise<boolean> {
    const { store } = this.ports;
    let headers = false;
    const known = {
      ...(await store.mark(mailbox.id)),
      headersOnly: keepOf(this.account, mailbox) === 'headers',
      messages: () => store.known(mailbox.id),
    };
    await link.sync(mailbox.path, known, async (told, progress) => {
      await this.#intake.take(mailbox.id, told);
      crashPoint('imap.told');
      headers ||= told.added.some((one) => !one.whole);
      if (progress.done < progress.total && told.added.length > 20) {
        this.status('syncing', { progress: { mailbox: mailbox.name, ...progress } });
      }
    });
    return headers;
  }

  /** One batch of bodies. @returns whether there may be more */
  async #fetchBodies(link: ImapLink, mailbox: Mailbox): Promise<boolean> {
    const { store } = this.ports;
    const more = await fetchBodies({ store, intake: this.#intake }, this.account, link, mailbox);
    if (more) this.#passed();
    return more;
  }

  async #replay(link: ImapLink): Promise<void> {
    if (await this.#telling.all(link)) await this.#listMailboxes(link);
  }

  /** By the working connection of a started account; else by one that is made for it and closed again. */
  async #errand<T>(work: (link: ImapLink) => Promise<T>): Promise<T> {
    if (this.started) return work(await this.#worker());
    const link = await this.ports.engines.imap(await this.login('mail'));
    try {
      return await work(link);
    } finally {
      await link.close();
    }
  }

  /**
   * Looks by the working connection, and once more by a new one: a server ends a session when somebody deletes the mailbox that
   * is open in it.
   */
  async #working<T>(work: (link: ImapLink) => Promise<T>): Promise<T> {
    const link = await this.#worker();
    try {
      return await work(link);
    } catch (thrown) {
      if (failureOf(thrown).code !== 'connection-lost' || !this.#watch || this.stopped) throw thrown;
      if (this.#work === link) this.#work = undefined;
      return work(await this.#worker());
    }
  }

  /** The second connection, opened when there is work for it. */
  async #worker(): Promise<ImapLink> {
    if (this.#work) return this.#work;
    if (!this.#watch) throw new MailError('connection-lost', 'not connected');
    const link = await this.ports.engines.imap(await this.login('mail'));
    if (!this.#watch) {
      await link.close();
      throw new MailError('connection-lost', 'not connected');
    }
    this.#work = link;
    this.#workSince = Date.now();
    void link.closed.then(() => {
      if (this.#work === link) this.#work = undefined;
    });
    return link;
  }

  /** Work nobody waits for. A lost connection tells of itself; anything else, like a full disk, the person has to know. */
  #background(work: Promise<unknown>): void {
    work.catch((thrown: unknown) => {
      const failure = failureOf(thrown);
      if (this.#watch && !this.stopped && failure.code !== 'connection-lost')
        this.status('failed', { failure });
      this.#tryAgain();
    });
  }

  /** Something was stored, or there is nothing left to store. */
  #passed(): void {
    if (this.troubled && this.#watch) this.status('online');
  }

  /** What failed here and not on the way to the server, like a full disk, passes without the server's help. */
  #tryAgain(): void {
    if (!this.#watch || this.stopped || this.#retry) return;
    const wait = Math.min(RETRY * 2 ** this.#failures, LONGEST_RETRY);
    this.#failures += 1;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      if (!this.#watch) return;
      // News first: what it brings of INBOX may be headers alone, whose bodies are fetched with the others.
      const all = Promise.all([this.settle(), this.#hear()]).then(async () => {
        await this.#syncOthers({});
        this.#failures = 0;
        this.#passed();
      });
      this.#background(all);
    }, wait);
  }
}

/** Resolves when all have ended, well or not. @throws the first failure */
async function everyOne(work: Promise<unknown>[]): Promise<void> {
  for (const done of await Promise.allSettled(work)) if (done.status === 'rejected') throw done.reason;
}
