import type { Account, AccountStatus } from '../../shared/model/account.ts';
import type { MessageKey } from '../../shared/model/ids.ts';
import type { Mailbox } from '../../shared/model/mailbox.ts';
import type { SyncScope } from '../../shared/contract/account.ts';
import { failureOf, MailError } from '../../shared/contract/mail-error.ts';
import type { Intake } from './intake.ts';
import { JobQueue } from './job-queue.ts';
import type { Ports } from './ports.ts';
import type { ImapLink, Login } from './ports-engine.ts';
import { replayOperations } from './replay.ts';
import { LoopRunner } from './runner.ts';
import { crashPoint } from '../fault/crash-point.ts';

/** What the person waits for goes before what they did, before what may come later. */
const URGENT = 3;
const OPERATIONS = 2;
const MAILBOXES = 1;
const BODIES = 0;
/** Bytes of bodies fetched in one job: an opened message never waits longer than this takes. */
const BODY_BATCH = 4 * 1024 * 1024;
const BODY_COUNT = 100;
/** ms between two looks at the mailboxes that are not watched. */
const POLL = 5 * 60_000;
/** ms until work that failed is tried again, twice as long each time. */
const RETRY = 2000;
const LONGEST_RETRY = 60_000;

/** One connection watches INBOX; a second does everything else, so that neither waits for the other. */
export class ImapAccount extends LoopRunner {
  readonly #intake: Intake;
  readonly #jobs = new JobQueue();
  #watch: ImapLink | undefined;
  #work: ImapLink | undefined;
  #news: Promise<void> | undefined;
  #moreNews = false;
  #retry: NodeJS.Timeout | undefined;
  /** In a row, of work behind. */
  #failures = 0;

  constructor(account: Account, ports: Ports, intake: Intake, report: (status: AccountStatus) => void) {
    super(account, ports, report);
    this.#intake = intake;
  }

  poke(): void {
    if (this.#watch) this.#background(this.settle());
  }

  settle(): Promise<void> {
    return this.#jobs.add(OPERATIONS, () => this.#errand((link) => this.#replay(link)));
  }

  async fetchBody(key: MessageKey): Promise<void> {
    const [place] = await this.ports.store.places([key]);
    if (!place) throw new MailError('not-found', 'the message is not on the server any more');
    await this.#jobs.add(URGENT, () =>
      this.#errand(async (link) => {
        const added = await link.fetchWhole(place.path, [place.uid]);
        if (added.length === 0) throw new MailError('not-found', 'the message is not on the server any more');
        await this.#intake.take(place.mailbox, { added, flags: [], removed: [] });
      }),
    );
  }

  protected async syncLive(scope: SyncScope): Promise<void> {
    if (!this.#watch) return this.roundDone();
    await Promise.all([this.#hear(), this.#syncOthers(scope)]);
  }

  protected syncOnce(scope: SyncScope): Promise<void> {
    return this.#errand(async (link) => {
      this.status('syncing');
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
    const poll = setInterval(() => this.#background(this.#syncOthers({})), POLL);
    try {
      await this.#listMailboxes(link);
      const inbox = (await this.ports.store.mailboxes(this.account.id)).find((one) => one.role === 'inbox');
      if (inbox) {
        this.status('syncing', { progress: { mailbox: inbox.name, done: 0, total: 0 } });
        await this.#syncOne(link, inbox);
        await link.watch(inbox.path, () => this.#background(this.#hear()));
        // What arrived between the two is heard now.
        this.#background(this.#hear());
      }
      if (!this.troubled) this.status('online');
      this.poke();
      this.#background(this.#syncOthers({}).then(() => this.#passed()));
      await link.closed;
      return 0;
    } finally {
      clearInterval(poll);
      clearTimeout(this.#retry);
      this.#retry = undefined;
      await this.disconnect();
    }
  }

  protected async disconnect(): Promise<void> {
    const links = [this.#watch, this.#work].filter((link) => link !== undefined);
    this.#watch = undefined;
    this.#work = undefined;
    await Promise.all(links.map((link) => link.close()));
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
      const inbox = (await this.ports.store.mailboxes(this.account.id)).find((one) => one.role === 'inbox');
      if (inbox) await this.#syncOne(this.#watch, inbox);
      // That there was nothing new for a disk that is full does not make it empty.
      if (!this.troubled) this.status('online');
    }
  }

  /** Every mailbox but INBOX, which is watched; then the bodies of all of them. */
  async #syncOthers(scope: SyncScope): Promise<void> {
    const chosen = await this.#chosen(scope);
    const sync = (mailbox: Mailbox) =>
      this.#jobs.add(MAILBOXES, async () => this.#syncOne(await this.#worker(), mailbox));
    const fetch = async (mailbox: Mailbox) => {
      // One batch a job, so that what is more urgent comes in between.
      const batch = async () => !this.stopped && (await this.#fetchBodies(await this.#worker(), mailbox));
      while (await this.#jobs.add(BODIES, batch));
    };
    await everyOne([
      ...chosen.filter((one) => one.role !== 'inbox').map(sync),
      ...(scope.headersOnly ? [] : chosen.map(fetch)),
    ]);
  }

  /** INBOX first. @throws MailError `not-found` when the one asked for is not there */
  async #chosen(scope: SyncScope): Promise<Mailbox[]> {
    const all = await this.ports.store.mailboxes(this.account.id);
    const chosen = all.filter(
      (one) => one.selectable && (scope.mailbox === undefined || one.path === scope.mailbox),
    );
    if (scope.mailbox !== undefined && chosen.length === 0) {
      throw new MailError('not-found', `there is no mailbox ${scope.mailbox}`);
    }
    return chosen.sort((a, b) => Number(b.role === 'inbox') - Number(a.role === 'inbox'));
  }

  async #listMailboxes(link: ImapLink): Promise<void> {
    this.ports.events.publish(
      'delta',
      await this.ports.store.putMailboxes(this.account.id, await link.list()),
    );
  }

  async #syncOne(link: ImapLink, mailbox: Mailbox): Promise<void> {
    const { store } = this.ports;
    const known = { ...(await store.mark(mailbox.id)), messages: () => store.known(mailbox.id) };
    await link.sync(mailbox.path, known, async (told, progress) => {
      await this.#intake.take(mailbox.id, told);
      crashPoint('imap.told');
      if (progress.done < progress.total && told.added.length > 20) {
        this.status('syncing', { progress: { mailbox: mailbox.name, ...progress } });
      }
    });
  }

  /** One batch of bodies. @returns whether there may be more */
  async #fetchBodies(link: ImapLink, { id, path }: Mailbox): Promise<boolean> {
    const wanted: number[] = [];
    let bytes = 0;
    for (const { uid, size } of await this.ports.store.bodiless(id, BODY_COUNT)) {
      if (wanted.length > 0 && bytes + size > BODY_BATCH) break;
      wanted.push(uid);
      bytes += size;
    }
    if (wanted.length === 0) return false;
    const added = await link.fetchWhole(path, wanted);
    await this.#intake.take(id, { added, flags: [], removed: [] });
    crashPoint('imap.bodies');
    if (added.length > 0) this.#passed();
    return added.length > 0;
  }

  async #replay(link: ImapLink): Promise<void> {
    const waiting = await this.ports.store.operations(this.account.id);
    if (waiting.length > 0) await replayOperations(this.ports, this.account.id, waiting, link);
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

  /** The second connection, opened when there is work for it. */
  async #worker(): Promise<ImapLink> {
    if (this.#work) return this.#work;
    if (!this.#watch) throw new MailError('connection-lost', 'not connected');
    const link = await this.ports.engines.imap(await this.login('mail'));
    this.#work = link;
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
