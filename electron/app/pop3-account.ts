import type { Account, AccountStatus } from '../../shared/model/account.ts';
import type { Notice } from '../../shared/model/notice.ts';
import { MailError } from '../../shared/contract/mail-error.ts';
import type { Intake } from './intake.ts';
import type { Ports } from './ports.ts';
import type { IncomingMessage, Login, Pop3Link, Pop3Listing } from './ports-engine.ts';
import type { CollectedUidl, DamagedMessage } from './ports-store.ts';
import { removeFromServer } from './pop3-removal.ts';
import { isOther, removalsOf } from './removals.ts';
import { LoopRunner } from './runner.ts';
import { crashPoint } from '../fault/crash-point.ts';

/** ms between two collections. */
const INTERVAL = 5 * 60_000;

/** Collects mail every few minutes. What is to be removed from the server is removed only once it is durable here. */
export class Pop3Account extends LoopRunner {
  readonly #intake: Intake;
  readonly #tell: (notice: Notice) => void;
  #link: Pop3Link | undefined;

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
  }

  poke(): void {
    // Everything the person does to collected mail happens on this computer.
  }

  async settle(): Promise<void> {
    // As above.
  }

  protected syncLive(): Promise<void> {
    return this.roundDone();
  }

  /** A POP3 server has one mailbox and no headers without bodies: the scope changes nothing. */
  protected async syncOnce(): Promise<void> {
    await this.round(await this.login('mail'));
  }

  async fetchBody(): Promise<void> {
    throw new MailError('not-found', 'only the header of this message was collected');
  }

  protected async round(login: Login): Promise<number> {
    const { store, engines } = this.ports;
    this.status('connecting');
    const { mailbox, delta } = await store.roleMailbox(this.account.id, 'inbox');
    this.ports.events.publish('delta', delta);
    const link = await engines.pop3(login);
    this.#link = link;
    try {
      const listed = await link.list();
      const known = await this.#collected();
      const fates = removalsOf(this.account.leaveOnServer, listed, known, Date.now());
      // What is about to be deleted, by a name that may be another letter's by now, is not to go unread.
      const others = listed.filter((one) => {
        const before = known.get(one.uidl);
        const goes = before?.due === true || (fates.get(one.number)?.due ?? Infinity) <= Date.now();
        return before !== undefined && goes && isOther(one, before);
      });
      // Of these nothing is here to compare it with.
      const unread = others.flatMap(({ uidl }) => (known.get(uidl)?.held === 'nothing' ? [uidl] : []));
      if (unread.length > 0) await store.forgetUidls(this.account.id, unread);
      // The newest first: that is what a person wants to read while the rest comes.
      const wanted = listed
        .filter((one) => one.uidl === '' || !known.has(one.uidl) || others.includes(one))
        .reverse();
      const sizes = new Map(listed.map(({ uidl, size }) => [uidl, size]));
      let done = 0;
      const progress = () =>
        this.status('syncing', { progress: { mailbox: mailbox.name, done, total: wanted.length } });
      progress();
      await link.download(wanted, async (batch) => {
        const added = batch.map((one) => withListed(one, sizes.get(one.uidl ?? '')));
        await this.#intake.take(mailbox.id, { added, flags: [], removed: [] });
        crashPoint('pop3.stored');
        done += batch.length;
        progress();
      });
      await this.#removeDue(link, listed);
      this.status('online');
      return INTERVAL;
    } finally {
      this.#link = undefined;
      link.close();
    }
  }

  protected async disconnect(): Promise<void> {
    this.#link?.close();
  }

  async #collected(): Promise<Map<string, CollectedUidl>> {
    const all = await this.ports.store.collectedUidls(this.account.id);
    return new Map(all.map((one) => [one.uidl, one]));
  }

  async #removeDue(link: Pop3Link, listed: Pop3Listing[]): Promise<void> {
    const { store } = this.ports;
    const { id, leaveOnServer } = this.account;
    const known = await this.#collected();
    const now = Date.now();
    const fates = removalsOf(leaveOnServer, listed, known, now);
    const marked = listed.filter((one) => {
      const held = known.get(one.uidl);
      return held && (fates.get(one.number)?.due ?? Infinity) <= now && !isOther(one, held);
    });
    await removeFromServer(store, id, link, marked, (damaged) => this.#tellDamage(damaged));
    // The answer to QUIT may have been lost. A name that is kept for nothing would hide the next letter that a server gives it to.
    const there = new Set(listed.map(({ uidl }) => uidl));
    const gone = [...known.values()].filter((one) => one.due && !there.has(one.uidl));
    if (gone.length > 0)
      await store.forgetUidls(
        id,
        gone.map(({ uidl }) => uidl),
      );
  }

  #tellDamage({ id, account, subject, segment, detail }: DamagedMessage): void {
    this.#tell({ kind: 'not-removed', id, account, subject, file: segment, reason: detail });
  }
}

function withListed(one: IncomingMessage, listed: number | undefined): IncomingMessage {
  return listed === undefined || !one.uidl ? one : { ...one, listed };
}
