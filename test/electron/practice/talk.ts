import { ImapSession } from '../../../electron/practice/imap/session.ts';
import { Pop3Session } from '../../../electron/practice/pop3/session.ts';
import { PostOffice } from '../../../electron/practice/post-office.ts';
import { OLEG, VERA } from '../../../electron/practice/server.ts';
import type { Outlet, Session } from '../../../electron/practice/session.ts';

export const NOW = new Date('2026-11-21T10:42:00Z');

export function newOffice(): PostOffice {
  return new PostOffice([VERA, OLEG], () => NOW);
}

const MAKERS = {
  pop3: (office: PostOffice, outlet: Outlet): Session => new Pop3Session(office, outlet),
  imap: (office: PostOffice, outlet: Outlet): Session => new ImapSession(office, outlet),
};

/** A session at work without a socket; text is one character per octet. */
export class Talk {
  ended = false;
  /** STARTTLS was granted: what is said from now on counts as said under TLS. */
  secure = false;
  readonly session: Session;
  #heard = '';

  constructor(protocol: keyof typeof MAKERS, office: PostOffice) {
    // oxlint-disable-next-line typescript/no-this-alias -- the getter below has a `this` of its own
    const talk = this;
    this.session = MAKERS[protocol](office, {
      send: (bytes) => {
        this.#heard += Buffer.from(bytes).toString('latin1');
      },
      end: () => {
        this.ended = true;
      },
      get tls() {
        return talk.secure ? 'active' : 'possible';
      },
      startTls: () => {
        this.secure = true;
      },
    });
    this.session.greeting();
  }

  /** Everything said since the last call. */
  heard(): string {
    const heard = this.#heard;
    this.#heard = '';
    return heard;
  }

  /** Say these octets in pieces of at most `piece`, and hear the answer. */
  say(text: string, piece = Infinity): string {
    const bytes = Buffer.from(text, 'latin1');
    for (let at = 0; at < bytes.length; at += piece) this.session.receive(bytes.subarray(at, at + piece));
    return this.heard();
  }

  /** Say lines, without their CR LF. */
  lines(...lines: readonly string[]): string {
    return this.say(lines.map((line) => `${line}\r\n`).join(''));
  }
}

/** Logged in to IMAP as Vera, a mailbox open. */
export function openImap(office: PostOffice, mailbox = 'INBOX'): Talk {
  const talk = new Talk('imap', office);
  talk.lines('A LOGIN vera@practice.test amber-pane', `B SELECT ${mailbox}`);
  talk.heard();
  return talk;
}

export const mail = (text: string): Uint8Array => Buffer.from(text.replace(/\r?\n/g, '\r\n'), 'utf8');

export const binary = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

export const base64 = (text: string): string => Buffer.from(text).toString('base64');
