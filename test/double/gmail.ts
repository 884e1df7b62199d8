// A server that does what Gmail does with X-GM-EXT-1, in memory: one message with labels, each of which is a mailbox; All Mail
// holds everything that is not thrown away. In clear, on this computer alone.
import { once } from 'node:events';
import net from 'node:net';

export interface GmailMessage {
  readonly id: string;
  readonly raw: Buffer;
  readonly flags: Set<string>;
  /** As X-GM-LABELS has them: `\Inbox`, or a name. */
  readonly labels: Set<string>;
}

export interface Gmail {
  readonly port: number;
  /** Every command, without its tag. */
  readonly said: string[];
  readonly messages: readonly GmailMessage[];
  arrive(raw: Buffer, labels: readonly string[]): GmailMessage;
  /** What another client, or the web page, did. */
  change(message: GmailMessage, change: () => void): void;
  close(): void;
}

interface Kept extends GmailMessage {
  modseq: number;
  trashed: boolean;
}

interface Box {
  name: string;
  use: string;
  has: (message: Kept) => boolean;
  /** UIDs of what is, or was, here. */
  uids: Map<Kept, number>;
}

const ALL = '[Gmail]/All Mail';
const TRASH = '[Gmail]/Trash';
const CAPABILITIES =
  'IMAP4rev1 UNSELECT IDLE NAMESPACE ID CHILDREN X-GM-EXT-1 UIDPLUS ENABLE MOVE CONDSTORE LIST-EXTENDED LIST-STATUS SPECIAL-USE SASL-IR AUTH=PLAIN';

export async function startGmail(names: readonly string[]): Promise<Gmail> {
  const account = new Mail(names);
  const said: string[] = [];
  const talks = new Set<Talk>();
  const server = net.createServer((socket) => {
    const talk = new Talk(account, socket, said);
    talks.add(talk);
    socket.on('close', () => talks.delete(talk));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const tell = () => {
    for (const talk of talks) talk.news();
  };
  return {
    port: (server.address() as net.AddressInfo).port,
    said,
    messages: account.messages,
    arrive: (raw, labels) => {
      const message = account.add(raw, labels);
      tell();
      return message;
    },
    change: (message, change) => {
      change();
      account.touch(message as Kept);
      tell();
    },
    close: () => {
      server.close();
      for (const talk of talks) talk.end();
    },
  };
}

class Mail {
  readonly messages: Kept[] = [];
  readonly boxes: Box[];
  modseq = 1;

  constructor(names: readonly string[]) {
    const labelled = (name: string, use: string, label: string): Box => ({
      name,
      use,
      has: (one) => !one.trashed && one.labels.has(label),
      uids: new Map(),
    });
    this.boxes = [
      labelled('INBOX', '', '\\Inbox'),
      { name: ALL, use: '\\All', has: (one) => !one.trashed, uids: new Map() },
      { name: TRASH, use: '\\Trash', has: (one) => one.trashed, uids: new Map() },
      labelled('[Gmail]/Sent Mail', '\\Sent', '\\Sent'),
      labelled('[Gmail]/Drafts', '\\Drafts', '\\Draft'),
      ...names.map((name) => labelled(name, '', name)),
    ];
  }

  add(raw: Buffer, labels: readonly string[]): Kept {
    const id = String(1_800_000_000_000_000_000n + BigInt(this.messages.length));
    const message = { id, raw, flags: new Set<string>(), labels: new Set(labels), modseq: 0, trashed: false };
    this.messages.push(message);
    this.touch(message);
    return message;
  }

  /** Puts it into the mailboxes of its labels, which are made for labels that nobody had. */
  touch(message: Kept): void {
    message.modseq = ++this.modseq;
    for (const label of message.labels) {
      if (label.startsWith('\\') || this.box(label)) continue;
      this.boxes.push({
        name: label,
        use: '',
        has: (one) => !one.trashed && one.labels.has(label),
        uids: new Map(),
      });
    }
    for (const box of this.boxes) {
      if (!box.has(message)) box.uids.delete(message);
      else if (!box.uids.has(message)) box.uids.set(message, this.next(box));
    }
  }

  box(name: string): Box | undefined {
    return this.boxes.find((one) => one.name === name);
  }

  /** Each mailbox begins elsewhere, so that a UID of one says nothing in another. */
  next(box: Box): number {
    const next = (this.#tops.get(box) ?? 100 * (this.boxes.indexOf(box) + 1)) + 1;
    this.#tops.set(box, next);
    return next;
  }

  top(box: Box): number {
    return this.#tops.get(box) ?? 100 * (this.boxes.indexOf(box) + 1);
  }

  readonly #tops = new Map<Box, number>();
}

/** One connection. */
class Talk {
  readonly #mail: Mail;
  readonly #socket: net.Socket;
  readonly #said: string[];
  #rest = '';
  #idle: string | undefined;
  #open: Box | undefined;
  /** By number, as this connection was told. */
  #view: Kept[] = [];

  constructor(mail: Mail, socket: net.Socket, said: string[]) {
    this.#mail = mail;
    this.#socket = socket;
    this.#said = said;
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      const lines = (this.#rest + chunk.toString('latin1')).split('\r\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) this.#hear(line);
    });
    this.#say(`* OK [CAPABILITY ${CAPABILITIES}] Gimap ready`);
  }

  end(): void {
    this.#socket.destroy();
  }

  news(): void {
    if (this.#idle !== undefined) this.#tell();
  }

  #say(line: string): void {
    if (this.#socket.writable) this.#socket.write(`${line}\r\n`, 'latin1');
  }

  /** What this connection has not been told yet. */
  #tell(): void {
    const box = this.#open;
    if (!box) return;
    for (let at = this.#view.length - 1; at >= 0; at -= 1) {
      const message = this.#view[at];
      if (message && box.has(message)) continue;
      this.#view.splice(at, 1);
      this.#say(`* ${at + 1} EXPUNGE`);
    }
    const fresh = held(box).filter((one) => !this.#view.includes(one));
    this.#view.push(...fresh);
    if (fresh.length > 0) this.#say(`* ${this.#view.length} EXISTS`);
  }

  #hear(line: string): void {
    if (this.#idle !== undefined) {
      const tag = this.#idle;
      this.#idle = undefined;
      this.#say(`${tag} OK IDLE terminated`);
      return;
    }
    const [, tag = '', command = ''] = /^(\S+) (.*)$/su.exec(line) ?? [];
    this.#said.push(command);
    const name = /^(?:UID )?\S+/iu.exec(command)?.[0].toUpperCase() ?? '';
    const given = command.slice(name.length + 1);
    const refusal = this.#answer(name, given, tag);
    if (refusal === 'told') return;
    if (/^(?:NOOP|UID (?:MOVE|EXPUNGE|STORE))$/u.test(name)) this.#tell();
    this.#say(`${tag} ${refusal ?? 'OK Success'}`);
    if (name === 'LOGOUT') this.#socket.end();
  }

  /** @returns how the command ends, where it does not end by OK; `told` where that was said */
  #answer(name: string, given: string, tag: string): string | undefined {
    switch (name) {
      case 'CAPABILITY':
        this.#say(`* CAPABILITY ${CAPABILITIES}`);
        return undefined;
      case 'ID':
        this.#say('* ID ("name" "GImap" "vendor" "Google, Inc.")');
        return undefined;
      case 'NAMESPACE':
        this.#say('* NAMESPACE (("" "/")) NIL NIL');
        return undefined;
      case 'ENABLE':
        this.#say('* ENABLED CONDSTORE');
        return undefined;
      case 'LIST':
        return this.#list(given);
      case 'SELECT':
        return this.#select(quoted(given)[0] ?? given);
      case 'IDLE':
        this.#idle = tag;
        this.#say('+ idling');
        this.#tell();
        return 'told';
      case 'STATUS': {
        const box = this.#mail.box(quoted(given)[0] ?? given.split(' ')[0] ?? '');
        if (!box) return 'NO [NONEXISTENT] Unknown Mailbox';
        this.#say(this.#status(box));
        return undefined;
      }
      case 'UID FETCH':
        return this.#fetch(given, true);
      case 'FETCH':
        return this.#fetch(given, false);
      case 'UID STORE':
        return this.#store(given);
      case 'UID MOVE':
      case 'UID COPY':
        return this.#move(given, name === 'UID COPY');
      case 'UID EXPUNGE':
        for (const message of this.#named(given, true))
          if (message.flags.has('\\Deleted')) this.#drop(message);
        return undefined;
      case 'UID SEARCH':
        this.#say(`* SEARCH ${this.#view.map((one) => this.#open?.uids.get(one)).join(' ')}`);
        return undefined;
      case 'AUTHENTICATE':
      case 'LOGIN':
      case 'NOOP':
      case 'CLOSE':
      case 'UNSELECT':
      case 'SUBSCRIBE':
        return undefined;
      case 'LOGOUT':
        this.#say('* BYE LOGOUT Requested');
        return undefined;
      default:
        return 'BAD Unknown command';
    }
  }

  #list(given: string): string | undefined {
    const [, pattern] = quoted(given);
    const shown = this.#mail.boxes.filter((box) => pattern === '*' || pattern === box.name);
    if (pattern === '*') this.#say('* LIST (\\HasChildren \\Noselect \\Subscribed) "/" "[Gmail]"');
    for (const box of shown) {
      this.#say(`* LIST (${`${box.use} \\HasNoChildren \\Subscribed`.trim()}) "/" "${box.name}"`);
      if (given.includes('STATUS')) this.#say(this.#status(box));
    }
    return undefined;
  }

  #status(box: Box): string {
    const all = held(box);
    const unseen = all.filter((one) => !one.flags.has('\\Seen')).length;
    return `* STATUS "${box.name}" (MESSAGES ${all.length} UNSEEN ${unseen} UIDNEXT ${this.#mail.top(box) + 1} UIDVALIDITY ${validity(this.#mail, box)} HIGHESTMODSEQ ${this.#mail.modseq})`;
  }

  #select(name: string): string | undefined {
    const box = this.#mail.box(name);
    if (!box) return 'NO [NONEXISTENT] Unknown Mailbox';
    this.#open = box;
    this.#view = held(box);
    this.#say('* FLAGS (\\Answered \\Flagged \\Draft \\Deleted \\Seen)');
    this.#say('* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Draft \\Deleted \\Seen \\*)] Flags permitted.');
    this.#say(`* OK [UIDVALIDITY ${validity(this.#mail, box)}] UIDs valid.`);
    this.#say(`* ${this.#view.length} EXISTS`);
    this.#say('* 0 RECENT');
    this.#say(`* OK [UIDNEXT ${this.#mail.top(box) + 1}] Predicted next UID.`);
    this.#say(`* OK [HIGHESTMODSEQ ${this.#mail.modseq}]`);
    return 'OK [READ-WRITE] selected.';
  }

  #fetch(given: string, byUid: boolean): string | undefined {
    const since = Number(/CHANGEDSINCE (\d+)/u.exec(given)?.[1] ?? -1);
    for (const message of this.#named(given, byUid)) {
      if (message.modseq <= since) continue;
      const at = this.#view.indexOf(message) + 1;
      const items = [`UID ${this.#open?.uids.get(message)}`];
      if (/\bFLAGS\b/u.test(given)) items.push(`FLAGS (${[...message.flags].join(' ')})`);
      if (given.includes('RFC822.SIZE')) items.push(`RFC822.SIZE ${message.raw.length}`);
      if (given.includes('INTERNALDATE')) items.push('INTERNALDATE "17-Jul-2026 02:44:25 +0000"');
      if (given.includes('X-GM-MSGID')) items.push(`X-GM-MSGID ${message.id}`);
      if (given.includes('X-GM-THRID')) items.push(`X-GM-THRID ${message.id}`);
      if (given.includes('X-GM-LABELS')) items.push(`X-GM-LABELS (${this.#labels(message)})`);
      if (given.includes('MODSEQ')) items.push(`MODSEQ (${message.modseq})`);
      const fields = /BODY\.PEEK\[(HEADER\.FIELDS \([^)]*\))\]/u.exec(given)?.[1];
      if (fields !== undefined) items.push(literal(`BODY[${fields}]`, header(message.raw)));
      const whole = /BODY\.PEEK\[\](?:<(\d+)\.(\d+)>)?/u.exec(given);
      if (whole) {
        const [, from = '0', length] = whole;
        const bytes = message.raw.subarray(
          Number(from),
          length === undefined ? undefined : Number(from) + Number(length),
        );
        items.push(literal(`BODY[]${whole[1] === undefined ? '' : `<${from}>`}`, bytes));
      }
      this.#say(`* ${at} FETCH (${items.join(' ')})`);
    }
    return undefined;
  }

  /** The label of the mailbox that is open is not among them. */
  #labels(message: Kept): string {
    const own = this.#open?.name === 'INBOX' ? '\\Inbox' : this.#open?.name;
    return [...message.labels]
      .filter((one) => one !== own)
      .map((one) => (/^[\w$]+$/u.test(one) ? one : `"${one.replaceAll('\\', '\\\\')}"`))
      .join(' ');
  }

  #store(given: string): string | undefined {
    const [, sign, what, list = ''] =
      /^\S+ ([+-])(X-GM-LABELS|FLAGS)(?:\.SILENT)? \((.*)\)$/u.exec(given) ?? [];
    if (sign === undefined) return 'BAD Could not parse command';
    const words = [...list.matchAll(/"((?:[^"\\]|\\.)*)"|([^\s"]+)/gu)].map(([, string, atom]) =>
      (string ?? atom ?? '').replaceAll(/\\(["\\])/gu, '$1'),
    );
    for (const message of this.#named(given, true)) {
      const target = what === 'FLAGS' ? message.flags : message.labels;
      for (const word of words) {
        if (sign === '+') target.add(word);
        else target.delete(word);
      }
      this.#mail.touch(message);
    }
    return undefined;
  }

  /** Out of a label only that label is taken; into Trash it goes out of all. */
  #move(given: string, copies: boolean): string | undefined {
    const to = this.#mail.box(quoted(given)[0] ?? given.split(' ')[1] ?? '');
    const from = this.#open;
    if (!to || !from) return 'NO [TRYCREATE] Unknown Mailbox';
    const moved = this.#named(given, true);
    const before = moved.map((one) => from.uids.get(one));
    for (const message of moved) {
      const own = from.name === 'INBOX' ? '\\Inbox' : from.name;
      if (!copies) message.labels.delete(own);
      if (to.name === TRASH) {
        message.trashed = true;
        message.labels.clear();
      } else {
        message.trashed = false;
        if (to.name === 'INBOX') message.labels.add('\\Inbox');
        else if (to.name !== ALL) message.labels.add(to.name);
      }
      this.#mail.touch(message);
    }
    const after = moved.map((one) => to.uids.get(one));
    this.#say(`* OK [COPYUID ${validity(this.#mail, to)} ${before.join(',')} ${after.join(',')}] (Success)`);
    return undefined;
  }

  /** Expunging takes away the label of the mailbox; in Trash, the message. */
  #drop(message: Kept): void {
    const box = this.#open;
    if (!box) return;
    message.flags.delete('\\Deleted');
    if (box.name === TRASH) {
      this.#mail.messages.splice(this.#mail.messages.indexOf(message), 1);
      box.uids.delete(message);
      message.trashed = false;
      message.labels.clear();
      for (const one of this.#mail.boxes) one.uids.delete(message);
    } else {
      message.labels.delete(box.name === 'INBOX' ? '\\Inbox' : box.name);
      this.#mail.touch(message);
    }
  }

  #named(given: string, byUid: boolean): Kept[] {
    const last = byUid ? (this.#open ? this.#mail.top(this.#open) : 0) : this.#view.length;
    const ranges = (given.split(' ')[0] ?? '').split(',').map((one) => {
      const [from, to = from] = one.split(':').map((each) => (each === '*' ? last : Number(each)));
      return [Math.min(from ?? 0, to ?? 0), Math.max(from ?? 0, to ?? 0)] as const;
    });
    return this.#view.filter((one, at) => {
      const number = byUid ? (this.#open?.uids.get(one) ?? 0) : at + 1;
      return ranges.some(([from, to]) => from <= number && number <= to);
    });
  }
}

function held(box: Box): Kept[] {
  return [...box.uids].toSorted(([, a], [, b]) => a - b).map(([message]) => message);
}

function validity(mail: Mail, box: Box): number {
  return mail.boxes.indexOf(box) + 1;
}

function quoted(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"/gu)].map(([, one = '']) => one);
}

function header(raw: Buffer): Buffer {
  return raw.subarray(0, raw.indexOf('\r\n\r\n') + 4);
}

function literal(name: string, bytes: Buffer): string {
  return `${name} {${bytes.length}}\r\n${bytes.toString('latin1')}`;
}
