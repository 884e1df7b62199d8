import type { MailboxId } from '../../shared/model/ids.ts';
import type { ImapLink } from './ports-engine.ts';

/** Connections besides those for INBOX and for work; many servers allow ten in all, and a person has other programs. */
const BUDGET = 2;

interface Watcher {
  mailbox: MailboxId;
  link: Promise<ImapLink>;
}

/**
 * Watches the mailboxes that the person looks at, each by a connection of its own, where the server can't tell of all by one:
 * so many as the budget allows, the latest ones.
 */
export class Watchers {
  readonly #connect: (purpose: string) => Promise<ImapLink>;
  readonly #news: (mailbox: MailboxId) => void;
  #watchers: Watcher[] = [];

  constructor(connect: (purpose: string) => Promise<ImapLink>, news: (mailbox: MailboxId) => void) {
    this.#connect = connect;
    this.#news = news;
  }

  /** From now on news of this mailbox is heard at once. Not being able to is no failure: it is looked at now and then. */
  async watch(mailbox: MailboxId, path: string): Promise<void> {
    const known = this.#watchers.find((one) => one.mailbox === mailbox);
    this.#watchers = this.#watchers.filter((one) => one !== known);
    if (known) {
      this.#watchers.push(known);
      return;
    }
    const watcher: Watcher = { mailbox, link: this.#connect('mail') };
    this.#watchers.push(watcher);
    while (this.#watchers.length > BUDGET) void closeOf(this.#watchers.shift());
    try {
      const link = await watcher.link;
      void link.closed.then(() => this.#forget(watcher));
      await link.watch(path, () => this.#news(mailbox));
    } catch {
      this.#forget(watcher);
      await closeOf(watcher);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#watchers.splice(0).map(closeOf));
  }

  #forget(watcher: Watcher): void {
    this.#watchers = this.#watchers.filter((one) => one !== watcher);
  }
}

async function closeOf(watcher: Watcher | undefined): Promise<void> {
  const link = await watcher?.link.catch(() => undefined);
  await link?.close();
}
