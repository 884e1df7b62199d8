import type { LeavePolicy } from '../../shared/model/leave.ts';
import type { RemovalReason } from '../../shared/contract/pop3.ts';
import type { Pop3Listing } from './ports-engine.ts';
import type { CollectedUidl } from './ports-store.ts';

const HOUR = 60 * 60 * 1000;

/** What the policy does with a message that the server holds, and when; nothing while there is no telling. */
export interface Fate {
  reason: RemovalReason;
  /** ms since the epoch; what is past is due now. */
  due: number;
}

/** What is said of each message on the server, by its number there. */
export type Fates = Map<number, Fate>;

/**
 * What a policy removes from the server, and why: now, or at a time that can be told. Only what was collected whole, or
 * was deleted here by the person; never a message without a name, one of two that share a name, or one that stays.
 * @param listed all that the server holds
 * @param now ms since the epoch
 */
export function removalsOf(
  policy: LeavePolicy,
  listed: readonly Pop3Listing[],
  collected: ReadonlyMap<string, CollectedUidl>,
  now: number,
): Fates {
  const fates: Fates = new Map();
  if (policy === 'forever') return fates;
  const removable = removableOf(listed, collected);
  if (typeof policy === 'object' && 'bytes' in policy) {
    let left = listed.reduce((sum, one) => sum + one.size, 0) - policy.bytes;
    const oldest = removable.toSorted(
      (a, b) => (a.known.collected ?? 0) - (b.known.collected ?? 0) || a.number - b.number,
    );
    for (const { number, size } of oldest) {
      if (left <= 0) break;
      left -= size;
      fates.set(number, { reason: 'over-size', due: now });
    }
    return fates;
  }
  for (const { number, known } of removable) {
    const { collected: at = now, deleted } = known;
    if (policy === 'never') fates.set(number, { reason: 'collected', due: at });
    else if (policy !== 'until-deleted') fates.set(number, { reason: 'age', due: at + policy.hours * HOUR });
    else if (deleted !== undefined) fates.set(number, { reason: 'deleted-here', due: deleted });
  }
  return fates;
}

/** Names that stand for one message each: what stands twice in the list names no message for certain. */
export function uniqueUidls(listed: readonly Pop3Listing[]): Set<string> {
  const times = new Map<string, number>();
  for (const { uidl } of listed) times.set(uidl, (times.get(uidl) ?? 0) + 1);
  return new Set([...times].flatMap(([uidl, count]) => (count === 1 && uidl !== '' ? [uidl] : [])));
}

function removableOf(
  listed: readonly Pop3Listing[],
  collected: ReadonlyMap<string, CollectedUidl>,
): (Pop3Listing & { known: CollectedUidl })[] {
  const certain = uniqueUidls(listed);
  return listed.flatMap((one) => {
    const known = collected.get(one.uidl);
    if (!known || !certain.has(one.uidl) || known.stays) return [];
    const ours = known.held === 'whole' ? known.collected !== undefined : known.deleted !== undefined;
    return ours ? [{ ...one, known }] : [];
  });
}

/**
 * Whether the server has something else under a name than what was collected: it is collected before anything is deleted.
 * By what LIST says, then and now; what a server tells of one message does not change.
 */
export function isOther({ size }: Pop3Listing, known: CollectedUidl): boolean {
  return known.size !== undefined && known.size !== size;
}
