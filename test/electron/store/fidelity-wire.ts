// A second opinion about what is on the wire: clients that know nothing but the framing of IMAP and POP3.
import net from 'node:net';

const CRLF = Buffer.from('\r\n');

/** Lines and counted bytes from a socket. */
class Wire {
  readonly #socket: net.Socket;
  #held: Buffer[] = [];
  #length = 0;
  #wake: () => void = () => undefined;
  #over = false;

  constructor(port: number) {
    this.#socket = net.connect(port, '127.0.0.1');
    this.#socket.on('data', (chunk) => {
      this.#held.push(chunk);
      this.#length += chunk.length;
      this.#wake();
    });
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => {
      this.#over = true;
      this.#wake();
    });
  }

  say(bytes: string | Uint8Array): void {
    this.#socket.write(bytes);
  }

  async bytes(count: number): Promise<Buffer> {
    while (this.#length < count) await this.#more();
    const all = Buffer.concat(this.#held);
    this.#held = [all.subarray(count)];
    this.#length -= count;
    return all.subarray(0, count);
  }

  /** Without its CRLF. */
  async line(): Promise<Buffer> {
    for (;;) {
      const all = Buffer.concat(this.#held);
      this.#held = [all];
      const end = all.indexOf(CRLF);
      if (end >= 0) return (await this.bytes(end + 2)).subarray(0, end);
      await this.#more();
    }
  }

  end(): void {
    this.#socket.destroy();
  }

  async #more(): Promise<void> {
    if (this.#over) throw new Error('the server has gone');
    await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}

interface Access {
  port: number;
  email: string;
  password: string;
}

async function imap<T>({ port, email, password }: Access, work: (wire: Wire) => Promise<T>): Promise<T> {
  const wire = new Wire(port);
  try {
    await wire.line();
    wire.say(`a LOGIN "${email}" "${password}"\r\n`);
    await tagged(wire);
    return await work(wire);
  } finally {
    wire.end();
  }
}

async function tagged(wire: Wire): Promise<string> {
  for (;;) {
    const line = (await wire.line()).toString('latin1');
    if (line.startsWith('a ')) return line;
  }
}

/** Puts letters into INBOX by APPEND. @returns those that the server took */
export function appendAll(access: Access, letters: readonly Buffer[]): Promise<Buffer[]> {
  return imap(access, async (wire) => {
    const taken: Buffer[] = [];
    for (const letter of letters) {
      wire.say(`a APPEND INBOX {${letter.length}}\r\n`);
      const go = (await wire.line()).toString('latin1');
      if (!go.startsWith('+')) {
        // Refused already, or something was told first.
        if (!go.startsWith('a ')) await tagged(wire);
        continue;
      }
      wire.say(letter);
      wire.say(CRLF);
      if ((await tagged(wire)).startsWith('a OK')) taken.push(letter);
    }
    return taken;
  });
}

/** Makes mailboxes, each with a letter that says which one it is. @returns the names that the server took */
export function createAll(access: Access, names: readonly string[]): Promise<string[]> {
  return imap(access, async (wire) => {
    const taken: string[] = [];
    for (const name of names) {
      const bytes = Buffer.from(encoded(name));
      const command = async (before: string, after: string) => {
        wire.say(`a ${before} {${bytes.length}}\r\n`);
        await wire.line();
        wire.say(bytes);
        wire.say(`${after}\r\n`);
      };
      await command('CREATE', '');
      if (!(await tagged(wire)).startsWith('a OK')) continue;
      taken.push(name);
      const letter = Buffer.from(`Subject: here\r\nX-Mailbox: ${JSON.stringify(name)}\r\n\r\n`);
      await command('APPEND', ` {${letter.length}}`);
      await wire.line();
      wire.say(letter);
      wire.say(CRLF);
      await tagged(wire);
    }
    return taken;
  });
}

/** A mailbox's name as it goes over the wire (RFC 3501 section 5.1.3). */
function encoded(name: string): string {
  const wide = (text: string) =>
    Buffer.from(text, 'utf16le').swap16().toString('base64').replace(/=+$/u, '').replaceAll('/', ',');
  return name.replace(/&|[^\x20-\x7e]+/gu, (text) => (text === '&' ? '&-' : `&${wide(text)}-`));
}

/** What the server sends for each message of INBOX, by UID. */
export function fetchAll(access: Access): Promise<Map<number, Buffer>> {
  return imap(access, async (wire) => {
    wire.say('a SELECT INBOX\r\n');
    await tagged(wire);
    wire.say('a UID FETCH 1:* (UID BODY.PEEK[])\r\n');
    const found = new Map<number, Buffer>();
    for (;;) {
      let line = (await wire.line()).toString('latin1');
      if (line.startsWith('a ')) return found;
      if (!line.includes('FETCH')) continue;
      const size = Number(/\{(\d+)\}$/u.exec(line)?.[1] ?? -1);
      const bytes = size < 0 ? Buffer.alloc(0) : await wire.bytes(size);
      if (size >= 0) line += (await wire.line()).toString('latin1');
      found.set(Number(/UID (\d+)/u.exec(line)?.[1]), bytes);
    }
  });
}

/** What the server sends for each message, by UIDL. */
export async function retrieveAll({ port, email, password }: Access): Promise<Map<string, Buffer>> {
  const wire = new Wire(port);
  try {
    await wire.line();
    for (const command of [`USER ${email}`, `PASS ${password}`, 'UIDL']) {
      wire.say(`${command}\r\n`);
      const answer = (await wire.line()).toString();
      if (!answer.startsWith('+OK')) throw new Error(answer);
    }
    const listed: [string, string][] = [];
    for (;;) {
      const [number = '', uidl = ''] = (await wire.line()).toString().split(' ');
      if (number === '.') break;
      listed.push([number, uidl]);
    }
    const found = new Map<string, Buffer>();
    for (const [number, uidl] of listed) {
      wire.say(`RETR ${number}\r\n`);
      const answer = (await wire.line()).toString();
      if (!answer.startsWith('+OK')) throw new Error(`${number} ${answer}`);
      const lines: Buffer[] = [];
      for (;;) {
        const line = await wire.line();
        if (line.length === 1 && line[0] === 0x2e) break;
        lines.push(line[0] === 0x2e ? line.subarray(1) : line, CRLF);
      }
      found.set(uidl, Buffer.concat(lines));
    }
    return found;
  } finally {
    wire.end();
  }
}
