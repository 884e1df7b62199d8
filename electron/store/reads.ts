import type { Store } from '../app/ports-store.ts';

/** Verbs that only read: they run beside the writer, in a thread of their own. */
export const READS: ReadonlySet<keyof Store> = new Set<keyof Store>([
  'snapshot',
  'account',
  'mailboxes',
  'order',
  'rows',
  'search',
  'raw',
  'newestKey',
  'mark',
  'known',
  'bodiless',
  'places',
  'undigested',
  'knownUidls',
  'dueUidls',
  'dueSizes',
  'operations',
  'draft',
  'attachments',
  'nextLetter',
  'verifyMessages',
  'verifySegments',
]);
