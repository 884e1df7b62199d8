import type { Argument, Result } from '../../shared/contract/requests.ts';
import { failureOf } from '../../shared/contract/mail-error.ts';
import { parseQuery } from '../../shared/search/parse.ts';
import type { Query, Term } from '../../shared/search/query.ts';
import type { AccountId, MessageKey } from '../../shared/model/ids.ts';
import type { Mailbox } from '../../shared/model/mailbox.ts';
import type { Accounts } from './accounts.ts';
import type { Ports } from './ports.ts';
import type { ServerQuery } from './ports-engine.ts';

/** Rows given back; more than that nobody reads at once. */
const ROWS = 200;
/** Keys that a search here is asked for, to know what it finds itself. */
const LOCAL = 5000;

/** Asks servers for what a search here does not find: words in bodies that are not kept on this computer. */
export async function searchServers(
  ports: Pick<Ports, 'store'>,
  accounts: Accounts,
  { query: typed, account, mailbox }: Argument<'message.searchServer'>,
): Promise<Result<'message.searchServer'>> {
  const { store } = ports;
  const query = parseQuery(typed, Date.now());
  const { asked, left } = serverQuery(query);
  const problems: Result<'message.searchServer'>['problems'] = [];
  if (Object.keys(asked).length === 0) return { rows: [], problems, left };
  const local = new Set((await store.search(query, { limit: LOCAL, order: 'newest' })).keys);
  const { accounts: all, mailboxes } = await store.snapshot();
  const found = new Set<MessageKey>();
  const imap = all.filter((one) => one.mode === 'imap' && (account === undefined || one.id === account));
  await Promise.all(
    imap.map(async ({ id, email }) => {
      const mine = mailboxes.filter(
        (one) =>
          one.account === id &&
          one.selectable &&
          one.local !== true &&
          (mailbox === undefined || one.id === mailbox),
      );
      const within = mine.filter((one) => named(query, one));
      try {
        await searchAccount(accounts, ports, id, within, asked, (keys) => {
          for (const key of keys) if (!local.has(key)) found.add(key);
        });
      } catch (thrown) {
        problems.push({ where: email, detail: failureOf(thrown).detail });
      }
    }),
  );
  const rows = await store.rows([...found]);
  return { rows: rows.toSorted((a, b) => b.date - a.date).slice(0, ROWS), problems, left };
}

async function searchAccount(
  accounts: Accounts,
  { store }: Pick<Ports, 'store'>,
  id: AccountId,
  mailboxes: Mailbox[],
  asked: ServerQuery,
  tell: (keys: MessageKey[]) => void,
): Promise<void> {
  for (const mailbox of mailboxes) {
    // One mailbox a job: what is more urgent comes in between.
    const uids = await accounts.errand(id, (link) => link.search(mailbox.path, asked));
    if (uids.length > 0) tell(await store.keysOf(mailbox.id, uids));
  }
}

/** What a server can be asked of a query; a group of alternatives and what is negated it can't. */
function serverQuery({ groups }: Query): { asked: ServerQuery; left: string[] } {
  const asked: ServerQuery = {};
  const left: string[] = [];
  for (const group of groups) {
    const [term] = group;
    if (!term || group.length > 1 || term.not || !ask(asked, term)) left.push(...group.map(wordsOf));
  }
  return { asked, left: left.filter((one) => one !== '') };
}

function ask(asked: ServerQuery, term: Term): boolean {
  switch (term.kind) {
    case 'words': {
      const key = term.field === undefined ? 'text' : term.field === 'cc' ? 'to' : term.field;
      (asked[key] ??= []).push(term.words.join(' '));
      return true;
    }
    case 'date':
      if (term.from !== undefined) asked.since = term.from;
      if (term.to !== undefined) asked.before = term.to;
      return true;
    case 'size':
      if (term.above !== undefined) asked.larger = term.above;
      if (term.below !== undefined) asked.smaller = term.below;
      return true;
    case 'tag':
      (asked.keywords ??= []).push(term.tag);
      return true;
    case 'is': {
      const { state } = term;
      if (state === 'unread') (asked.clear ??= []).push('seen');
      else if (state === 'read') (asked.set ??= []).push('seen');
      else (asked.set ??= []).push(state);
      return true;
    }
    case 'in':
      return true;
    case 'has':
      return false;
  }
}

function named({ groups }: Query, { path, name, role }: Mailbox): boolean {
  return groups.every(([term]) => {
    if (term?.kind !== 'in') return true;
    const wanted = term.mailbox.toLowerCase();
    return [path, name, role].some((one) => one.toLowerCase() === wanted);
  });
}

function wordsOf(term: Term): string {
  return term.kind === 'words' ? term.words.join(' ') : term.kind;
}
