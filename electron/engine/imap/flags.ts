import type { Flag } from '../../../shared/model/message.ts';

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

export function toWire(flags: Flag[]): string[] {
  return flags.map((flag) => WIRE[flag]);
}

export function fromWire(flags: Iterable<string> | undefined): Flag[] {
  return [...(flags ?? [])].flatMap((flag) => OURS.get(flag.toLowerCase()) ?? []);
}
