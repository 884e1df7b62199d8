import type { AccountId, MailboxId, MessageKey } from '../../shared/model/ids.ts';
import type { WaitingOperation } from '../../shared/model/operation.ts';
import type { Ports } from './ports.ts';
import type { Operation, ServerPlace } from './ports-store.ts';

/** So many are shown: nobody reads more. */
const SHOWN = 200;
/** UIDs named in a command that is only shown. */
const UIDS = 20;

const FLAGS = {
  seen: '\\Seen',
  flagged: '\\Flagged',
  answered: '\\Answered',
  draft: '\\Draft',
  deleted: '\\Deleted',
  forwarded: '$Forwarded',
} as const;

/** What servers have to be told yet, with what will be said as far as it is known now. */
export async function waitingOperations(
  { store }: Pick<Ports, 'store'>,
  busy: ReadonlySet<number>,
  account?: AccountId,
): Promise<WaitingOperation[]> {
  const { mailboxes } = await store.snapshot();
  const paths = new Map(mailboxes.map((one) => [one.id, one.path]));
  const found = await store.waitingOperations(SHOWN, account);
  return Promise.all(
    found.map(async ({ operation, made, subject }) => {
      const { id, kind, keys, attempts, begun, refusal } = operation;
      const places = await store.places(sourcesOf(operation));
      const [first] = places;
      const detail = describe(operation, paths);
      return {
        id,
        account: operation.account,
        kind,
        messages: keys.length,
        subject,
        ...(first ? { from: first.path } : {}),
        ...detail,
        made,
        attempts,
        ...(refusal === undefined ? {} : { refusal }),
        begun: begun === true || busy.has(id),
        commands: commandsOf(operation, places, paths),
      };
    }),
  );
}

function sourcesOf(operation: Operation): MessageKey[] {
  return operation.kind === 'copy' ? operation.from : operation.keys;
}

function describe(
  operation: Operation,
  paths: ReadonlyMap<MailboxId, string>,
): Pick<WaitingOperation, 'from' | 'to' | 'set' | 'clear'> {
  switch (operation.kind) {
    case 'flag':
      return {
        set: [...operation.set, ...(operation.tag ?? [])],
        clear: [...operation.clear, ...(operation.untag ?? [])],
      };
    case 'move':
    case 'copy': {
      const to = paths.get(operation.to);
      return to === undefined ? {} : { to };
    }
    case 'rename':
      return { from: operation.path, to: operation.to };
    case 'create':
      return { to: operation.path };
    case 'delete':
    case 'subscribe':
      return { from: operation.path };
    case 'append':
    case 'remove':
      return {};
  }
}

function commandsOf(
  operation: Operation,
  places: ServerPlace[],
  paths: ReadonlyMap<MailboxId, string>,
): string[] {
  const quoted = (path: string | undefined) => `"${(path ?? '').replaceAll(/["\\]/gu, '\\$&')}"`;
  switch (operation.kind) {
    case 'create':
      return [`CREATE ${quoted(operation.path)}`, `SUBSCRIBE ${quoted(operation.path)}`];
    case 'rename':
      return [`RENAME ${quoted(operation.path)} ${quoted(operation.to)}`];
    case 'delete':
      return [`DELETE ${quoted(operation.path)}`];
    case 'subscribe':
      return [`${operation.subscribed ? 'SUBSCRIBE' : 'UNSUBSCRIBE'} ${quoted(operation.path)}`];
    case 'append':
      return ['APPEND'];
    case 'flag':
    case 'move':
    case 'copy':
    case 'remove':
      return byMailbox(places).flatMap(([path, uids]) => [
        `SELECT ${quoted(path)}`,
        ...verbsOf(operation, setOf(uids), paths, quoted),
      ]);
  }
}

function verbsOf(
  operation: Extract<Operation, { kind: 'flag' | 'move' | 'copy' | 'remove' }>,
  uids: string,
  paths: ReadonlyMap<MailboxId, string>,
  quoted: (path: string | undefined) => string,
): string[] {
  if (operation.kind === 'move') return [`UID MOVE ${uids} ${quoted(paths.get(operation.to))}`];
  if (operation.kind === 'copy') return [`UID COPY ${uids} ${quoted(paths.get(operation.to))}`];
  if (operation.kind === 'remove')
    return [`UID STORE ${uids} +FLAGS.SILENT (\\Deleted)`, `UID EXPUNGE ${uids}`];
  const list = (flags: (keyof typeof FLAGS)[], tags: string[] = []) =>
    [...flags.map((one) => FLAGS[one]), ...tags].join(' ');
  const set = list(operation.set, operation.tag);
  const clear = list(operation.clear, operation.untag);
  return [
    ...(set === '' ? [] : [`UID STORE ${uids} +FLAGS.SILENT (${set})`]),
    ...(clear === '' ? [] : [`UID STORE ${uids} -FLAGS.SILENT (${clear})`]),
  ];
}

function setOf(uids: number[]): string {
  return uids.slice(0, UIDS).join(',') + (uids.length > UIDS ? ',…' : '');
}

function byMailbox(places: ServerPlace[]): [string, number[]][] {
  const groups = new Map<string, number[]>();
  for (const { path, uid } of places) groups.set(path, [...(groups.get(path) ?? []), uid]);
  return [...groups].map(([path, uids]) => [path, uids.toSorted((a, b) => a - b)]);
}
