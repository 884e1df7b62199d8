import { Account } from './account.ts';
import type { SavedAccount, User } from './account.ts';
import type { Credentials } from './sasl.ts';

/** One copy of a letter as it was handed in for one recipient. */
export type Delivery = { readonly mailFrom: string; readonly account: Account; readonly raw: Uint8Array };

/** All accounts of the practice server, and the way of a letter into them (the MDA of RFC 5598). */
export class PostOffice {
  readonly clock: () => Date;
  readonly accounts: readonly Account[];
  #watchers = new Set<(delivery: Delivery) => void>();

  constructor(users: readonly User[], clock: () => Date, saved: ReadonlyMap<User, SavedAccount> = new Map()) {
    this.clock = clock;
    this.accounts = users.map((user) => new Account(user, clock, saved.get(user)));
  }

  /** The name this server goes by: the domain of its users. */
  get domain(): string {
    return domainOf(this.accounts[0]?.user.email ?? 'postmaster@practice.test');
  }

  /** Who can log in, for someone who types by hand. No password: what a server says is shown on the wire. */
  get userHint(): string {
    return `the users here are ${this.accounts.map((account) => account.user.email).join(', ')}`;
  }

  isLocalDomain(address: string): boolean {
    return this.accounts.some((account) => domainOf(account.user.email) === domainOf(address));
  }

  account(address: string): Account | undefined {
    const wanted = address.toLowerCase();
    return this.accounts.find((account) => account.user.email.toLowerCase() === wanted);
  }

  /** The account that these credentials open. An unknown user takes as long as a wrong password. */
  authenticate({ user, proves }: Credentials): Account | undefined {
    const account = this.account(user);
    const right = proves(account?.user.password ?? '');
    return account && right ? account : undefined;
  }

  /** Put the bytes as they are into the INBOX of a user. */
  deliver(raw: Uint8Array, to: string): void {
    const account = this.account(to);
    if (!account) throw new Error(`${to} has no mailbox on the practice server`);
    account.inbox.append(raw, [], this.clock());
  }

  /** A letter that SMTP took: one copy each, then whoever watches (the pen pal) is told. */
  submit(mailFrom: string, copies: readonly { readonly to: Account; readonly raw: Uint8Array }[]): void {
    for (const { to, raw } of copies) {
      to.inbox.append(raw, [], this.clock());
      for (const watcher of this.#watchers) watcher({ mailFrom, account: to, raw });
    }
  }

  watch(watcher: (delivery: Delivery) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
