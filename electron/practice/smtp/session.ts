import type { Account } from '../account.ts';
import { ByteQueue } from '../byte-queue.ts';
import { binary, fromUtf8, utf8InBinary } from '../bytes.ts';
import type { PostOffice } from '../post-office.ts';
import { decodeBase64, readPlain } from '../sasl.ts';
import type { Outlet, Session } from '../session.ts';
import { DataReader } from './data-reader.ts';
import { parsePath } from './path.ts';
import { withTrace } from './trace.ts';

const MAX_MESSAGE = 26_214_400;
/** RFC 5321, section 4.5.3.1: 512 octets, line end included; the parameters of MAIL come on top. */
const MAX_COMMAND = 512;
const MAX_MAIL_COMMAND = 1100;
/** RFC 4954, section 4.3. */
const MAX_AUTH_LINE = 12_288;
const MAX_RECIPIENTS = 100;

type Transaction = { readonly from: string; readonly smtputf8: boolean; readonly to: Map<Account, string> };

/** One mail submission conversation (RFC 6409, RFC 5321) without input or output of its own. */
export class SmtpSession implements Session {
  #office: PostOffice;
  #outlet: Outlet;
  #queue = new ByteQueue();
  #helo: string | undefined;
  #extended = false;
  #account: Account | undefined;
  #transaction: Transaction | undefined;
  #data: DataReader | undefined;
  #answer: ((line: string) => void) | undefined;
  #ended = false;
  #accepted = 0;

  constructor(office: PostOffice, outlet: Outlet) {
    this.#office = office;
    this.#outlet = outlet;
  }

  greeting(): void {
    this.#reply(220, `${this.#office.domain} Glasspost practice server; start with: EHLO your-name`);
  }

  receive(bytes: Uint8Array): void {
    this.#queue.push(bytes);
    while (!this.#ended) {
      if (this.#data) {
        const { used, done, rest } = this.#readData(this.#data);
        this.#queue.push(rest.subarray(used));
        if (!done) return;
        this.#finishData(this.#data);
        continue;
      }
      const line = this.#queue.nextLine(MAX_AUTH_LINE);
      if (!line) return;
      if (line.kind === 'too-long') this.#tooLong(MAX_AUTH_LINE);
      else if (!line.crlf)
        this.#reply(500, '5.5.2 a line ends with CR LF, not LF alone (nc: add -C; telnet does it)');
      else if (this.#answer) this.#answer(binary(line.bytes));
      else this.#command(binary(line.bytes));
    }
  }

  leave(why: 'idle' | 'stopping'): void {
    const reason = why === 'idle' ? '4.4.2 you were silent for too long' : '4.3.2 the practice server stops';
    this.#reply(421, reason);
    this.#ended = true;
  }

  closed(): void {
    // A message whose final dot never came was never accepted (RFC 5321, section 4.1.1.4).
    this.#ended = true;
  }

  #command(line: string): void {
    const [, word = '', argument = ''] = /^(\S*) *(.*?)\s*$/s.exec(line) ?? [];
    const verb = word.toUpperCase();
    const limit = verb === 'MAIL' ? MAX_MAIL_COMMAND : MAX_COMMAND;
    if (verb !== 'AUTH' && line.length > limit - 2) return this.#tooLong(limit);
    const handler = this.#verbs[verb];
    if (handler) return handler(argument);
    if (verb === 'STARTTLS') return this.#reply(502, '5.5.1 there is no TLS here: clear text on loopback');
    if (verb === '') return this.#reply(500, '5.5.2 an empty line; HELP tells what you can say');
    if (/^[a-z-]+:$/i.test(word)) {
      return this.#reply(500, '5.5.2 this looks like a header field; the message comes after DATA');
    }
    return this.#reply(500, '5.5.2 there is no such command; HELP tells what you can say');
  }

  #verbs: Readonly<Record<string, (argument: string) => void>> = {
    EHLO: (argument) => this.#hello(argument, true),
    HELO: (argument) => this.#hello(argument, false),
    AUTH: (argument) => this.#auth(argument),
    MAIL: (argument) => this.#mail(argument),
    RCPT: (argument) => this.#rcpt(argument),
    DATA: (argument) => this.#startData(argument),
    RSET: () => {
      this.#transaction = undefined;
      this.#reply(250, '2.0.0 forgotten; start again with MAIL');
    },
    NOOP: () => this.#reply(250, '2.0.0 nothing done'),
    VRFY: () => this.#reply(252, '2.1.5 I do not say who is here; try RCPT and see'),
    HELP: () => {
      this.#replies(214, [
        '2.0.0 a letter, line by line:',
        '2.0.0 EHLO me',
        '2.0.0 AUTH PLAIN (base64 of NUL user NUL password)',
        `2.0.0 MAIL FROM:<vera@${this.#office.domain}>`,
        `2.0.0 RCPT TO:<oleg@${this.#office.domain}>`,
        '2.0.0 DATA, then header, empty line, text, and a line with one dot',
        '2.0.0 QUIT; besides RSET, NOOP, VRFY, HELP',
      ]);
    },
    QUIT: () => {
      this.#reply(221, '2.0.0 see you');
      this.#ended = true;
      this.#outlet.end();
    },
  };

  #hello(argument: string, extended: boolean): void {
    // What is given here goes into Received, so it must be one harmless word.
    if (!/^[\x21-\x7e]{1,255}$/.test(argument) || /[()<>;"\\]/.test(argument)) {
      return this.#reply(501, `5.5.4 write: ${extended ? 'EHLO' : 'HELO'} your-computer.example`);
    }
    this.#helo = argument;
    this.#extended = extended;
    this.#transaction = undefined;
    const welcome = `${this.#office.domain} hello ${argument}`;
    if (!extended) return this.#reply(250, welcome);
    const extensions = [
      'PIPELINING',
      `SIZE ${MAX_MESSAGE}`,
      'AUTH PLAIN LOGIN',
      'ENHANCEDSTATUSCODES',
      '8BITMIME',
      'SMTPUTF8',
      'HELP',
    ];
    return this.#replies(250, [welcome, ...extensions]);
  }

  /** RFC 4954. */
  #auth(argument: string): void {
    if (!this.#helo) return this.#reply(503, '5.5.1 first EHLO your-name');
    if (this.#account)
      return this.#reply(503, `5.5.1 you are logged in already as ${this.#account.user.email}`);
    if (this.#transaction) return this.#reply(503, '5.5.1 not in the middle of a letter; RSET first');
    const [mechanism = '', initial, ...more] = argument.split(/ +/);
    if (more.length > 0)
      return this.#reply(501, '5.5.2 write: AUTH PLAIN, or AUTH PLAIN and the answer in base64');
    switch (mechanism.toUpperCase()) {
      case 'PLAIN':
        if (initial !== undefined) return this.#authPlain(initial);
        return this.#challenge('', (line) => this.#authPlain(line));
      case 'LOGIN':
        if (initial !== undefined) return this.#authLogin(initial);
        return this.#challenge('Username:', (line) => this.#authLogin(line));
      default:
        return this.#reply(504, '5.5.4 the mechanisms here are PLAIN and LOGIN');
    }
  }

  #challenge(text: string, answer: (line: string) => void): void {
    this.#answer = (line) => {
      this.#answer = undefined;
      if (line === '*') this.#reply(501, '5.0.0 you took AUTH back');
      else answer(line);
    };
    this.#reply(334, Buffer.from(text).toString('base64'));
  }

  #authPlain(answer: string): void {
    const credentials = readPlain(answer);
    if ('problem' in credentials) return this.#reply(501, `5.5.2 ${credentials.problem}`);
    return this.#enter(credentials.user, credentials.password);
  }

  #authLogin(answer: string): void {
    const user = decodeBase64(answer);
    if (user === undefined) return this.#reply(501, '5.5.2 this is not base64');
    return this.#challenge('Password:', (line) => {
      const password = decodeBase64(line);
      if (password === undefined) this.#reply(501, '5.5.2 this is not base64');
      else this.#enter(user, password);
    });
  }

  #enter(user: string, password: string): void {
    const account = this.#office.authenticate(user, password);
    if (!account) return this.#reply(535, `5.7.8 wrong user or password; ${this.#office.userHint}`);
    this.#account = account;
    return this.#reply(235, `2.7.0 logged in as ${account.user.email}`);
  }

  #mail(argument: string): void {
    if (!this.#helo) return this.#reply(503, '5.5.1 first EHLO your-name');
    if (!this.#account) return this.#reply(530, '5.7.0 log in first: AUTH PLAIN');
    if (this.#transaction) return this.#reply(503, '5.5.1 a letter has been begun; RSET forgets it');
    const path = parsePath(argument, 'FROM');
    if ('problem' in path) return this.#reply(501, `5.1.7 ${path.problem}`);
    let smtputf8 = false;
    for (const [name, value] of path.parameters) {
      if (name === 'SIZE' && /^\d{1,20}$/.test(value)) {
        if (Number(value) > MAX_MESSAGE)
          return this.#reply(552, `5.3.4 a message has at most ${MAX_MESSAGE} octets`);
      } else if (name === 'SMTPUTF8' && value === '') smtputf8 = true;
      else if (name === 'AUTH' && value !== '') continue;
      else if (name !== 'BODY' || !/^(?:7BIT|8BITMIME)$/i.test(value)) {
        return this.#reply(
          555,
          '5.5.4 the parameters here are SIZE=octets, BODY=7BIT, BODY=8BITMIME and SMTPUTF8',
        );
      }
    }
    if (path.parameters.length > 0 && !this.#extended)
      return this.#reply(555, '5.5.4 parameters need EHLO, not HELO');
    if (!smtputf8 && needsUtf8(path.address))
      return this.#reply(553, '5.6.7 this address needs the parameter SMTPUTF8');
    this.#transaction = { from: path.address, smtputf8, to: new Map() };
    return this.#reply(250, '2.1.0 now RCPT TO:<...>');
  }

  #rcpt(argument: string): void {
    const transaction = this.#transaction;
    if (!transaction) return this.#reply(503, '5.5.1 first MAIL FROM:<...>');
    const path = parsePath(argument, 'TO');
    if ('problem' in path) return this.#reply(501, `5.1.3 ${path.problem}`);
    if (path.parameters.length > 0) return this.#reply(555, '5.5.4 RCPT takes no parameters here');
    if (!transaction.smtputf8 && needsUtf8(path.address)) {
      return this.#reply(553, '5.6.7 this address needs the parameter SMTPUTF8 in MAIL');
    }
    if (!this.#office.isLocalDomain(path.address)) {
      return this.#reply(
        550,
        `5.7.1 nothing leaves the practice server: only ${this.#office.domain} is served`,
      );
    }
    const account = this.#office.account(path.address);
    if (!account) return this.#reply(550, `5.1.1 there is no such user; ${this.#office.userHint}`);
    if (transaction.to.size >= MAX_RECIPIENTS && !transaction.to.has(account)) {
      return this.#reply(452, '4.5.3 too many recipients');
    }
    transaction.to.set(account, path.address);
    return this.#reply(250, `2.1.5 ${account.user.email} will get it; DATA when all are named`);
  }

  #startData(argument: string): void {
    if (argument !== '') return this.#reply(501, '5.5.4 DATA stands alone');
    if (!this.#transaction) return this.#reply(503, '5.5.1 first MAIL FROM:<...>, then RCPT TO:<...>');
    if (this.#transaction.to.size === 0)
      return this.#reply(554, '5.5.1 nobody would get it: no recipient was accepted');
    this.#data = new DataReader(MAX_MESSAGE);
    return this.#reply(354, 'now the header, an empty line, the text; a line with one dot ends it');
  }

  #readData(data: DataReader): { used: number; done: boolean; rest: Uint8Array } {
    const rest = this.#queue.take(this.#queue.length);
    return { ...data.push(rest), rest };
  }

  #finishData(data: DataReader): void {
    const transaction = this.#transaction;
    this.#data = undefined;
    this.#transaction = undefined;
    if (!transaction) return this.#reply(503, '5.5.1 no letter was begun');
    if (data.tooBig)
      return this.#reply(552, `5.3.4 the message has ${data.size} octets; ${MAX_MESSAGE} are allowed`);
    if (data.bareLineEnd) {
      return this.#reply(
        554,
        '5.6.0 a CR or LF stands alone in the message; lines end with CR LF (RFC 5321, 2.3.8)',
      );
    }
    const date = this.#office.clock();
    this.#accepted += 1;
    const id = `${date.getTime().toString(36)}.${this.#accepted}`;
    const raw = withTrace(data.message(), {
      mailFrom: utf8InBinary(transaction.from) ?? transaction.from,
      recipients: [...transaction.to.values()],
      helo: this.#helo ?? 'unknown',
      domain: this.#office.domain,
      smtputf8: transaction.smtputf8,
      id,
      date,
    });
    this.#office.submit(
      transaction.from,
      [...transaction.to.keys()].map((to) => ({ to, raw })),
    );
    return this.#reply(250, `2.0.0 accepted as ${id}; delivered to ${transaction.to.size}`);
  }

  #tooLong(limit: number): void {
    this.#answer = undefined;
    this.#reply(500, `5.5.6 a command line has at most ${limit} octets here`);
  }

  #reply(code: number, text: string): void {
    this.#replies(code, [text]);
  }

  #replies(code: number, texts: readonly string[]): void {
    const last = texts.length - 1;
    const lines = texts.map((text, index) => `${code}${index === last ? ' ' : '-'}${text}\r\n`);
    this.#outlet.send(fromUtf8(lines.join('')));
  }
}

function needsUtf8(address: string): boolean {
  return /[^\x20-\x7e]/.test(address);
}
