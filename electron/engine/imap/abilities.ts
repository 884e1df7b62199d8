import type { ImapFlow } from 'imapflow';
import type { Abilities, Quota } from '../../app/ports-engine.ts';
import { listedPath, overhear, say, textOf, wireName, type Node } from './raw.ts';

/** What the server offered, what was switched on, and how the person was let in. */
export function abilitiesOf(client: ImapFlow, mechanism: string, notifies: boolean): Abilities {
  const { personal, other, shared } = client.namespaces ?? {};
  const kinds = { personal: personal || [], other: other || [], shared: shared || [] };
  const server = Object.entries(client.serverInfo ?? {}).flatMap(([name, value]) =>
    typeof value === 'string' && value !== '' ? [[name, value.slice(0, 200)]] : [],
  );
  return {
    advertised: [...client.capabilities]
      .map(([name, value]) => (typeof value === 'number' ? `${name}=${value}` : name).toUpperCase())
      .toSorted((a, b) => (a < b ? -1 : 1)),
    enabled: [
      ...[...client.enabled].map((one) => one.toUpperCase()),
      ...(notifies ? ['NOTIFY'] : []),
      ...(isCompressed(client) ? ['COMPRESS=DEFLATE'] : []),
    ],
    mechanism,
    ...(server.length > 0 ? { server: Object.fromEntries(server) as Record<string, string> } : {}),
    namespaces: (['personal', 'other', 'shared'] as const).flatMap((kind) =>
      kinds[kind].map(({ prefix, delimiter }) => ({ kind, prefix, ...(delimiter ? { delimiter } : {}) })),
    ),
  };
}

/** imapflow keeps the inflater where its types don't say. */
function isCompressed(client: ImapFlow): boolean {
  return '_inflate' in client && Boolean(client._inflate);
}

/** GETQUOTAROOT (RFC 9208 section 4.3): a mailbox may come under several. */
export async function quotaOf(client: ImapFlow, path: string): Promise<Quota[] | undefined> {
  if (!client.capabilities.has('QUOTA')) return undefined;
  const found = new Map<string, Quota>();
  await say(client, 'GETQUOTAROOT', [{ type: 'STRING', value: wireName(client, path) }], {
    QUOTA: ([name, resources]) => {
      const root = textOf(name) ?? '';
      const list = Array.isArray(resources) ? resources : [];
      const quota: Quota = { root };
      for (let at = 0; at + 2 < list.length; at += 3) {
        const [used, limit] = [numberOf(list[at + 1]), numberOf(list[at + 2])];
        if (used === undefined || limit === undefined) continue;
        const kind = textOf(list[at])?.toUpperCase();
        // In units of 1024 bytes on the wire (section 5.1).
        if (kind === 'STORAGE') quota.storage = { used: used * 1024, limit: limit * 1024 };
        if (kind === 'MESSAGE') quota.messages = { used, limit };
      }
      if (found.size < 20) found.set(root, quota);
    },
  });
  return [...found.values()];
}

/** MYRIGHTS (RFC 4314 section 3.5). */
export async function rightsIn(client: ImapFlow, path: string): Promise<string | undefined> {
  if (!client.capabilities.has('ACL')) return undefined;
  let rights: string | undefined;
  await say(client, 'MYRIGHTS', [{ type: 'STRING', value: wireName(client, path) }], {
    MYRIGHTS: (attributes) => {
      const told = textOf(attributes[1]);
      if (told !== undefined && /^[a-z0-9]{0,40}$/u.test(told)) rights = told;
    },
  });
  return rights;
}

/**
 * Asks for news of every mailbox of the person on this one connection (RFC 5465): as STATUS for those that are not open, as
 * LIST when a mailbox came or went.
 * @returns false where the server has no NOTIFY, or wants none of it
 */
export async function notifyOfAll(
  client: ImapFlow,
  news: (path: string | undefined) => void,
): Promise<boolean> {
  if (!client.capabilities.has('NOTIFY')) return false;
  const events = (...names: string[]) => names.map((value) => ({ type: 'ATOM', value }) as const);
  const messages = events('MessageNew', 'MessageExpunge', 'FlagChange');
  const both = [...messages, ...events('MailboxName', 'SubscriptionChange')];
  try {
    await say(client, 'NOTIFY', [
      { type: 'ATOM', value: 'SET' },
      [{ type: 'ATOM', value: 'SELECTED-DELAYED' }, messages],
      [{ type: 'ATOM', value: 'PERSONAL' }, both],
    ]);
  } catch (thrown) {
    // BADEVENT or too many mailboxes: IDLE and looking now and then do as well.
    if (thrown instanceof Error && 'responseStatus' in thrown) return false;
    throw thrown;
  }
  overhear(client, 'STATUS', ([name]) => news(listedPath(client, nameOf(name)) ?? nameOf(name)));
  overhear(client, 'LIST', () => news(undefined));
  return true;
}

function nameOf(node: Node | undefined): string {
  return textOf(node) ?? '';
}

function numberOf(node: Node | undefined): number | undefined {
  const text = textOf(node);
  return text !== undefined && /^\d{1,15}$/u.test(text) ? Number(text) : undefined;
}
