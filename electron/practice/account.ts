import { Mailbox } from './mailbox.ts';

export type User = { readonly email: string; readonly password: string; readonly name: string };

export type Refusal = { readonly code: string | undefined; readonly text: string };

/** Special-use attributes (RFC 6154). */
const SPECIAL_USE: readonly (readonly [string, string])[] = [
  ['Drafts', '\\Drafts'],
  ['Sent', '\\Sent'],
  ['Archive', '\\Archive'],
  ['Junk', '\\Junk'],
  ['Trash', '\\Trash'],
];
const EXTRA_MAILBOXES = ['Витрина', 'Projects', 'Projects/Glass'];
const MAX_MAILBOXES = 1000;

export const DELIMITER = '/';

/** What an account was when it was last seen. */
export type SavedAccount = {
  readonly mailboxes: readonly {
    readonly name: string;
    readonly use: string | undefined;
    readonly mailbox: Mailbox;
  }[];
  readonly subscriptions: readonly string[];
};

/** One user's mailboxes by their Unicode names. */
export class Account {
  readonly user: User;
  /** POP3 wants the mailbox for itself (RFC 1939, section 4): the session that has it. */
  popSession: object | undefined;
  #mailboxes = new Map<string, Mailbox>();
  #specialUse = new Map<string, string>();
  #subscriptions = new Set<string>();
  #watchers = new Set<() => void>();
  #clock: () => Date;

  constructor(user: User, clock: () => Date, saved?: SavedAccount) {
    this.user = user;
    this.#clock = clock;
    if (saved) {
      this.#subscriptions = new Set(saved.subscriptions);
      for (const { name, use, mailbox } of saved.mailboxes) {
        this.#mailboxes.set(name, mailbox);
        if (use !== undefined) this.#specialUse.set(name, use);
      }
      if (!this.#mailboxes.has('INBOX')) this.#mailboxes.set('INBOX', new Mailbox(clock()));
      return;
    }
    for (const name of ['INBOX', ...SPECIAL_USE.map(([special]) => special), ...EXTRA_MAILBOXES]) {
      this.#mailboxes.set(name, new Mailbox(clock()));
      this.#subscriptions.add(name);
    }
    for (const [name, attribute] of SPECIAL_USE) this.#specialUse.set(name, attribute);
  }

  get inbox(): Mailbox {
    const inbox = this.#mailboxes.get('INBOX');
    if (!inbox) throw new Error('an account without INBOX');
    return inbox;
  }

  /** Names in the order of creation, INBOX first. */
  get names(): readonly string[] {
    return [...this.#mailboxes.keys()];
  }

  get subscriptions(): ReadonlySet<string> {
    return this.#subscriptions;
  }

  subscribe(name: string, on: boolean): void {
    if (on) this.#subscriptions.add(canonicalName(name));
    else this.#subscriptions.delete(canonicalName(name));
    this.#tell();
  }

  /** Told when a mailbox comes, goes or is renamed, and of subscriptions. Returns how to stop. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  find(name: string): Mailbox | undefined {
    return this.#mailboxes.get(canonicalName(name));
  }

  specialUse(name: string): string | undefined {
    return this.#specialUse.get(name);
  }

  hasChildren(name: string): boolean {
    return this.names.some((other) => other.startsWith(name + DELIMITER));
  }

  /** RFC 9051, section 6.3.4: superior names come into being too. */
  create(wanted: string): Refusal | undefined {
    // A trailing delimiter says "I am going to create names under this one".
    const name = canonicalName(wanted.endsWith(DELIMITER) ? wanted.slice(0, -1) : wanted);
    if (this.#mailboxes.has(name))
      return { code: 'ALREADYEXISTS', text: 'there is a mailbox of this name already' };
    const bad = badName(name);
    if (bad) return { code: 'CANNOT', text: bad };
    const levels = name.split(DELIMITER);
    if (this.#mailboxes.size + levels.length > MAX_MAILBOXES) {
      return { code: 'LIMIT', text: `an account holds at most ${MAX_MAILBOXES} mailboxes` };
    }
    for (let depth = 1; depth <= levels.length; depth++) {
      const level = canonicalName(levels.slice(0, depth).join(DELIMITER));
      if (!this.#mailboxes.has(level)) this.#mailboxes.set(level, new Mailbox(this.#clock()));
    }
    this.#tell();
    return undefined;
  }

  /** RFC 9051, section 6.3.5. */
  delete(wanted: string): Refusal | undefined {
    const name = canonicalName(wanted);
    if (name === 'INBOX') return { code: 'CANNOT', text: 'INBOX is always there and cannot be deleted' };
    if (!this.#mailboxes.has(name)) return nonexistent();
    if (this.hasChildren(name))
      return { code: 'HASCHILDREN', text: 'delete the mailboxes under this one first' };
    this.#mailboxes.delete(name);
    this.#specialUse.delete(name);
    this.#tell();
    return undefined;
  }

  /** RFC 9051, section 6.3.6: names under it move along; renaming INBOX moves its messages and leaves it empty. */
  rename(fromName: string, toName: string): Refusal | undefined {
    const from = canonicalName(fromName);
    const to = canonicalName(toName);
    const source = this.#mailboxes.get(from);
    if (!source) return nonexistent();
    if (to.startsWith(from + DELIMITER)) return { code: 'CANNOT', text: 'a mailbox cannot move into itself' };
    const refusal = this.create(to);
    if (refusal) return refusal;
    if (from === 'INBOX') {
      const target = this.#mailboxes.get(to);
      for (const message of source.messages) target?.append(message.raw, message.flags, message.internalDate);
      source.remove(source.messages.map((message) => message.uid));
      return undefined;
    }
    for (const name of this.names) {
      if (name !== from && !name.startsWith(from + DELIMITER)) continue;
      const mailbox = this.#mailboxes.get(name);
      const renamed = to + name.slice(from.length);
      this.#mailboxes.delete(name);
      if (mailbox) this.#mailboxes.set(renamed, mailbox);
      const use = this.#specialUse.get(name);
      if (use !== undefined) this.#specialUse.set(renamed, use);
      this.#specialUse.delete(name);
    }
    this.#tell();
    return undefined;
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

/** INBOX is INBOX in any case, also as the root of a deeper name (RFC 9051, section 5.1). */
export function canonicalName(name: string): string {
  const [first = '', ...rest] = name.split(DELIMITER);
  return first.toUpperCase() === 'INBOX' ? ['INBOX', ...rest].join(DELIMITER) : name;
}

export function nonexistent(): Refusal {
  return { code: 'NONEXISTENT', text: 'there is no mailbox of this name; LIST "" "*" shows the names' };
}

function badName(name: string): string | undefined {
  if (name === '') return 'a mailbox name cannot be empty';
  if (name.split(DELIMITER).includes(''))
    return 'a mailbox name has no empty level: no // and no / at its start';
  if (name.length > 200) return 'a mailbox name has at most 200 characters here';
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f*%]/.test(name)) return 'a mailbox name has no control characters, * or %';
  return undefined;
}
