import type { Account } from '../account.ts';
import { ByteQueue } from '../byte-queue.ts';
import { binary, fromBinary } from '../bytes.ts';
import type { PostOffice } from '../post-office.ts';
import { MECHANISMS } from '../sasl.ts';
import type { Credentials } from '../sasl.ts';
import type { Outlet, Session } from '../session.ts';
import { Authorization } from './authorization.ts';
import { Drop } from './drop.ts';
import { dotStuff, topOf } from './transfer.ts';

/** RFC 2449, section 4: a command line has at most 255 octets; AUTH answers may be longer (RFC 5034, section 4). */
const MAX_COMMAND = 255;
const MAX_AUTH_LINE = 12_288;

/** RFC 2449, section 6; AUTH-RESP-CODE is RFC 3206, SASL RFC 5034. */
const CAPABILITIES = [
  'USER',
  `SASL ${MECHANISMS.join(' ')}`,
  'TOP',
  'UIDL',
  'PIPELINING',
  'RESP-CODES',
  'AUTH-RESP-CODE',
  'EXPIRE NEVER',
  'IMPLEMENTATION Glasspost-practice',
];

type Handler = (argument: string) => void;

/** One POP3 conversation (RFC 1939, RFC 2449) without input or output of its own. */
export class Pop3Session implements Session {
  #office: PostOffice;
  #outlet: Outlet;
  #queue = new ByteQueue();
  #authorization: Authorization;
  #account: Account | undefined;
  #drop: Drop | undefined;
  #ended = false;

  constructor(office: PostOffice, outlet: Outlet) {
    this.#office = office;
    this.#outlet = outlet;
    this.#authorization = new Authorization(office, {
      ok: (text) => this.#ok(text),
      err: (text) => this.#err(text),
      line: (text) => this.#line(text),
      multiline: (lines) => this.#multiline(lines),
      enter: (credentials) => this.#login(credentials),
    });
  }

  greeting(): void {
    this.#ok(`Glasspost practice server; start with: USER name ${this.#authorization.timestamp}`);
  }

  receive(bytes: Uint8Array): void {
    this.#queue.push(bytes);
    while (!this.#ended) {
      const line = this.#queue.nextLine(MAX_AUTH_LINE);
      if (!line) return;
      const text = line.kind === 'line' ? binary(line.bytes) : undefined;
      if (this.#authorization.challenged) this.#authorization.answer(text);
      else if (text === undefined) this.#err(`a command line has at most ${MAX_COMMAND} octets`);
      else this.#command(text);
    }
  }

  leave(): void {
    // A drop without QUIT removes nothing (RFC 1939, section 3); POP3 has no word for taking leave.
    this.closed();
  }

  closed(): void {
    this.#ended = true;
    this.#release();
  }

  #command(line: string): void {
    const [word, argument] = split(line);
    const name = word.toUpperCase();
    if (line.length > MAX_COMMAND - 2 && name !== 'AUTH') {
      this.#err(`a command line has at most ${MAX_COMMAND} octets`);
      return;
    }
    const before = this.#beforeLogin[name];
    const after = this.#afterLogin[name];
    const handler = this.#anyTime[name] ?? (this.#drop ? after : before);
    if (handler) handler(argument);
    else if (after) this.#err(`${name} comes after login: USER name, then PASS password`);
    else if (before)
      this.#err(`${name} makes no sense now: you are logged in as ${this.#account?.user.email}`);
    else if (name === '') this.#err('an empty line; try STAT, LIST or QUIT');
    else
      this.#err(
        `there is no command ${printable(name)}; try CAPA, USER, PASS, STAT, LIST, UIDL, RETR 1, TOP 1 0 or QUIT`,
      );
  }

  #anyTime: Readonly<Record<string, Handler>> = {
    CAPA: () => {
      this.#ok('these are the things I can do');
      // STLS is for before login, and for once (RFC 2595, section 4).
      const startTls = !this.#drop && this.#outlet.tls === 'possible';
      this.#multiline(startTls ? [...CAPABILITIES, 'STLS'] : CAPABILITIES);
    },
    QUIT: () => this.#quit(),
  };

  #beforeLogin: Readonly<Record<string, Handler>> = {
    USER: (argument) => this.#authorization.user(argument),
    PASS: (argument) => this.#authorization.pass(argument),
    APOP: (argument) => this.#authorization.apop(argument),
    AUTH: (argument) => this.#authorization.auth(argument),
    STLS: () => {
      if (this.#outlet.tls === 'active') return this.#err('TLS is active already');
      if (this.#outlet.tls === 'never') return this.#err('there is no TLS here');
      this.#ok('begin TLS now');
      // What came along in clear was not said under TLS by anyone, and who was named before is forgotten.
      this.#queue = new ByteQueue();
      this.#authorization.forget();
      return this.#outlet.startTls();
    },
  };

  #afterLogin: Readonly<Record<string, Handler>> = {
    STAT: () => {
      const drop = this.#open;
      const left = drop.remaining();
      this.#ok(`${left.length} ${left.reduce((sum, item) => sum + item.size, 0)}`);
    },
    LIST: (argument) => this.#listing(argument, 'LIST', (item) => String(item.size)),
    UIDL: (argument) => this.#listing(argument, 'UIDL', (item) => item.uidl),
    RETR: (argument) => {
      const item = this.#item(argument, 'RETR 1');
      if (!item) return;
      this.#ok(`${item.size} octets`);
      this.#outlet.send(dotStuff(item.message.raw));
    },
    TOP: (argument) => {
      const match = /^(\d+) +(\d{1,9})$/.exec(argument);
      if (!match) return this.#err('write: TOP message lines, such as TOP 1 10');
      const item = this.#item(match[1] ?? '', 'TOP 1 10');
      if (!item) return;
      this.#ok('the header and so many lines');
      this.#outlet.send(dotStuff(topOf(item.message.raw, Number(match[2]))));
    },
    DELE: (argument) => {
      const item = this.#item(argument, 'DELE 1');
      if (!item) return;
      this.#open.mark(item.number);
      this.#ok(`message ${item.number} goes at QUIT; RSET takes it back`);
    },
    RSET: () => {
      this.#open.reset();
      this.#ok(`nothing is marked as deleted; ${this.#open.remaining().length} messages`);
    },
    NOOP: () => this.#ok('nothing done'),
  };

  get #open(): Drop {
    if (!this.#drop) throw new Error('a command ran before login');
    return this.#drop;
  }

  #listing(argument: string, name: string, show: (item: { size: number; uidl: string }) => string): void {
    if (argument !== '') {
      const item = this.#item(argument, `${name} 1`);
      if (item) this.#ok(`${item.number} ${show(item)}`);
      return;
    }
    const items = this.#open.remaining();
    this.#ok(`${items.length} messages`);
    this.#multiline(items.map((item) => `${item.number} ${show(item)}`));
  }

  #item(argument: string, usage: string): ReturnType<Drop['get']> {
    if (!/^\d{1,9}$/.test(argument)) {
      this.#err(`write: ${usage}`);
      return undefined;
    }
    const item = this.#open.get(Number(argument));
    if (!item) this.#err(`there is no message ${argument} (any more); LIST shows what there is`);
    return item;
  }

  #login(credentials: Credentials): void {
    const account = this.#office.authenticate(credentials);
    if (!account) return this.#err(`[AUTH] wrong user or password; ${this.#office.userHint}`);
    if (account.popSession)
      return this.#err('[IN-USE] another POP3 session has this mailbox; it opens when that one ends');
    account.popSession = this;
    this.#account = account;
    this.#drop = new Drop(account.inbox);
    return this.#ok(`${this.#drop.remaining().length} messages for ${account.user.email}`);
  }

  /** The UPDATE state (RFC 1939, section 6): only now do messages go. */
  #quit(): void {
    const removed = this.#drop?.update() ?? 0;
    this.#release();
    this.#ok(removed > 0 ? `${removed} deleted, see you` : 'see you');
    this.#ended = true;
    this.#outlet.end();
  }

  #release(): void {
    if (this.#account?.popSession === this) this.#account.popSession = undefined;
    this.#drop = undefined;
  }

  #ok(text: string): void {
    this.#line(`+OK ${text}`);
  }

  #err(text: string): void {
    this.#line(`-ERR ${text}`);
  }

  #multiline(lines: readonly string[]): void {
    this.#outlet.send(fromBinary([...lines, '.', ''].join('\r\n')));
  }

  #line(text: string): void {
    this.#outlet.send(fromBinary(`${text}\r\n`));
  }
}

function split(line: string): [string, string] {
  const space = line.indexOf(' ');
  return space < 0 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 40);
}
