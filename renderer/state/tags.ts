import type { MessageRow } from '../../shared/model/message.ts';

/** `Keyword` of `shared/model/message.ts`, again: a value from there would bring its schema library along. A test keeps both alike. */
export const ATOM = /^[^\u0000-\u0020(){%*"\\\]\u007f-\uffff]{1,100}$/u;

/** What programs tell one another by keywords (the IANA registry, and habits): no tags of a person's. */
const SYSTEM = new Set(
  [
    '$MDNSent',
    '$Junk',
    '$NotJunk',
    'Junk',
    'NotJunk',
    'NonJunk',
    '$Forwarded',
    'Forwarded',
    '$Submitted',
    '$SubmitPending',
    '$Phishing',
    '$HasAttachment',
    '$HasNoAttachment',
    '$HasMemo',
    '$CanUnsubscribe',
    '$Unsubscribed',
    '$AutoSent',
    '$New',
    '$Notify',
    '$Muted',
    '$Memo',
    '$IsMailingList',
    '$IsNotification',
    '$IsTrusted',
    '$MaskedEmail',
    '$MailFlagBit0',
    '$MailFlagBit1',
    '$MailFlagBit2',
    '$has_cal',
    '$attachment',
    'NoNotify',
    'MDNSent',
    'Replied',
    'Redirected',
    'KMAILFORWARDED',
  ].map((one) => one.toLowerCase()),
);

/** Whether a keyword is a tag that a person would know as theirs. */
export function isTag(keyword: string): boolean {
  return !keyword.startsWith('\\') && !SYSTEM.has(keyword.toLowerCase());
}

/** The tags of a message that are shown. */
export function tagsOf(row: Pick<MessageRow, 'keywords'>): string[] {
  return (row.keywords ?? []).filter(isTag);
}

/** One of five colours, always the same for a name, however its case. */
export function tagColour(tag: string): 1 | 2 | 3 | 4 | 5 {
  let hash = 0;
  for (const letter of tag.toLowerCase()) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return ((hash % 5) + 1) as 1 | 2 | 3 | 4 | 5;
}

/** What was typed as a keyword, or undefined when IMAP has no such (RFC 9051 section 9, atom). */
export function keywordOf(typed: string): string | undefined {
  const joined = typed.trim().replaceAll(/\s+/gu, '_');
  return ATOM.test(joined) && isTag(joined) ? joined : undefined;
}

/** Every tag of these messages, by name; `before` first found wins among names that differ by case only. */
export function knownTags(rows: Iterable<Pick<MessageRow, 'keywords'>>): string[] {
  const known = new Map<string, string>();
  for (const row of rows)
    for (const tag of tagsOf(row)) if (!known.has(tag.toLowerCase())) known.set(tag.toLowerCase(), tag);
  return [...known.values()].toSorted((a, b) => a.localeCompare(b));
}

/** Whether all, some or none of these messages have a tag. */
export function tagState(
  rows: readonly Pick<MessageRow, 'keywords'>[],
  tag: string,
): 'all' | 'some' | 'none' {
  const having = rows.filter((row) =>
    (row.keywords ?? []).some((one) => one.toLowerCase() === tag.toLowerCase()),
  ).length;
  return having === 0 ? 'none' : having === rows.length ? 'all' : 'some';
}
