import { beforeTls } from './cases/before-tls.ts';
import { underTls } from './cases/under-tls.ts';
import type { HostileCase } from './script.ts';

/** By protocol: what `npm run hostile -- <name>` plays. */
export const suites: Record<string, readonly HostileCase[] | undefined> = {
  imap: [...beforeTls, ...underTls],
};
