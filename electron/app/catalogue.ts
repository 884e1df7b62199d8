import { MailError } from '../../shared/contract/mail-error.ts';
import type { Account, Mode } from '../../shared/model/account.ts';
import type { Ports } from './ports.ts';
import type { ImapLink, ListedMailbox, Login, Pop3Link, Pop3Listing } from './ports-engine.ts';

/** A message of a catalogue. */
interface Named {
  path: string;
  number: number;
}

/** The other server of an account, with what it holds put down in the store; its connection stays open. */
export interface Catalogue {
  /** Its mailboxes; POP3 has none to list. */
  listed: ListedMailbox[];
  /** Asks for headers, and puts down what they tell. */
  headers(of: Named[]): Promise<void>;
  /** Fetches messages, and puts down their hashes. */
  whole(of: Named[]): Promise<void>;
  close(): Promise<void>;
}

/** POP3's one mailbox, as IMAP calls it. */
const INBOX = 'INBOX';

/** Messages put down at a time. */
const BATCH = 1000;

/** Connects to the server of a mode and puts down what it holds. Nothing is changed there. @throws MailError */
export async function takeCatalogue(
  ports: Ports,
  account: Account,
  mode: Mode,
  tell: (mailbox: string, done: number, total: number) => void,
): Promise<Catalogue> {
  const { store, engines, secrets } = ports;
  const server = account[mode];
  const password = await secrets.get(account.id);
  if (!server) throw new MailError('bad-request', `the account has no ${mode.toUpperCase()} server`);
  if (password === undefined) throw new MailError('no-password', '');
  const { id, email } = account;
  const login: Login = { account: id, email, server, password, purpose: 'switch' };
  await store.beginCatalogue(id);
  return mode === 'imap'
    ? ofImap(ports, id, await engines.imap(login), tell)
    : ofPop3(ports, id, await engines.pop3(login), tell);
}

async function ofImap(
  { store }: Ports,
  id: Account['id'],
  link: ImapLink,
  tell: (mailbox: string, done: number, total: number) => void,
): Promise<Catalogue> {
  try {
    const listed = await link.list();
    for (const { path, name, selectable } of listed) {
      if (!selectable) continue;
      let done = 0;
      let held = 0;
      await link.catalogue(path, async (entries, total) => {
        await store.addToCatalogue(id, entries);
        done += entries.length;
        held = total;
        tell(name, done, total);
      });
      // What was not told would be taken for mail that the server does not have.
      if (done < held)
        throw new MailError('server-refused', `${path}: ${done} of ${held} messages were told`);
    }
    const fetch = async (of: Named[]) => {
      for (const { path, number } of of) {
        const [found] = await link.fetchWhole(path, [number]);
        if (found) await store.describeCatalogue(id, [{ path, number, bytes: found.bytes, whole: true }]);
      }
    };
    return { listed, headers: fetch, whole: fetch, close: () => link.close() };
  } catch (thrown) {
    await link.close();
    throw thrown;
  }
}

async function ofPop3(
  { store }: Ports,
  id: Account['id'],
  link: Pop3Link,
  tell: (mailbox: string, done: number, total: number) => void,
): Promise<Catalogue> {
  try {
    const listings = await link.list();
    const byNumber = new Map(listings.map((one) => [one.number, one]));
    for (let at = 0; at < listings.length; at += BATCH) {
      const part = listings.slice(at, at + BATCH);
      await store.addToCatalogue(id, part.map(entryOf));
      tell(INBOX, at + part.length, listings.length);
    }
    return {
      listed: [],
      headers: async (of) => {
        const numbers = of.map((one) => one.number);
        await link.tops(numbers, 0, async (batch) => {
          const known = batch.flatMap(({ number, bytes }) =>
            bytes ? [{ path: INBOX, number, bytes, whole: false }] : [],
          );
          await store.describeCatalogue(id, known);
        });
      },
      whole: async (of) => {
        for (const { path, number } of of) {
          const listing = byNumber.get(number);
          if (!listing) continue;
          await link.download([listing], async (batch) => {
            const known = batch.map(({ bytes }) => ({ path, number, bytes, whole: true }));
            await store.describeCatalogue(id, known);
          });
        }
      },
      close: async () => void (await link.quit()),
    };
  } catch (thrown) {
    link.close();
    throw thrown;
  }
}

function entryOf({ number, size, uidl }: Pop3Listing) {
  return { path: INBOX, number, size, uidl, flags: [], keywords: [], received: Date.now() };
}
