// The POP3 side of the hostile server: answers leave in the order of the commands, the honest ones and those of the script.
import net, { type Socket } from 'node:net';
import type { Rule, Said, Script, Turn } from './script.ts';
import { pour, shakeHands, type HostileServer } from './server.ts';

const HELLO = '+OK ready\r\n';
const CLEAR_ABILITIES = '+OK\r\nUSER\r\nSASL PLAIN LOGIN\r\nSTLS\r\n.\r\n';
/** ms that a server waits which sends its answers in heaps. */
const HEAP = 60;

/** Commands with an answer of many lines, where it is a good one (RFC 1939, RFC 2449). */
const isLong = (line: string): boolean => /^(?:CAPA|(?:LIST|UIDL)\s*$|RETR |TOP )/iu.test(line);

/** One answer that is owed. */
interface Owed {
  line: string;
  rule?: Rule;
  /** Of the honest server; the script's own are said when their turn comes. */
  far: boolean;
  body: boolean;
}

export class Pop3Talk {
  readonly #server: HostileServer;
  readonly #script: Script | undefined;
  #socket: Socket;
  #far: Socket | undefined;
  #protected: boolean;
  #state: 'honest' | 'hanging' | 'over' = 'honest';
  #near = '';
  #farRest = '';
  readonly #owed: Owed[] = [];
  /** The client answers challenges of the honest server. */
  #inDialogue = false;
  #talking = false;
  #listener: ((line: string) => void) | undefined;
  readonly #unheard: string[] = [];
  /** Of the honest server, whose turn it is not yet. */
  readonly #early: string[] = [];
  #heap = '';
  #heaping: NodeJS.Timeout | undefined;

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
    clearTimeout(this.#heaping);
    this.#far?.destroy();
  }

  #protect(): void {
    const secure = shakeHands(this.#server, this.#script, this.#socket);
    if (!secure) return;
    secure.on('error', () => this.end());
    secure.on('close', () => this.#over());
    this.#socket = secure;
    this.#near = '';
    const stls = this.#server.security === 'starttls';
    this.#protected = true;
    this.#listen();
    secure.once('secure', () => (stls ? this.#connect(false) : this.#greet()));
  }

  #greet(): void {
    const { greeting, afterGreeting } = this.#script ?? {};
    if (greeting === undefined) {
      if (this.#protected) this.#connect(true);
      else this.#write(HELLO);
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
      if (this.#state !== 'hanging' && !this.#talking) this.#flush(() => this.#socket.end());
    });
    far.on('data', (chunk) => {
      this.#farRest += chunk.toString('latin1');
      for (let at = this.#farRest.indexOf('\n'); at >= 0; at = this.#farRest.indexOf('\n')) {
        const line = this.#farRest.slice(0, at + 1);
        this.#farRest = this.#farRest.slice(at + 1);
        if (greeted) this.#handOn(line);
        else if (greet) this.#write(line);
        greeted = true;
      }
    });
  }

  #handOn(line: string): void {
    const first = this.#owed[0];
    if (this.#state !== 'honest' || !first) return;
    if (!first.far || this.#talking) {
      this.#early.push(line);
      return;
    }
    const challenge = this.#inDialogue && line.startsWith('+ ');
    this.#write(first.rule?.edit ? first.rule.edit(line) : line);
    if (challenge) return;
    if (!first.body && line.startsWith('+OK') && isLong(first.line)) {
      first.body = true;
      return;
    }
    if (first.body && line !== '.\r\n') return;
    this.#inDialogue = false;
    this.#owed.shift();
    this.#after(first.rule?.next);
    this.#ownTurn();
  }

  /** Says what the script says where it is its turn. */
  #ownTurn(): void {
    if (this.#owed[0]?.far) for (const line of this.#early.splice(0)) this.#handOn(line);
    for (let first = this.#owed[0]; first && !first.far && !this.#talking; first = this.#owed[0]) {
      this.#owed.shift();
      if (this.#state !== 'honest') return;
      const { rule, line } = first;
      if (rule?.talk) {
        this.#talk(rule, rule.talk, line);
        return;
      }
      if (typeof rule?.instead === 'function') {
        this.#pour(rule, rule.instead);
        return;
      }
      if (rule?.instead !== undefined) this.#say(rule.instead);
      this.#after(rule?.next);
    }
  }

  /** What comes after it has to wait, for ever perhaps. */
  #pour(rule: Rule, said: Exclude<Said, string | Buffer>): void {
    this.#talking = true;
    pour(this.#socket, said, undefined, () => this.#talked(rule));
  }

  #talked(rule: Rule): void {
    this.#talking = false;
    this.#after(rule.next);
    for (const early of this.#unheard.splice(0)) this.#hear(early);
    this.#ownTurn();
  }

  #talk(rule: Rule, talk: (turn: Turn) => Promise<void>, line: string): void {
    this.#talking = true;
    const hear = (): Promise<string> => {
      const early = this.#unheard.shift();
      return early === undefined
        ? new Promise((resolve) => (this.#listener = resolve))
        : Promise.resolve(early);
    };
    void talk({ tag: '', line, hear, say: (said) => this.#say(said) }).then(() => this.#talked(rule));
  }

  #listen(): void {
    this.#socket.on('data', (chunk: Buffer) => {
      if (!this.#protected) this.#server.clearBytes = Buffer.concat([this.#server.clearBytes, chunk]);
      this.#near += chunk.toString('latin1');
      for (let at = this.#near.indexOf('\n'); at >= 0; at = this.#near.indexOf('\n')) {
        const line = this.#near.slice(0, at).replace(/\r$/u, '');
        this.#near = this.#near.slice(at + 1);
        if (/^[\t\x20-\x7e]+$/u.test(line))
          (this.#protected ? this.#server.said : this.#server.clear).push(line);
        this.#hear(line);
      }
    });
  }

  #hear(line: string): void {
    if (this.#state !== 'honest') return;
    if (this.#listener) {
      const listener = this.#listener;
      this.#listener = undefined;
      listener(line);
    } else if (this.#talking) this.#unheard.push(line);
    else if (this.#inDialogue) this.#far?.write(`${line}\r\n`, 'latin1');
    else if (this.#protected) this.#command(line);
    else this.#clear(line);
  }

  #command(line: string): void {
    const rule = this.#server.ruleFor(line);
    const own =
      rule !== undefined &&
      (rule.instead !== undefined || rule.talk !== undefined || (rule.next !== undefined && !rule.edit));
    if (rule?.before !== undefined) this.#say(rule.before);
    this.#owed.push({ line, far: !own, body: false, ...(rule ? { rule } : {}) });
    if (own) {
      this.#ownTurn();
      return;
    }
    if (/^AUTH /iu.test(line)) this.#inDialogue = true;
    this.#far?.write(`${rule?.ask ? rule.ask(line) : line}\r\n`, 'latin1');
  }

  /** Before TLS nothing honest is behind it. */
  #clear(line: string): void {
    const rule = this.#server.ruleFor(line);
    if (rule?.talk) {
      this.#talk(rule, rule.talk, line);
      return;
    }
    if (rule?.before !== undefined) this.#say(rule.before);
    if (rule?.instead !== undefined || rule?.next !== undefined) {
      this.#say(rule.instead ?? '');
      this.#after(rule.next);
      if (rule.next === undefined && /^STLS/iu.test(line) && String(rule.instead).startsWith('+OK'))
        this.#upgrade();
      return;
    }
    this.#write(/^CAPA/iu.test(line) ? CLEAR_ABILITIES : '+OK you gave it away\r\n');
    if (/^STLS/iu.test(line)) this.#upgrade();
    if (/^QUIT/iu.test(line)) this.#socket.end();
  }

  #upgrade(): void {
    this.#socket.removeAllListeners('data');
    this.#protect();
  }

  #after(next: Rule['next']): void {
    if (next === 'hang') this.#state = 'hanging';
    if (next === 'close') this.#flush(() => this.#socket.end());
    if (next === 'reset') this.end();
  }

  #say(said: Said): void {
    if (typeof said === 'function') pour(this.#socket, said);
    else this.#write(said.toString('latin1'));
  }

  /** Text is Latin-1: one character, one byte. */
  #write(text: string): void {
    if (!this.#socket.writable) return;
    const packets = this.#script?.packets;
    if (packets === 'heaps') {
      this.#heap += text;
      this.#heaping ??= setTimeout(() => this.#flush(() => undefined), HEAP);
    } else if (packets === 'bytes') for (const byte of text) this.#socket.write(byte, 'latin1');
    else this.#socket.write(text, 'latin1');
    if (packets !== undefined) this.#server.met += 1;
  }

  #flush(then: () => void): void {
    clearTimeout(this.#heaping);
    this.#heaping = undefined;
    if (this.#heap !== '' && this.#socket.writable) this.#socket.write(this.#heap, 'latin1');
    this.#heap = '';
    then();
  }
}
