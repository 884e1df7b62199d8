import type { Account, AccountStatus } from '../../shared/model/account.ts';
import type { MailboxId, MessageKey } from '../../shared/model/ids.ts';
import type { Mailbox } from '../../shared/model/mailbox.ts';
import { failureOf, MailError } from '../../shared/contract/mail-error.ts';
import type { Intake } from './intake.ts';
import { JobQueue } from './job-queue.ts';
import type { ImapLink, Login, Ports } from './ports.ts';
import { replayOperations } from './replay.ts';
import { LoopRunner } from './runner.ts';

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

/** One connection watches INBOX; a second does everything else, so that neither waits for the other. */
export class ImapAccount extends LoopRunner {
  readonly #intake: Intake;
  readonly #jobs = new JobQueue();
  #watch: ImapLink | undefined;
  #work: ImapLink | undefined;
  #news: Promise<void> | undefined;
  #moreNews = false;

  constructor(account: Account, ports: Ports, intake: Intake, report: (status: AccountStatus) => void) {
    super(account, ports, report);
    this.#intake = intake;
  }

  async sync(): Promise<void> {
    if (!this.#watch) {
      this.wake();
      return;
    }
    this.#hear();
    void this.#syncOthers();
  }

  poke(): void {
    this.#background(this.#jobs.add(OPERATIONS, () => this.#replay()));
  }

  async fetchBody(key: MessageKey): Promise<void> {
    const [place] = await this.ports.store.places([key]);
    if (!place) throw new MailError('not-found', 'the message is not on the server any more');
    await this.#jobs.add(URGENT, async () => {
      const link = await this.#worker();
      const added = await link.fetchWhole(place.path, [place.uid]);
      if (added.length === 0) throw new MailError('not-found', 'the message is not on the server any more');
      await this.#intake.take(place.mailbox, { added, flags: [], removed: [] });
    });
  }

  protected async round(login: Login): Promise<number> {
    this.status('connecting');
    const link = await this.ports.engines.imap(login);
    this.#watch = link;
    const poll = setInterval(() => void this.#syncOthers(), POLL);
    try {
      await this.#listMailboxes(link);
      const inbox = (await this.ports.store.mailboxes(this.account.id)).find((one) => one.role === 'inbox');
      if (inbox) {
        this.status('syncing', { progress: { mailbox: inbox.name, done: 0, total: 0 } });
        await this.#syncOne(link, inbox);
        await link.watch(inbox.path, () => this.#hear());
        // What arrived between the two is heard now.
        this.#hear();
      }
      this.status('online');
      this.poke();
      void this.#syncOthers();
      await link.closed;
      return 0;
    } finally {
      clearInterval(poll);
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
  #hear(): void {
    this.#moreNews = true;
    this.#news ??= this.#fetchNews().finally(() => {
      this.#news = undefined;
    });
    this.#background(this.#news);
  }

  async #fetchNews(): Promise<void> {
    while (this.#moreNews && this.#watch) {
      this.#moreNews = false;
      const inbox = (await this.ports.store.mailboxes(this.account.id)).find((one) => one.role === 'inbox');
      if (inbox) await this.#syncOne(this.#watch, inbox);
      this.status('online');
    }
  }

  async #syncOthers(): Promise<void> {
    const mailboxes = await this.ports.store.mailboxes(this.account.id);
    for (const mailbox of mailboxes.filter((one) => one.selectable && one.role !== 'inbox')) {
      this.#background(this.#jobs.add(MAILBOXES, async () => this.#syncOne(await this.#worker(), mailbox)));
    }
    for (const mailbox of mailboxes.filter((one) => one.selectable)) {
      this.#background(this.#jobs.add(BODIES, () => this.#fetchBodies(mailbox.id, mailbox.path)));
    }
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
      if (progress.done < progress.total && told.added.length > 20) {
        this.status('syncing', { progress: { mailbox: mailbox.name, ...progress } });
      }
    });
  }

  /** One batch a job, so that what is more urgent comes in between. */
  async #fetchBodies(mailbox: MailboxId, path: string): Promise<void> {
    if (!this.#watch || this.stopped) return;
    const wanted: number[] = [];
    let bytes = 0;
    for (const { uid, size } of await this.ports.store.bodiless(mailbox, BODY_COUNT)) {
      if (wanted.length > 0 && bytes + size > BODY_BATCH) break;
      wanted.push(uid);
      bytes += size;
    }
    if (wanted.length === 0) return;
    const link = await this.#worker();
    const added = await link.fetchWhole(path, wanted);
    await this.#intake.take(mailbox, { added, flags: [], removed: [] });
    if (added.length === 0) return;
    this.#background(this.#jobs.add(BODIES, () => this.#fetchBodies(mailbox, path)));
  }

  async #replay(): Promise<void> {
    const waiting = await this.ports.store.operations(this.account.id);
    if (waiting.length === 0 || !this.#watch) return;
    await replayOperations(this.ports, this.account.id, waiting, await this.#worker());
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
    });
  }
}
