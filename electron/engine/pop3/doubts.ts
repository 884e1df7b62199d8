// A message is known by its UIDL, and asked for by its number: when the two have come apart, the wrong mail is taken for
// known and the wrong mail is deleted. The size is the only thing that a server says of both. Many servers only estimate it,
// so that a wrong one is no proof, but a reason to ask.
import type { IncomingMessage, Pop3Listing } from '../../app/ports-engine.ts';
import { MailError } from '../../../shared/contract/mail-error.ts';
import { readEnvelope } from '../../../shared/mail/envelope.ts';
import type { Connection } from './connection.ts';

/** So many wrong sizes that proved harmless are a server's way to count. */
const ENOUGH = 50;
/** Of the announced size: a message that is shorter may be a part. */
const PART = 3 / 4;

/** Where the header ends with its empty line; the length where there is none. */
function headerEnd(bytes: Uint8Array): number {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ends = ['\r\n\r\n', '\n\n']
    .map((end) => [whole.indexOf(end), end.length] as const)
    .filter(([at]) => at >= 0)
    .map(([at, length]) => at + length);
  return Math.min(whole.length, ...ends);
}

/** Exactly, or with line ends counted as one byte each. A size of 0 says nothing. */
export function isAsListed({ size }: Pop3Listing, bytes: Uint8Array): boolean {
  if (size === bytes.length || size === 0) return true;
  if (size > bytes.length || 2 * size < bytes.length) return false;
  let lines = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) lines += 1;
  return size + lines === bytes.length;
}

/** What servers count of a letter that ends without one. */
const LINE_END = 2;

/** Nothing at all came, or a header alone where more was announced. */
export function isCut(listing: Pop3Listing, bytes: Uint8Array): boolean {
  if (listing.size - bytes.length <= LINE_END || isAsListed(listing, bytes)) return false;
  return headerEnd(bytes) === bytes.length;
}

/** Messages of another size than announced, until the server has confirmed which they are. */
export class Doubts {
  readonly #connection: Connection;
  #open: { listing: Pop3Listing; message: IncomingMessage }[] = [];
  #harmless = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** What may be a part of a message is never deleted on the server. */
  add(listing: Pop3Listing, message: IncomingMessage): void {
    if (message.size < PART * listing.size) message.stays = true;
    if (listing.uidl !== '' && this.#harmless < ENOUGH) this.#open.push({ listing, message });
  }

  /** @throws MailError `server-refused` when a number has become another message's */
  async settle(): Promise<void> {
    const open = this.#open;
    this.#open = [];
    for (const { listing, message } of open) {
      if (!(await this.#isThat(listing, message))) {
        const { host, port } = this.#connection.server;
        throw new MailError('server-refused', `RETR ${listing.number}: another message came`, { host, port });
      }
      this.#harmless += 1;
    }
  }

  async #isThat({ number, uidl }: Pop3Listing, message: IncomingMessage): Promise<boolean> {
    const name = await this.#connection.command(`UIDL ${number}`);
    if (name.status === 'ok' && name.text.trim() !== `${number} ${uidl}`) return false;
    const top = await this.#connection.command(`TOP ${number} 0`, 'message');
    // A server without TOP has nothing to prove it by.
    if (!top.message) message.stays = true;
    if (!top.message) return true;
    // What a header is, and whether it ends with an empty line, servers see in their own way.
    const there = Buffer.from(top.message.subarray(0, headerEnd(top.message)))
      .toString('latin1')
      .trimEnd();
    const begins = Buffer.from(message.bytes.subarray(0, there.length)).toString('latin1') === there;
    const [mine, its] = [readEnvelope(message.bytes).messageId, readEnvelope(top.message).messageId];
    // Some servers put fields of their own in front of one of the two.
    if (begins || (mine !== '' && mine === its)) return true;
    // Without a name on both sides nothing is proved: it is kept, and the server keeps its own.
    if (mine !== '' && its !== '') return false;
    message.stays = true;
    return true;
  }
}
