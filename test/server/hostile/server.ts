// A server that is honest, for it hands everything on to one that is, until it is given a script. What is IMAP in it is in
// `Talk`; another protocol has a talk of its own.
import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { createSecureContext, TLSSocket, type SecureContext } from 'node:tls';
import type { Security } from '../../../shared/model/account.ts';
import type { Identities } from './identities.ts';
import { goesOn, LineCutter } from './lines.ts';
import type { Rule, Said, Script } from './script.ts';

const OLD = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
const CLEAR_ABILITIES = 'IMAP4rev1 SASL-IR ID AUTH=PLAIN AUTH=LOGIN STARTTLS';

/** One connection of a hostile server. */
interface Talking {
  end(): void;
}
export type Speaks = (server: HostileServer, socket: Socket) => Talking;

export class HostileServer {
  /** Lines that clients said before TLS, in all connections. */
  readonly clear: string[] = [];
  /** Commands under TLS (or on a connection that has none), without their tags. */
  readonly said: string[] = [];
  /** Every byte that came before TLS. */
  clearBytes = Buffer.alloc(0);
  script: Script | undefined;
  readonly security: Security;
  readonly behind: number;
  readonly #contexts: Record<keyof Identities, SecureContext>;
  readonly #old: SecureContext;
  readonly #server: net.Server;
  readonly #talks = new Set<Talking>();
  #left = new Map<Rule, number>();
  /** Rules of the script that came to be used, and greetings and handshakes of it. */
  met = 0;

  static async start(
    security: Security,
    behind: number,
    identities: Identities,
    speaks: Speaks = (server, socket) => new Talk(server, socket),
  ): Promise<HostileServer> {
    const server = new HostileServer(security, behind, identities, speaks);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  private constructor(security: Security, behind: number, identities: Identities, speaks: Speaks) {
    this.security = security;
    this.behind = behind;
    const context = ([name, { cert, key }]: [string, { cert: string; key: string }]) =>
      [name, createSecureContext({ cert, key })] as const;
    this.#contexts = Object.fromEntries(Object.entries(identities).map(context)) as never;
    const { cert, key } = identities.honest;
    this.#old = createSecureContext({ cert, key, ...OLD });
    this.#server = net.createServer({ noDelay: true }, (socket) => {
      const talk = speaks(this, socket);
      this.#talks.add(talk);
      socket.once('close', () => this.#talks.delete(talk));
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** From now on the server plays this; who is connected loses the connection. */
  attack(script: Script): void {
    this.script = script;
    this.met = 0;
    this.clear.length = 0;
    this.said.length = 0;
    this.#left = new Map((script.rules ?? []).map((rule) => [rule, rule.times ?? Number.POSITIVE_INFINITY]));
    for (const talk of this.#talks) talk.end();
  }

  /** Honest again for who connects from now on; connections in which something began go on as they are. */
  heal(): void {
    this.script = undefined;
  }

  ruleFor(line: string): Rule | undefined {
    const rule = this.script?.rules?.find((one) => (this.#left.get(one) ?? 0) > 0 && one.on.test(line));
    if (rule) {
      this.#left.set(rule, (this.#left.get(rule) ?? 0) - 1);
      this.met += 1;
    }
    return rule;
  }

  contextFor(kind: Script['tls']): SecureContext {
    if (kind === 'old') return this.#old;
    return this.#contexts[kind === undefined || kind === 'stall' || kind === 'reset' ? 'honest' : kind];
  }

  stop(): void {
    this.#server.close();
    for (const talk of this.#talks) talk.end();
  }
}

/** One connection. */
class Talk {
  readonly #server: HostileServer;
  readonly #script: Script | undefined;
  #socket: Socket;
  #far: Socket | undefined;
  #protected: boolean;
  #cutter = new LineCutter();
  readonly #farCutter = new LineCutter();
  #state: 'honest' | 'hanging' | 'over' = 'honest';
  /** The rest of a command that no honest server hears of. */
  #swallowing: (() => void) | undefined;
  #editing: { tag: string; rule: Rule } | undefined;
  #inDialogue = false;
  #listener: ((line: string) => void) | undefined;
  readonly #unheard: string[] = [];

  constructor(server: HostileServer, socket: Socket) {
    this.#server = server;
    this.#script = server.script;
    this.#socket = socket;
    this.#protected = server.security === 'none';
    socket.on('error', () => undefined);
    socket.on('close', () => this.#over());
    if (server.security === 'tls') this.#protect();
    else {
      this.#listen();
      this.#greet();
    }
  }

  end(): void {
    this.#over();
    this.#socket.destroy();
  }

  #over(): void {
    this.#state = 'over';
    this.#far?.destroy();
  }

  #protect(): void {
    const secure = shakeHands(this.#server, this.#script, this.#socket);
    if (!secure) return;
    secure.on('error', () => this.end());
    secure.on('close', () => this.#over());
    this.#socket = secure;
    this.#cutter = new LineCutter();
    const starttls = this.#server.security === 'starttls';
    this.#protected = true;
    this.#listen();
    secure.once('secure', () => (starttls ? this.#connect(false) : this.#greet()));
  }

  #greet(): void {
    const { greeting, afterGreeting } = this.#script ?? {};
    if (greeting === undefined) {
      if (this.#protected) this.#connect(true);
      else this.#say(`* OK [CAPABILITY ${CLEAR_ABILITIES}] ready\r\n`);
      return;
    }
    this.#server.met += 1;
    this.#say(greeting);
    if (afterGreeting === 'close') this.#socket.end();
    if (afterGreeting === 'hang') this.#state = 'hanging';
    else if (this.#protected) this.#connect(false);
  }

  /** To the honest server. @param greet whether its greeting is handed on */
  #connect(greet: boolean): void {
    const far = net.connect({ port: this.#server.behind, host: '127.0.0.1', noDelay: true });
    this.#far = far;
    let greeted = false;
    far.on('error', () => undefined);
    far.on('close', () => {
      if (this.#state !== 'hanging') this.#socket.end();
    });
    far.on('data', (chunk) => {
      for (const piece of this.#farCutter.feed(chunk)) {
        if (!greeted) {
          greeted = true;
          if (!greet) continue;
        }
        this.#handOn(piece);
      }
    });
  }

  /** The size in front of a literal that is changed is only known when the literal has come. */
  #held: string | undefined;

  #handOn({ kind, bytes }: { kind: 'line' | 'data'; bytes: Buffer }): void {
    if (this.#state !== 'honest') return;
    const { tag = '', rule } = this.#editing ?? {};
    if (kind === 'data') {
      const data = rule?.editData ? rule.editData(bytes) : bytes;
      if (this.#held !== undefined) this.#write(this.#held.replace(/\{\d+\}\r\n$/u, `{${data.length}}\r\n`));
      this.#held = undefined;
      this.#write(data);
      return;
    }
    const line = bytes.toString('latin1');
    const shown = rule?.edit ? rule.edit(line) : line;
    if (rule?.editData && goesOn(line.trimEnd())) this.#held = shown;
    else this.#write(shown);
    if (line.startsWith(`${tag} `)) {
      this.#editing = undefined;
      this.#after(rule?.next);
    }
    this.#inDialogue &&= !/^[0-9A-F]+ (?:OK|NO|BAD)/u.test(line);
  }

  #listen(): void {
    this.#socket.on('data', (chunk: Buffer) => {
      if (!this.#protected) this.#server.clearBytes = Buffer.concat([this.#server.clearBytes, chunk]);
      for (const piece of this.#cutter.feed(chunk)) this.#hear(piece);
    });
  }

  #hear({ kind, bytes }: { kind: 'line' | 'data'; bytes: Buffer }): void {
    const text = bytes.toString('latin1').replace(/\r?\n$/u, '');
    if (kind === 'line' && !isHandshake(text))
      (this.#protected ? this.#server.said : this.#server.clear).push(untagged(text));
    if (this.#state !== 'honest') return;
    if (this.#listener) {
      const listener = this.#listener;
      this.#listener = undefined;
      listener(text);
      return;
    }
    if (this.#taken) {
      this.#unheard.push(text);
      return;
    }
    if (this.#swallowing) {
      if (kind === 'data') return;
      if (goesOn(text)) this.#askOn(text);
      else {
        const done = this.#swallowing;
        this.#swallowing = undefined;
        done();
      }
      return;
    }
    const command = kind === 'line' && !this.#inDialogue ? /^([0-9A-F]+) (.*)$/su.exec(text) : null;
    const [, tag = '', line = ''] = command ?? [];
    const rule = command ? this.#server.ruleFor(line) : undefined;
    if (rule && this.#script) this.#twist(rule, tag, line);
    else if (!this.#protected) this.#answerClear(tag, line);
    else {
      if (command && /^(?:AUTHENTICATE|IDLE)/iu.test(line)) this.#inDialogue = true;
      this.#far?.write(bytes);
    }
  }

  #taken = false;

  #twist(rule: Rule, tag: string, line: string): void {
    if (rule.talk) {
      this.#taken = true;
      const hear = (): Promise<string> => {
        const early = this.#unheard.shift();
        return early === undefined
          ? new Promise((resolve) => (this.#listener = resolve))
          : Promise.resolve(early);
      };
      const turn = { tag, line, hear, say: (said: Said) => this.#say(said, tag) };
      void rule.talk(turn).then(() => {
        this.#taken = false;
        this.#after(rule.next);
      });
      return;
    }
    if (rule.before !== undefined) this.#say(rule.before, tag);
    if (rule.instead !== undefined || (rule.next !== undefined && !rule.edit && rule.before === undefined)) {
      const answer = () => {
        if (rule.instead !== undefined) this.#say(rule.instead, tag);
        this.#after(rule.next);
        if (/^STARTTLS/iu.test(line) && typeof rule.instead === 'string' && /TAG OK/u.test(rule.instead)) {
          if (rule.next === undefined) this.#upgrade();
        }
      };
      if (goesOn(line)) {
        this.#swallowing = answer;
        this.#askOn(line);
      } else answer();
      return;
    }
    if (!this.#protected) {
      const answer = this.#clearAnswer(tag, line);
      this.#write(
        rule.edit
          ? answer
              .split(/(?<=\n)/u)
              .map(rule.edit)
              .join('')
          : answer,
      );
      this.#afterClear(line);
      return;
    }
    this.#editing = { tag, rule };
    if (/^(?:AUTHENTICATE|IDLE)/iu.test(line)) this.#inDialogue = true;
    this.#far?.write(`${tag} ${line}\r\n`, 'latin1');
  }

  #askOn(line: string): void {
    if (!line.endsWith('+}')) this.#write('+ go on\r\n');
  }

  #after(next: Rule['next']): void {
    if (next === 'hang') this.#state = 'hanging';
    if (next === 'close') this.#socket.end();
    if (next === 'reset') this.end();
  }

  #answerClear(tag: string, line: string): void {
    this.#write(this.#clearAnswer(tag, line));
    this.#afterClear(line);
  }

  #clearAnswer(tag: string, line: string): string {
    if (/^CAPABILITY/iu.test(line)) return `* CAPABILITY ${CLEAR_ABILITIES}\r\n${tag} OK\r\n`;
    if (/^ID/iu.test(line)) return `* ID NIL\r\n${tag} OK\r\n`;
    if (/^AUTHENTICATE|^LOGIN/iu.test(line)) return `+ \r\n${tag} OK you gave it away\r\n`;
    return `${tag} OK\r\n`;
  }

  #afterClear(line: string): void {
    if (/^STARTTLS/iu.test(line)) this.#upgrade();
    if (/^LOGOUT/iu.test(line)) this.#socket.end();
  }

  #upgrade(): void {
    this.#socket.removeAllListeners('data');
    this.#cutter.leave();
    this.#protect();
  }

  /** Text is Latin-1: one character, one byte. */
  #write(said: string | Buffer): void {
    if (this.#socket.writable) this.#socket.write(said, 'latin1' as never);
  }

  #say(said: Said, tag = ''): void {
    const whole = (piece: string | Buffer) =>
      typeof piece === 'string' ? piece.replaceAll('TAG', tag) : piece;
    if (typeof said !== 'function') {
      this.#write(whole(said));
      return;
    }
    pour(this.#socket, said, whole);
  }
}

/** A TLS record (RFC 8446 section 5.1), to a server that said it would begin and did not. */
const isHandshake = (text: string): boolean => !/^[\t\x20-\x7e]*$/u.test(text);
const untagged = (text: string): string => text.replace(/^[0-9A-F]+ /u, '');

/** TLS as the script has it; undefined where it comes to none. */
export function shakeHands(
  server: HostileServer,
  script: Script | undefined,
  socket: Socket,
): TLSSocket | undefined {
  const kind = script?.tls;
  if (kind !== undefined) server.met += 1;
  if (kind === 'stall') {
    socket.resume();
    return undefined;
  }
  if (kind === 'reset') {
    socket.once('data', () => socket.resetAndDestroy());
    return undefined;
  }
  return new TLSSocket(socket, { isServer: true, secureContext: server.contextFor(kind) });
}

/** Pieces as fast as the other side reads, until it goes away. */
export function pour(
  socket: Socket,
  said: Exclude<Said, string | Buffer>,
  whole: (piece: string | Buffer) => string | Buffer = (piece) => piece,
  done: () => void = () => undefined,
): void {
  const pieces = said()[Symbol.iterator]();
  const more = (): void => {
    for (let turns = 0; turns < 64; turns += 1) {
      if (socket.destroyed || !socket.writable) return;
      const next = pieces.next();
      if (next.done) {
        done();
        return;
      }
      if (!socket.write(whole(next.value), 'latin1' as never)) {
        socket.once('drain', more);
        return;
      }
    }
    setImmediate(more);
  };
  more();
}
