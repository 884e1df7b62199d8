import type { ImapFlow, ListResponse, StatusObject } from 'imapflow';
import type { ServerSettings } from '../../../shared/model/account.ts';
import type { MailboxRole } from '../../../shared/model/mailbox.ts';
import type { ListedMailbox, MailboxStatus } from '../../app/ports-engine.ts';
import { must } from './errors.ts';
import { hasLabels } from './labels.ts';

const ROLES: Record<string, MailboxRole> = {
  '\\Inbox': 'inbox',
  '\\Drafts': 'drafts',
  '\\Sent': 'sent',
  '\\Archive': 'archive',
  '\\Junk': 'junk',
  '\\Trash': 'trash',
};
const COUNTS = { messages: true, unseen: true, uidNext: true, uidValidity: true, highestModseq: true };

/** imapflow's `list` for another place than the top: its types have only the top. */
interface Lister {
  run(
    command: 'LIST',
    reference: string,
    pattern: string,
    options: { statusQuery?: typeof COUNTS },
  ): Promise<ListResponse[] | false>;
}

/**
 * All mailboxes of all namespaces (RFC 2342), with their use (RFC 6154), whether they are subscribed, and with counts where
 * the server gives them along with the list (RFC 5819): where it does not, each would cost a round trip.
 */
export async function listMailboxes(client: ImapFlow): Promise<ListedMailbox[]> {
  const counts = client.capabilities.has('LIST-STATUS') || client.capabilities.has('IMAP4rev2');
  const options = counts ? { statusQuery: COUNTS } : {};
  const listed = await client.list(options);
  const there = new Set(listed.map((one) => one.path));
  // What is shared is not always part of the list from the top.
  for (const { prefix } of foreign(client)) {
    if (prefix === '' || listed.some((one) => one.path.startsWith(prefix))) continue;
    const more = (await (client as unknown as Lister).run('LIST', prefix, '*', options)) || [];
    for (const one of more) if (!there.has(one.path)) listed.push(one);
    for (const one of more) there.add(one.path);
  }
  const taken = new Set<MailboxRole>();
  return listed.map((one) => mailboxOf(client, one, taken));
}

function mailboxOf(client: ImapFlow, listed: ListResponse, taken: Set<MailboxRole>): ListedMailbox {
  // Archived is at Gmail what has no other label: moved there, it loses that of INBOX and nothing else.
  const use = listed.specialUse === '\\All' && hasLabels(client) ? '\\Archive' : (listed.specialUse ?? '');
  const named = listed.path.toUpperCase() === 'INBOX' ? 'inbox' : (ROLES[use] ?? 'none');
  // What they all lie in is listed without the delimiter that ends the prefix.
  const owner = foreign(client).find(
    ({ prefix }) => prefix !== '' && `${listed.path}${listed.delimiter || ''}`.startsWith(prefix),
  )?.owner;
  // Two mailboxes may claim one use (by flag and by name): the first has it. Others' drafts are not the person's.
  const role = named === 'none' || owner || taken.has(named) ? 'none' : named;
  taken.add(role);
  const status = listed.status && statusOf(listed.status);
  // Of a mailbox that is open here a server may say what this connection was last told of it (RFC 9051 section 6.3.11).
  if (client.mailbox && client.mailbox.path === listed.path) delete status?.highestModseq;
  return {
    path: listed.path,
    name: listed.name,
    depth: listed.parent.length,
    role,
    selectable: !listed.flags.has('\\Noselect') && !listed.flags.has('\\NonExistent'),
    // Left out where it is not; where nobody knows, imapflow takes all for subscribed.
    subscribed: listed.subscribed || false,
    ...(listed.delimiter ? { delimiter: listed.delimiter } : {}),
    ...(owner ? { owner } : {}),
    ...(status ? { status } : {}),
  };
}

function foreign(client: ImapFlow): { prefix: string; owner: 'other' | 'shared' }[] {
  const { other, shared } = client.namespaces ?? {};
  return [
    ...(other || []).map(({ prefix }) => ({ prefix, owner: 'other' as const })),
    ...(shared || []).map(({ prefix }) => ({ prefix, owner: 'shared' as const })),
  ];
}

/** @throws MailError `server-refused` */
export async function mailboxStatus(
  client: ImapFlow,
  server: ServerSettings,
  path: string,
): Promise<MailboxStatus> {
  const status = must<StatusObject>(await client.status(path, COUNTS), 'STATUS', server);
  return must(statusOf(status), 'STATUS', server);
}

/** Undefined where the server left out what was asked for. */
function statusOf(status: StatusObject): MailboxStatus | undefined {
  const { messages, unseen, uidNext, uidValidity, highestModseq } = status;
  if (messages === undefined || uidNext === undefined || uidValidity === undefined) return undefined;
  return {
    messages,
    unseen: unseen ?? 0,
    uidNext,
    uidValidity: Number(uidValidity),
    ...(highestModseq === undefined ? {} : { highestModseq: String(highestModseq) }),
  };
}
