import type { Account } from '../../shared/model/account.ts';
import type { MessageKey } from '../../shared/model/ids.ts';
import type { Mailbox } from '../../shared/model/mailbox.ts';
import type { MessageRow } from '../../shared/model/message.ts';
import { Failed, UsageError, type Call } from './command.ts';
import type { Link } from './link.ts';

/** What commands look things up in. */
export interface Known {
  accounts: Account[];
  mailboxes: Mailbox[];
}

export async function known(link: Link): Promise<Known> {
  const { accounts, mailboxes } = await link.request('app.snapshot', undefined);
  return { accounts, mailboxes };
}

/** @throws Failed */
export function accountNamed(accounts: readonly Account[], email: string): Account {
  const wanted = email.toLowerCase();
  const account = accounts.find((one) => one.email.toLowerCase() === wanted);
  if (account) return account;
  const all = accounts.map((one) => one.email).join(', ');
  throw new Failed(
    all === ''
      ? 'There is no account yet: glasspost help account add'
      : `There is no account ${email}. There is: ${all}.`,
  );
}

/** By its path, `EMAIL:PATH`, or its role where no path is so called. @throws Failed */
export function mailboxNamed({ accounts, mailboxes }: Known, name: string): Mailbox {
  const owner = accounts.find((one) => name.toLowerCase().startsWith(`${one.email.toLowerCase()}:`));
  const own = owner ? mailboxes.filter((one) => one.account === owner.id) : mailboxes;
  const path = owner ? name.slice(owner.email.length + 1) : name;
  const same = (one: Mailbox) =>
    one.path === path || (one.role === 'inbox' && path.toUpperCase() === 'INBOX');
  const exact = own.filter(same);
  const found =
    exact.length > 0 ? exact : own.filter((one) => one.role !== 'none' && one.role === path.toLowerCase());
  const [mailbox, ...more] = found;
  if (!mailbox) throw new Failed(`There is no mailbox ${name}: glasspost mailboxes shows them.`);
  if (more.length === 0) return mailbox;
  const names = found.map((one) => `${emailOf(accounts, one.account)}:${one.path}`).join(', ');
  throw new Failed(`Several accounts have a mailbox ${name}. Write one of: ${names}.`);
}

export function emailOf(accounts: readonly Account[], id: string): string {
  return accounts.find((one) => one.id === id)?.email ?? '';
}

/** The number of a message. @throws UsageError */
export function keyOf(text: string): MessageKey {
  const key = /^\d{1,15}$/u.test(text) ? Number(text) : 0;
  if (key < 1) throw new UsageError(`"${text}" is no number of a message.`);
  return key as MessageKey;
}

/** The row of the message that the first argument names. @throws Failed */
export async function rowOf(call: Call): Promise<MessageRow> {
  const id = keyOf(call.arguments[0] ?? '');
  const [row] = await call.link.request('message.rows', { ids: [id] });
  if (!row) throw new Failed(`There is no message ${id}.`);
  return row;
}

/** A whole number in an option. @throws UsageError */
export function numberOf(call: Call, option: string, least: number): number | undefined {
  const text = call.value(option);
  if (text === undefined) return undefined;
  const number = /^\d{1,9}$/u.test(text) ? Number(text) : -1;
  if (number < least) throw new UsageError(`--${option} wants a whole number from ${least}.`);
  return number;
}
