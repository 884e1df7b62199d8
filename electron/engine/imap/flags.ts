import { Keyword, type Flag } from '../../../shared/model/message.ts';
import type { Marks } from '../../app/ports-engine.ts';
import { tagOf } from './labels.ts';

/** Our names and the wire's (RFC 9051 section 2.3.2). */
const WIRE: Record<Flag, string> = {
  seen: '\\Seen',
  flagged: '\\Flagged',
  answered: '\\Answered',
  draft: '\\Draft',
  deleted: '\\Deleted',
  forwarded: '$Forwarded',
};
const OURS = new Map(Object.entries(WIRE).map(([ours, wire]) => [wire.toLowerCase(), ours as Flag]));
/** Of one message: what no person could have put there is not kept. */
const MOST = 100;

export function toWire(flags: readonly Flag[], keywords: readonly string[] = []): string[] {
  return [...flags.map((flag) => WIRE[flag]), ...keywords];
}

/** @param labels Gmail's, which are tags to a person */
export function fromWire(flags: Iterable<string> | undefined, labels: Iterable<string> = []): Marks {
  const marks: Marks = { flags: [], keywords: [] };
  for (const one of flags ?? []) {
    const flag = OURS.get(one.toLowerCase());
    if (flag) marks.flags.push(flag);
    // Other system flags (\Recent, and whatever a server makes up) are no tags.
    else if (!one.startsWith('\\') && marks.keywords.length < MOST && Keyword.safeParse(one).success)
      marks.keywords.push(one);
  }
  for (const one of labels) {
    const tag = tagOf(one);
    if (!one.startsWith('\\') && marks.keywords.length < MOST && Keyword.safeParse(tag).success)
      marks.keywords.push(tag);
  }
  return marks;
}
