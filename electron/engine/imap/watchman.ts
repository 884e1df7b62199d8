import { MailError } from '../../../shared/contract/mail-error.ts';
import type { ServerSettings } from '../../../shared/model/account.ts';
import type { Patience } from '../../net/policy.ts';

/** What is looked at; `ImapFlow` has it, its types don't have all of it. */
export interface Watched {
  readonly usable: boolean;
  readonly currentRequest: { command: string; attributes?: unknown } | false | undefined;
  readonly requestQueue: readonly unknown[];
  stats(): { sent: number; received: number };
}

/**
 * ms between two looks, unless the patience is shorter: ten of them in it. A far longer gap means that this computer slept: the
 * server is not to blame for that.
 */
const LOOK = 1000;
const SLEPT = 5000;

/** Bytes that one command may bring, and what each answer costs beside its own: many small ones fill the memory too. */
interface Room {
  bytes: number;
  each: number;
}
const MEBIBYTE = 1024 * 1024;
/** The largest piece of a message, and what comes with it. A step of rows is some hundred answers. */
const BODIES: Room = { bytes: 80 * MEBIBYTE, each: 4096 };
/** Flags of some hundred thousand messages. */
const FLAGS: Room = { bytes: 48 * MEBIBYTE, each: 256 };
/** Kept whole while it comes: nobody has fifty thousand mailboxes. */
const LIST: Room = { bytes: 12 * MEBIBYTE, each: 256 };
const ANYTHING: Room = { bytes: 18 * MEBIBYTE, each: 256 };

function roomFor(request: Watched['currentRequest']): Room {
  if (!request) return ANYTHING;
  const command = request.command.toUpperCase();
  if (/^X?L(?:IST|SUB)$/u.test(command)) return LIST;
  if (!/^(?:UID )?FETCH$/u.test(command)) return ANYTHING;
  return JSON.stringify(request.attributes ?? '').includes('BODY') ? BODIES : FLAGS;
}

/** Times the patience with one answer that a command may take as long as something comes. */
const LONGEST = 20;

/** Sees to it that a server answers in time and within bounds, whatever it says meanwhile. */
export class Watchman {
  readonly #watched: Watched;
  readonly #server: ServerSettings;
  readonly #patience: Patience;
  readonly #giveUp: (error: MailError) => void;
  readonly #opened = Date.now();
  #timer: NodeJS.Timeout | undefined;
  #request: Watched['currentRequest'];
  #began = Date.now();
  #cost = 0;
  #room = ANYTHING;
  #looked = Date.now();
  #said = { bytes: 0, at: Date.now() };
  #heard = { bytes: 0, at: Date.now() };

  /** @param giveUp ends the connection; called once */
  constructor(
    watched: Watched,
    server: ServerSettings,
    patience: Patience,
    giveUp: (error: MailError) => void,
  ) {
    this.#watched = watched;
    this.#server = server;
    this.#patience = patience;
    this.#giveUp = giveUp;
    this.#timer = setInterval(() => this.#look(), Math.min(LOOK, patience.answer / 10));
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Each answer of the server, before it is read. @returns false when it was one too many */
  takes(bytes: number): boolean {
    this.#follow();
    this.#cost += bytes + this.#room.each;
    if (this.#cost <= this.#room.bytes) return true;
    const command = this.#request ? this.#request.command : 'unasked';
    this.#end('server-refused', `${command}: the answer has no end`);
    return false;
  }

  #look(): void {
    const now = Date.now();
    const slept = now - this.#looked > SLEPT;
    this.#looked = now;
    const { sent, received } = this.#watched.stats();
    if (sent !== this.#said.bytes) this.#said = { bytes: sent, at: now };
    // In the same look as what was said: taken for the answer to it.
    if (received !== this.#heard.bytes || slept) this.#heard = { bytes: received, at: now };
    this.#follow();
    if (!this.#waits()) return;
    const { answer, connect } = this.#patience;
    if (!this.#watched.usable && now - this.#opened > connect + answer) this.#end('timeout', 'the login');
    else if (now - Math.max(this.#said.at, this.#heard.at, this.#began) > answer) {
      this.#end('timeout', 'no answer');
    } else if (this.#request && !isLong(this.#request.command) && now - this.#began > LONGEST * answer) {
      this.#end('timeout', 'the answer has no end');
    }
  }

  /** Whether the server owes something. While it idles it does not; once IDLE is to end, it does (RFC 2177). */
  #waits(): boolean {
    if (!this.#watched.usable || this.#watched.requestQueue.length > 0) return true;
    if (!this.#request) return false;
    return this.#request.command !== 'IDLE' || this.#said.at > this.#heard.at;
  }

  #follow(): void {
    const request = this.#watched.currentRequest;
    if (request === this.#request) return;
    this.#request = request;
    this.#began = Date.now();
    this.#cost = 0;
    this.#room = roomFor(request);
  }

  #end(code: 'timeout' | 'server-refused', detail: string): void {
    if (this.#timer === undefined) return;
    this.stop();
    this.#giveUp(new MailError(code, detail, { host: this.#server.host, port: this.#server.port }));
  }
}

/** What takes as long as the line is slow, or as nothing happens. */
const isLong = (command: string): boolean => /^(?:UID )?(?:FETCH|APPEND|IDLE)$/iu.test(command);
