import { beforeTls } from './cases/before-tls.ts';
import { pop3BeforeTls } from './cases/pop3-before-tls.ts';
import { pop3UnderTls } from './cases/pop3-under-tls.ts';
import { underTls } from './cases/under-tls.ts';
import type { HostileCase } from './script.ts';

/** By protocol: what `npm run hostile -- <name>` plays. */
export const suites: Record<string, readonly HostileCase[] | undefined> = {
  imap: [...beforeTls, ...underTls],
  pop3: [...pop3BeforeTls, ...pop3UnderTls],
};
