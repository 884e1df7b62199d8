import type { User } from './account.ts';
import { ImapSession } from './imap/session.ts';
import { listen } from './listener.ts';
import type { Listener } from './listener.ts';
import { startPenpal } from './penpal.ts';
import { Pop3Session } from './pop3/session.ts';
import { PostOffice } from './post-office.ts';
import { seedMailboxes } from './sample/seed.ts';
import type { SessionMaker } from './session.ts';
import { SmtpSession } from './smtp/session.ts';

export type PracticePorts = { readonly smtp: number; readonly pop3: number; readonly imap: number };

export type PracticeOptions = {
  /** Ports, 0 for any free one; or a base, to which 587, 110 and 143 are added. Free ports by default. */
  readonly ports?: PracticePorts | number;
  /** A loopback address. */
  readonly host?: string;
  readonly users?: readonly User[];
  /** Fill the mailboxes of the default users with letters; yes by default. */
  readonly seed?: boolean;
  /** Oleg answers what Vera sends him. */
  readonly autoAnswer?: boolean;
  readonly clock?: () => Date;
};

export type PracticeServer = {
  readonly host: string;
  readonly ports: PracticePorts;
  readonly users: readonly User[];
  /** Put a message, byte for byte, into the INBOX of a user. */
  deliver(raw: Uint8Array, to: string): void;
  stop(): Promise<void>;
};

export const VERA: User = { email: 'vera@practice.test', password: 'amber-pane', name: 'Вера Соколова' };
export const OLEG: User = { email: 'oleg@practice.test', password: 'amber-pane', name: 'Олег Демидов' };

const MINUTE_MS = 60_000;

/**
 * Start the practice server: submission (RFC 6409), POP3 (RFC 1939) and IMAP4rev1 (RFC 3501) for the same
 * mailboxes, in memory, on loopback, in clear text.
 */
export async function startPractice(options: PracticeOptions = {}): Promise<PracticeServer> {
  const host = options.host ?? '127.0.0.1';
  const clock = options.clock ?? (() => new Date());
  const users = options.users ?? [VERA, OLEG];
  const office = new PostOffice(users, clock);
  if (options.seed !== false) seedMailboxes(office, VERA.email, OLEG.email);
  const stopPenpal =
    options.autoAnswer === true ? startPenpal(office, { asker: VERA, answerer: OLEG }) : () => undefined;
  const wanted = portsOf(options.ports);
  const listeners: Listener[] = [];
  const open = async (port: number, idleMinutes: number, session: SessionMaker): Promise<number> => {
    const listener = await listen({ host, port, idleMs: idleMinutes * MINUTE_MS, session });
    listeners.push(listener);
    return listener.port;
  };
  const stop = async (): Promise<void> => {
    stopPenpal();
    await Promise.all(listeners.map((listener) => listener.stop()));
  };
  try {
    // The silences allowed: RFC 5321, section 4.5.3.2.7; RFC 1939, section 3; RFC 9051, section 5.4.
    const smtp = await open(wanted.smtp, 5, (outlet) => new SmtpSession(office, outlet));
    const pop3 = await open(wanted.pop3, 10, (outlet) => new Pop3Session(office, outlet));
    const imap = await open(wanted.imap, 30, (outlet) => new ImapSession(office, outlet));
    return { host, ports: { smtp, pop3, imap }, users, deliver: (raw, to) => office.deliver(raw, to), stop };
  } catch (error) {
    // One port that is taken must not leave the others listening.
    await stop();
    throw error;
  }
}

function portsOf(ports: PracticePorts | number | undefined): PracticePorts {
  if (typeof ports === 'object') return ports;
  return ports ? { smtp: ports + 587, pop3: ports + 110, imap: ports + 143 } : { smtp: 0, pop3: 0, imap: 0 };
}
