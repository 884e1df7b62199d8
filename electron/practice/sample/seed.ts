import type { User } from '../account.ts';
import type { PostOffice } from '../post-office.ts';
import { lettersInOldCharsets } from './charsets.ts';
import { correspondence } from './correspondence.ts';
import { lettersElsewhere, lettersOfOleg } from './elsewhere.ts';
import { estimateThread } from './estimate.ts';
import { lessons } from './lessons.ts';
import type { SampleLetter } from './letter.ts';
import { newsletter } from './newsletter.ts';
import { bounce } from './report.ts';
import { welcome } from './welcome.ts';
import { whenBefore } from './when.ts';

/** All sample letters of Vera, the oldest first. */
export function lettersForVera(now: Date): readonly SampleLetter[] {
  const when = whenBefore(now);
  const letters = [
    ...estimateThread(when),
    ...lettersInOldCharsets(when),
    ...correspondence(when),
    ...lettersElsewhere(when),
    ...lessons(when),
    newsletter(when),
    bounce(when),
    welcome(when),
  ];
  return letters.sort((a, b) => a.date.getTime() - b.date.getTime());
}

/** All sample letters of Oleg, the oldest first. */
export function lettersForOleg(now: Date): readonly SampleLetter[] {
  return [...lettersOfOleg(whenBefore(now))].sort((a, b) => a.date.getTime() - b.date.getTime());
}

/** Fill the mailboxes of these two, where they have an account that is new, as if the letters had come in the last days. */
export function seedMailboxes(office: PostOffice, vera: string, oleg: string, fresh: readonly User[]): void {
  const now = office.clock();
  for (const [email, letters] of [
    [vera, lettersForVera(now)],
    [oleg, lettersForOleg(now)],
  ] as const) {
    const account = office.account(email);
    if (!account || !fresh.includes(account.user)) continue;
    for (const { mailbox, raw, flags, date } of letters) account.find(mailbox)?.append(raw, flags, date);
  }
}
