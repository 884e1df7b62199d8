/** Where a word may stand. */
export type Field = 'subject' | 'from' | 'to' | 'cc' | 'body';

/** Words next to each other, folded (`fold.ts`): one word, or what was written in one piece or between quotes. */
export interface Words {
  kind: 'words';
  /** Anywhere, if left out. */
  field?: Field;
  words: string[];
  /** The last word may go on. */
  prefix: boolean;
}

export type State = 'unread' | 'read' | 'flagged' | 'answered' | 'forwarded' | 'draft';

type Condition =
  | { kind: 'has'; what: 'attachment' }
  | { kind: 'is'; state: State }
  /** By path, last name or role, as it was typed. */
  | { kind: 'in'; mailbox: string }
  /** ms since the epoch: from the first on, before the second. */
  | { kind: 'date'; from?: number; to?: number }
  /** Bytes: more than, or less than. */
  | { kind: 'size'; above?: number; below?: number }
  | { kind: 'tag'; tag: string };

export type Meaning = Words | Condition;
export type Term = { not: boolean } & Meaning;

/** What is looked for: of each group at least one term must hold. No group: nothing was asked for. */
export interface Query {
  groups: Term[][];
  /** What was meant as more than words and could not be understood; it was looked for as words. */
  notes: { operator: string; value: string }[];
}
