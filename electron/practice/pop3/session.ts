import type { Account } from '../account.ts';
import { ByteQueue } from '../byte-queue.ts';
import { binary, fromBinary, utf8InBinary } from '../bytes.ts';
import type { PostOffice } from '../post-office.ts';
import { readPlain } from '../sasl.ts';
import type { Outlet, Session } from '../session.ts';
import { Drop } from './drop.ts';
import { dotStuff, topOf } from './transfer.ts';

/** RFC 2449, section 4: a command line has at most 255 octets; AUTH answers may be longer (RFC 5034, section 4). */
const MAX_COMMAND = 255;
const MAX_AUTH_LINE = 12_288;

const CAPABILITIES = [
  'USER',
  'SASL PLAIN',
  'TOP',
  'UIDL',
  'PIPELINING',
  'RESP-CODES',
  'IMPLEMENTATION Glasspost-practice',
];

type Handler = (argument: string) => void;

/** One POP3 conversation (RFC 1939, RFC 2449) without input or output of its own. */
export class Pop3Session implements Session {
  #office: PostOffice;
  #outlet: Outlet;
  #queue = new ByteQueue();
  #user: string | undefined;
  #account: Account | undefined;
  #drop: Drop | undefined;
  #challenged = false;
  #ended = false;

  constructor(office: PostOffice, outlet: Outlet) {
    this.#office = office;
    this.#outlet = outlet;
  }

  greeting(): void {
    this.#ok('Glasspost practice server; start with: USER name');
  }

  receive(bytes: Uint8Array): void {
    this.#queue.push(bytes);
    while (!this.#ended) {
      const line = this.#queue.nextLine(MAX_AUTH_LINE);
      if (!line) return;
      if (line.kind === 'too-long') {
        this.#challenged = false;
        this.#err(`a command line has at most ${MAX_COMMAND} octets`);
      } else if (this.#challenged) this.#answer(binary(line.bytes));
      else this.#command(binary(line.bytes));
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
    else if (name === 'STLS' || name === 'APOP')
      this.#err(`there is no ${name} here; USER and PASS will do on loopback`);
    else
      this.#err(
        `there is no command ${printable(name)}; try CAPA, USER, PASS, STAT, LIST, UIDL, RETR 1, TOP 1 0 or QUIT`,
      );
  }

  #anyTime: Readonly<Record<string, Handler>> = {
    CAPA: () => {
      this.#ok('these are the things I can do');
      this.#multiline([...CAPABILITIES]);
    },
    QUIT: () => this.#quit(),
  };

  #beforeLogin: Readonly<Record<string, Handler>> = {
    USER: (argument) => {
      if (argument === '') return this.#err('write: USER name');
      this.#user = argument;
      // Yes to any name: who has a mailbox here is nobody's business before the password.
      return this.#ok('now PASS password');
    },
    PASS: (argument) => {
      if (this.#user === undefined) return this.#err('first USER name, then PASS password');
      const user = this.#user;
      this.#user = undefined;
      // A password may hold spaces: the whole rest of the line is the argument (RFC 1939, section 7).
      return this.#login(user, utf8InBinary(argument) ?? argument);
    },
    AUTH: (argument) => {
      const [mechanism = '', initial] = argument.split(' ');
      if (mechanism === '') {
        this.#ok('these are the mechanisms');
        return this.#multiline(['PLAIN']);
      }
      if (mechanism.toUpperCase() !== 'PLAIN') return this.#err('PLAIN is the only mechanism here');
      if (initial !== undefined) return this.#answer(initial);
      this.#challenged = true;
      return this.#line('+ ');
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

  #answer(line: string): void {
    this.#challenged = false;
    if (line === '*') return this.#err('you took AUTH back');
    const credentials = readPlain(line);
    if ('problem' in credentials) return this.#err(credentials.problem);
    return this.#login(credentials.user, credentials.password);
  }

  #login(user: string, password: string): void {
    const account = this.#office.authenticate(user, password);
    if (!account) return this.#err(`wrong user or password; ${this.#office.userHint}`);
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
