import type { Account } from '../../shared/model/account.ts';
import type { Mailbox } from '../../shared/model/mailbox.ts';
import type { Intake } from './intake.ts';
import type { Ports } from './ports.ts';
import type { ImapLink } from './ports-engine.ts';
import { crashPoint } from '../fault/crash-point.ts';

/** Bytes of bodies fetched in one job: an opened message never waits longer than this takes. */
const BATCH = 4 * 1024 * 1024;
const COUNT = 100;
const DAY = 24 * 60 * 60 * 1000;
/** Longer messages come part by part, unless the account says otherwise; bytes. */
const WHOLE_LIMIT = 20 * 1024 * 1024;

/** From what size on messages of an account come part by part; bytes. */
export function wholeLimit({ wholeLimit = WHOLE_LIMIT }: Pick<Account, 'wholeLimit'>): number {
  return wholeLimit;
}

/** How much of a mailbox the person wants here. */
export function keepOf(account: Account, mailbox: Mailbox): NonNullable<Mailbox['keep']> {
  return mailbox.keep ?? account.keep ?? 'all';
}

/** Fetches one batch of the bodies that the person wants here, the newest first. @returns whether there may be more */
export async function fetchBodies(
  { store, intake }: { store: Ports['store']; intake: Intake },
  account: Account,
  link: ImapLink,
  mailbox: Mailbox,
): Promise<boolean> {
  const keep = keepOf(account, mailbox);
  if (keep === 'headers') return false;
  const bounds = {
    size: wholeLimit(account),
    ...(typeof keep === 'number' ? { since: Date.now() - keep * DAY } : {}),
  };
  const wanted: number[] = [];
  let bytes = 0;
  for (const { uid, size } of await store.bodiless(mailbox.id, COUNT, bounds)) {
    if (wanted.length > 0 && bytes + size > BATCH) break;
    wanted.push(uid);
    bytes += size;
  }
  if (wanted.length === 0) return false;
  const added = await link.fetchWhole(mailbox.path, wanted);
  await intake.take(mailbox.id, { added, flags: [], removed: [] });
  crashPoint('imap.bodies');
  return added.length > 0;
}
