import type { ImapFlow } from 'imapflow';
import type { KnownMailbox, MailboxChange } from '../../app/ports-engine.ts';
import { fromWire } from './flags.ts';
import { say, textOf, type Node } from './raw.ts';

/** UIDs in one FETCH of flags: what a command may bring has its bounds. */
const WINDOW = 100_000;

/** `1:maxUid`, in ranges that are asked for one after the other. */
export function windows(maxUid: number): string[] {
  const count = Math.ceil(maxUid / WINDOW);
  return Array.from(
    { length: count },
    (_one, at) => `${at * WINDOW + 1}:${Math.min((at + 1) * WINDOW, maxUid)}`,
  );
}

/** UIDs in a list of what is gone, above which it is compared with what is known instead of being written out. */
const MANY = 10_000;

/**
 * What changed and what is gone since a mod-sequence, in one round trip (RFC 7162 section 3.2.6: CHANGEDSINCE with VANISHED).
 * @returns of what is gone only what was known
 */
export async function changedSince(
  client: ImapFlow,
  before: KnownMailbox,
  since: bigint,
): Promise<{ flags: MailboxChange['flags']; vanished: number[] }> {
  const flags: MailboxChange['flags'] = [];
  const ranges: [number, number][] = [];
  const ask = (range: string) => [
    { type: 'SEQUENCE' as const, value: range },
    [
      { type: 'ATOM' as const, value: 'UID' },
      { type: 'ATOM' as const, value: 'FLAGS' },
    ],
    [
      { type: 'ATOM' as const, value: 'CHANGEDSINCE' },
      { type: 'ATOM' as const, value: String(since) },
      { type: 'ATOM' as const, value: 'VANISHED' },
    ],
  ];
  const hear = {
    FETCH: (attributes: Node[]) => {
      const items = attributes.find((one): one is Node[] => Array.isArray(one)) ?? [];
      const uid = numberOf(valueOf(items, 'UID'));
      const told = valueOf(items, 'FLAGS');
      if (uid === undefined || !Array.isArray(told)) return;
      flags.push({ uid, ...fromWire(told.flatMap((one) => textOf(one) ?? [])) });
    },
    VANISHED: (attributes: Node[]) => {
      for (const one of (textOf(attributes.at(-1)) ?? '').split(',')) {
        const range = /^(\d{1,10})(?::(\d{1,10}))?$/u.exec(one);
        if (!range) continue;
        const [from, to] = [Number(range[1]), Number(range[2] ?? range[1])];
        ranges.push([Math.min(from, to), Math.max(from, to)]);
      }
    },
  };
  for (const range of windows(before.maxUid)) await say(client, 'UID FETCH', ask(range), hear);
  return { flags, vanished: await knownIn(ranges, before) };
}

async function knownIn(ranges: readonly [number, number][], before: KnownMailbox): Promise<number[]> {
  const total = ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  if (total === 0) return [];
  const known = (await before.messages()).map((one) => one.uid);
  if (total > MANY) return known.filter((uid) => ranges.some(([from, to]) => from <= uid && uid <= to));
  const gone = new Set(
    ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => from + at)),
  );
  return known.filter((uid) => gone.has(uid));
}

/** The value behind a name in a list of names and values. */
function valueOf(items: readonly Node[], name: string): Node | undefined {
  const at = items.findIndex((one) => textOf(one)?.toUpperCase() === name);
  return at < 0 ? undefined : items[at + 1];
}

function numberOf(node: Node | undefined): number | undefined {
  const text = textOf(node);
  return text !== undefined && /^\d{1,10}$/u.test(text) ? Number(text) : undefined;
}
