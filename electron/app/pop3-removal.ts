import type { AccountId } from '../../shared/model/ids.ts';
import type { Ports } from './ports.ts';
import type { Pop3Link } from './ports-engine.ts';
import type { DamagedMessage } from './ports-store.ts';
import { crashPoint } from '../fault/crash-point.ts';

/** A message on the server that is to go. */
export interface Marked {
  number: number;
  uidl: string;
  /** The person was told that it is nowhere else. */
  unheld?: boolean;
}

/** What came of telling a server to delete messages: what it confirmed, and what it was not told for it is not safe here. */
export interface Removed {
  removed: string[];
  kept: string[];
}

/** So many names are asked about at once. */
const CHUNK = 500;

/**
 * Deletes messages on the server and ends the session: nothing is marked there before its bytes were read back from the
 * disk and their SHA-256 compared. A damaged one stays, is told, and is collected again.
 * @param tell gets what is damaged here
 * @throws MailError when the server refuses a mark; then none counts
 */
export async function removeFromServer(
  store: Ports['store'],
  account: AccountId,
  link: Pop3Link,
  marked: readonly Marked[],
  tell: (damaged: DamagedMessage) => void,
): Promise<Removed> {
  const safe = new Set(marked.filter((one) => one.unheld).map((one) => one.uidl));
  const kept: string[] = [];
  for (let left = marked.flatMap(({ uidl, unheld }) => (unheld ? [] : [uidl])); left.length > 0;) {
    const verified = await store.verifyUidls(account, left.slice(0, CHUNK));
    left = left.slice(verified.length);
    const damaged = verified.filter((one) => one.damaged.length > 0);
    for (const { state, uidl } of verified) {
      if (state === 'unsafe') kept.push(uidl);
      else safe.add(uidl);
    }
    for (const one of damaged.flatMap((found) => found.damaged)) tell(one);
    // The server has a good copy: without its name here it is taken for new the next time.
    if (damaged.length > 0)
      await store.forgetUidls(
        account,
        damaged.map((one) => one.uidl),
      );
  }
  const certain = marked.filter(({ uidl }) => safe.has(uidl));
  const uidls = certain.map(({ uidl }) => uidl);
  if (uidls.length > 0) await store.beginRemoval(account, uidls);
  await link.remove(certain.map(({ number }) => number));
  crashPoint('pop3.marked');
  const confirmed = await link.quit();
  crashPoint('pop3.quit');
  // An unconfirmed QUIT is no deletion (RFC 1939 section 6): the same is asked again next time.
  if (!confirmed) return { removed: [], kept };
  if (uidls.length > 0) await store.forgetUidls(account, uidls);
  return { removed: uidls, kept };
}
