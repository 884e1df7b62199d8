import type { Account } from '../account.ts';
import type { Mailbox } from '../mailbox.ts';
import { accountFile, letterFile, mailboxFile, mailboxFolder, removeFile, replaceFile } from './files.ts';
import type { AccountState, MailboxState } from './schema.ts';

/** How long changes gather before they are written down. */
const GATHER_MS = 150;

/**
 * Writes an account down as it changes: letters at once, each in a file of its own; everything else a moment
 * later, in files that are replaced whole. Files are written one after the other, in the order of what happened.
 */
export class AccountKeeper {
  #folder: string;
  #account: Account;
  #ids: Map<Mailbox, number>;
  #unwatch = new Map<Mailbox, () => void>();
  #unwatchAccount: () => void;
  #dirty = new Set<Mailbox>();
  #tree = true;
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(folder: string, account: Account, ids: ReadonlyMap<Mailbox, number> = new Map()) {
    this.#folder = folder;
    this.#account = account;
    this.#ids = new Map(ids);
    this.#unwatchAccount = account.watch(() => {
      this.#tree = true;
      this.#look();
    });
    this.#look();
    // From now on what is on the disk is no longer all there is.
    for (const mailbox of this.#mailboxes()) this.#dirty.add(mailbox);
    this.#flush(false);
  }

  /** Write everything down for good. */
  async stop(): Promise<void> {
    this.#unwatchAccount();
    for (const unwatch of this.#unwatch.values()) unwatch();
    clearTimeout(this.#timer);
    for (const mailbox of this.#mailboxes()) this.#dirty.add(mailbox);
    this.#flush(true);
    await this.#work;
  }

  #mailboxes(): Mailbox[] {
    return this.#account.names.flatMap((name) => this.#account.find(name) ?? []);
  }

  /** Begin to follow mailboxes that are new, and forget those that are gone. */
  #look(): void {
    const present = new Set(this.#mailboxes());
    for (const mailbox of present) {
      if (this.#unwatch.has(mailbox)) continue;
      if (!this.#ids.has(mailbox)) this.#adopt(mailbox);
      const unwatch = mailbox.watch(({ kind, message }) => {
        if (kind === 'added') this.#writeLetter(mailbox, message.uid, message.raw);
        if (kind === 'removed') this.#do(() => removeFile(letterFile(this.#folderOf(mailbox), message.uid)));
        this.#dirty.add(mailbox);
        this.#soon();
      });
      this.#unwatch.set(mailbox, unwatch);
      this.#dirty.add(mailbox);
    }
    for (const [mailbox, unwatch] of this.#unwatch) {
      if (present.has(mailbox)) continue;
      unwatch();
      this.#unwatch.delete(mailbox);
      this.#dirty.delete(mailbox);
      const folder = this.#folderOf(mailbox);
      // Its name goes from the list first.
      this.#flush(false);
      this.#do(() => removeFile(folder));
    }
    this.#soon();
  }

  /** A mailbox without a folder gets one, and nothing is in it that a run before this one has left unfinished. */
  #adopt(mailbox: Mailbox): void {
    this.#ids.set(mailbox, Math.max(0, ...this.#ids.values()) + 1);
    const folder = this.#folderOf(mailbox);
    this.#do(() => removeFile(folder));
    for (const { uid, raw } of mailbox.messages) this.#writeLetter(mailbox, uid, raw);
  }

  #folderOf(mailbox: Mailbox): string {
    return mailboxFolder(this.#folder, this.#ids.get(mailbox) ?? 0);
  }

  #writeLetter(mailbox: Mailbox, uid: number, raw: Uint8Array): void {
    this.#do(() => replaceFile(letterFile(this.#folderOf(mailbox), uid), raw));
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => this.#flush(false), GATHER_MS).unref();
  }

  #flush(clean: boolean): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const mailbox of this.#dirty) {
      const path = mailboxFile(this.#folderOf(mailbox));
      const text = JSON.stringify(stateOf(mailbox, clean));
      this.#do(() => replaceFile(path, text));
    }
    this.#dirty.clear();
    if (!this.#tree) return;
    this.#tree = false;
    const text = JSON.stringify(this.#treeState());
    this.#do(() => replaceFile(accountFile(this.#folder), text));
  }

  #treeState(): AccountState {
    const mailboxes = this.#account.names.flatMap((name) => {
      const mailbox = this.#account.find(name);
      const use = this.#account.specialUse(name);
      return mailbox
        ? [{ name, id: this.#ids.get(mailbox) ?? 0, ...(use === undefined ? {} : { use }) }]
        : [];
    });
    return { mailboxes, subscriptions: [...this.#account.subscriptions] };
  }

  /** A disk that fails makes the memory of the server shorter, and stops nobody. */
  #do(write: () => Promise<void>): void {
    this.#work = this.#work.then(write).catch(() => undefined);
  }
}

function stateOf(mailbox: Mailbox, clean: boolean): MailboxState {
  const { messages, keywords, ...counters } = mailbox.saved;
  return {
    clean,
    ...counters,
    keywords: [...keywords],
    messages: messages.map(({ uid, internalDate, flags, modseq }) => ({
      uid,
      date: internalDate.getTime(),
      flags: [...flags],
      modseq,
    })),
  };
}
