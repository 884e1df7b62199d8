import { createSecureContext } from 'node:tls';
import type { User } from './account.ts';
import { fingerprintOf } from './certificate.ts';
import { ImapSession } from './imap/session.ts';
import { listen } from './listener.ts';
import type { Listener } from './listener.ts';
import type { StoredMessage } from './mailbox.ts';
import { startPenpal } from './penpal.ts';
import { Pop3Session } from './pop3/session.ts';
import { seedMailboxes } from './sample/seed.ts';
import type { SessionMaker } from './session.ts';
import { listenSubmission } from './smtp/server.ts';
import { openOffice } from './state/open.ts';

/** Clear text with STARTTLS, and (with an s) TLS from the first octet on. */
export type PracticePorts = Readonly<Record<'smtp' | 'smtps' | 'pop3' | 'pop3s' | 'imap' | 'imaps', number>>;

export type PracticeOptions = {
  /** Ports, or a base that the usual numbers (587, 465, 110, 995, 143, 993) are added to. Free ports by default. */
  readonly ports?: Partial<PracticePorts> | number;
  /** A loopback address. */
  readonly host?: string;
  readonly users?: readonly User[];
  /** Fill the mailboxes of the default users with letters; yes by default. */
  readonly seed?: boolean;
  /** Where mailboxes and the certificate are kept from one run to the next; in memory only by default. */
  readonly folder?: string;
  /** Whether clients may ask for TLS on the clear-text ports; yes by default. To see what they do where they may not. */
  readonly startTls?: boolean;
  /** Oleg answers what Vera sends him. */
  readonly autoAnswer?: boolean;
  readonly clock?: () => Date;
};

export type PracticeServer = {
  readonly host: string;
  readonly ports: PracticePorts;
  readonly users: readonly User[];
  /** Made by the server itself: a client has to be told to trust it. */
  readonly certificate: { readonly pem: string; readonly fingerprint: string };
  /** Put a message, byte for byte, into the INBOX of a user. */
  deliver(raw: Uint8Array, to: string): void;
  /** All that a user has here, mailbox by mailbox. */
  letters(of: string): readonly { readonly mailbox: string; readonly message: StoredMessage }[];
  stop(): Promise<void>;
};

export const VERA: User = { email: 'vera@practice.test', password: 'amber-pane', name: 'Вера Соколова' };
export const OLEG: User = { email: 'oleg@practice.test', password: 'amber-pane', name: 'Олег Демидов' };

const MINUTE_MS = 60_000;

/**
 * Start the practice server: submission (RFC 6409), POP3 (RFC 1939) and IMAP4rev1 (RFC 3501) for the same
 * mailboxes, on loopback, in clear text and over TLS; in memory, or kept in a folder.
 */
export async function startPractice(options: PracticeOptions = {}): Promise<PracticeServer> {
  const host = options.host ?? '127.0.0.1';
  const clock = options.clock ?? (() => new Date());
  const users = options.users ?? [VERA, OLEG];
  const startTls = options.startTls !== false;
  const opened = await openOffice(users, clock, options.folder);
  const { office, identity, fresh } = opened;
  if (options.seed !== false) seedMailboxes(office, VERA.email, OLEG.email, fresh);
  const context = createSecureContext({ ...identity, minVersion: 'TLSv1.2' });
  const stopPenpal =
    options.autoAnswer === true ? startPenpal(office, { asker: VERA, answerer: OLEG }) : () => undefined;
  const wanted = portsOf(options.ports);
  const listeners: Listener[] = [];
  const keep = async (listener: Promise<Listener>): Promise<number> => {
    listeners.push(await listener);
    return (await listener).port;
  };
  const submission = (port: number, implicitTls: boolean): Promise<number> =>
    keep(listenSubmission({ host, port, office, identity, startTls, implicitTls }));
  // The silences allowed: RFC 1939, section 3; RFC 9051, section 5.4.
  const pop3 = (port: number, implicitTls: boolean): Promise<number> => {
    const session: SessionMaker = (outlet) => new Pop3Session(office, outlet);
    return keep(listen({ host, port, idleMs: 10 * MINUTE_MS, session, context, startTls, implicitTls }));
  };
  const imap = (port: number, implicitTls: boolean): Promise<number> => {
    const session: SessionMaker = (outlet) => new ImapSession(office, outlet);
    return keep(listen({ host, port, idleMs: 30 * MINUTE_MS, session, context, startTls, implicitTls }));
  };
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopPenpal();
    stopped ??= Promise.all(listeners.map((listener) => listener.stop())).then(() => opened.stop());
    return stopped;
  };
  try {
    const ports = {
      smtp: await submission(wanted.smtp, false),
      smtps: await submission(wanted.smtps, true),
      pop3: await pop3(wanted.pop3, false),
      pop3s: await pop3(wanted.pop3s, true),
      imap: await imap(wanted.imap, false),
      imaps: await imap(wanted.imaps, true),
    };
    const certificate = { pem: identity.cert, fingerprint: fingerprintOf(identity) };
    const letters: PracticeServer['letters'] = (of) => {
      const account = office.account(of);
      return (account?.names ?? []).flatMap((mailbox) =>
        (account?.find(mailbox)?.messages ?? []).map((message) => ({ mailbox, message })),
      );
    };
    return { host, ports, users, certificate, deliver: (raw, to) => office.deliver(raw, to), letters, stop };
  } catch (error) {
    // One port that is taken must not leave the others listening.
    await stop();
    throw error;
  }
}

const USUAL: PracticePorts = { smtp: 587, smtps: 465, pop3: 110, pop3s: 995, imap: 143, imaps: 993 };
const ANY: PracticePorts = { smtp: 0, smtps: 0, pop3: 0, pop3s: 0, imap: 0, imaps: 0 };

function portsOf(ports: Partial<PracticePorts> | number | undefined): PracticePorts {
  if (typeof ports === 'object') return { ...ANY, ...ports };
  if (!ports) return ANY;
  const { smtp, smtps, pop3, pop3s, imap, imaps } = USUAL;
  return {
    smtp: ports + smtp,
    smtps: ports + smtps,
    pop3: ports + pop3,
    pop3s: ports + pop3s,
    imap: ports + imap,
    imaps: ports + imaps,
  };
}
