import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';
import type { SMTPServerDataStream } from 'smtp-server';
import { CR, LF } from '../bytes.ts';
import { DataReader } from './data-reader.ts';

type Done = (error?: Error | null) => void;

/**
 * The input of one SMTP connection: smtp-server finds the commands, and how a letter is read is ours. Whoever has
 * typed every line so far with a bare LF (`nc` without -C) types the letter that way too, and its end would never be
 * seen: for this connection alone each LF counts as CR LF. One CR LF from the client, and the rule of RFC 5321,
 * section 2.3.8 holds for good, so that nothing is smuggled in a letter that a program relays.
 */
export class TypedStream extends SMTPStream {
  #reader = new DataReader();
  #sawCrlf = false;
  #last = 0;

  override _write(chunk: Buffer, encoding: BufferEncoding | 'buffer', next: Done): void {
    if (!this.#sawCrlf) this.#sawCrlf = (this.#last === CR && chunk[0] === LF) || chunk.includes('\r\n');
    this.#last = chunk.at(-1) ?? this.#last;
    super._write(chunk, encoding, next);
  }

  override startDataMode(limit?: number | string | null): SMTPServerDataStream {
    this.#reader = new DataReader();
    return super.startDataMode(limit);
  }

  /** The library leaves the dot of `.x` where it is; RFC 5321, section 4.5.2 takes it away. */
  override _feedDataStream(chunk: Buffer, done: Done): void {
    const { text, used, done: ended } = this.#reader.push(chunk, !this.#sawCrlf);
    const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
    this._countDataBytes(bytes.length);
    const stream = this._dataStream;
    if (ended) return this._endDataMode(bytes, chunk.subarray(used), done);
    if (!stream?.writable || stream.write(bytes)) return done();
    // A stream that is destroyed never drains, it only closes.
    const go = (): void => {
      stream.off('drain', go).off('close', go);
      done();
    };
    stream.once('drain', go).once('close', go);
  }

  /** The library clears the callback after the call, and with it the one that a pipelined letter has just set. */
  override continue(): void {
    const callback = this._continueCallback;
    if (typeof callback !== 'function') return super.continue();
    this._continueCallback = false;
    callback();
  }
}
