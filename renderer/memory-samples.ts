import type { OutboxItem } from '../shared/model/draft.ts';
import type { MessageKey } from '../shared/model/ids.ts';
import { imapAccount, pop3Account } from './memory-data.ts';

/** Letters on their way, one in each state that needs words. */
export const makeOutbox = (now: number): OutboxItem[] => [
  {
    message: 900_001 as MessageKey,
    account: imapAccount.id,
    subject: 'Delivery window for the crates',
    recipients: ['lena@example.org'],
    state: 'maybe-sent',
    failure: { code: 'maybe-sent', detail: 'ETIMEDOUT', host: 'smtp.example.org', port: 465 },
    attempts: 1,
    queued: now - 900_000,
  },
  {
    message: 900_002 as MessageKey,
    account: pop3Account.id,
    subject: 'Приглашение на открытие',
    recipients: ['p.orlov@practice.test'],
    state: 'refused',
    failure: {
      code: 'recipient-refused',
      detail: '552 5.2.2 Mailbox full',
      host: 'smtp.practice.test',
      port: 465,
    },
    attempts: 1,
    queued: now - 2_000_000,
  },
  {
    message: 900_003 as MessageKey,
    account: imapAccount.id,
    subject: 'Re: Смета на витрину',
    recipients: ['o.demidov@steklo.example.org'],
    state: 'waiting',
    attempts: 3,
    queued: now - 60_000,
    nextTry: now + 60_000,
  },
];

/** A certificate that is for another name. */
export const certificate = {
  subject: 'CN=*.hosting.example.net',
  issuer: 'CN=Example Trust R3',
  names: ['*.hosting.example.net', 'hosting.example.net'],
  validFrom: 'Oct  2 00:00:00 2026 GMT',
  validTo: 'Dec 31 23:59:59 2026 GMT',
  fingerprint: Array.from({ length: 32 }, (_, i) => (i * 7 + 16).toString(16).toUpperCase())
    .join(':')
    .slice(0, 95),
  pem: '-----',
};
