import type { Account, AccountStatus } from '../../shared/model/account.ts';
import { MailError } from '../../shared/contract/mail-error.ts';
import type { Intake } from './intake.ts';
import type { Ports } from './ports.ts';
import type { Login, Pop3Link, Pop3Listing } from './ports-engine.ts';
import { LoopRunner } from './runner.ts';
import { crashPoint } from '../fault/crash-point.ts';

/** ms between two collections. */
const INTERVAL = 5 * 60_000;

/** Collects mail every few minutes. What is to be removed from the server is removed only once it is durable here. */
export class Pop3Account extends LoopRunner {
  readonly #intake: Intake;
  #link: Pop3Link | undefined;

  constructor(account: Account, ports: Ports, intake: Intake, report: (status: AccountStatus) => void) {
    super(account, ports, report);
    this.#intake = intake;
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
      const known = await store.knownUidls(this.account.id);
      const sizes = await store.dueSizes(this.account.id);
      // Deleted last time, as far as we know: what goes by this name now may be another, which is not to go unread.
      const isOther = ({ uidl, size }: Pop3Listing) => sizes.has(uidl) && sizes.get(uidl) !== size;
      // The newest first: that is what a person wants to read while the rest comes.
      const wanted = listed
        .filter((one) => one.uidl === '' || !known.has(one.uidl) || isOther(one))
        .reverse();
      let done = 0;
      const progress = () =>
        this.status('syncing', { progress: { mailbox: mailbox.name, done, total: wanted.length } });
      progress();
      await link.download(wanted, async (batch) => {
        await this.#intake.take(mailbox.id, { added: batch, flags: [], removed: [] });
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

  /** A UIDL that stands twice in the list names no message for certain: it is never deleted. */
  async #removeDue(link: Pop3Link, listed: Pop3Listing[]): Promise<void> {
    const due = new Set(await this.ports.store.dueUidls(this.account.id));
    const numbers = new Map<string, number[]>();
    for (const one of listed) {
      if (due.has(one.uidl)) numbers.set(one.uidl, [...(numbers.get(one.uidl) ?? []), one.number]);
    }
    const certain = [...numbers].filter(([, all]) => all.length === 1);
    await link.remove(certain.flatMap(([, all]) => all));
    crashPoint('pop3.marked');
    const confirmed = await link.quit();
    crashPoint('pop3.quit');
    // An unconfirmed QUIT is no deletion (RFC 1939 section 6): the same is asked again next time.
    const done = confirmed ? certain.map(([uidl]) => uidl) : [];
    // Its answer may have been lost. A name that is kept for nothing would hide the next letter that a server gives it to.
    const gone = [...due].filter((uidl) => !numbers.has(uidl));
    if (done.length + gone.length > 0)
      await this.ports.store.forgetUidls(this.account.id, [...done, ...gone]);
  }
}
