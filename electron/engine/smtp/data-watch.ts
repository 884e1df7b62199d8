import type { Recorder } from '../../app/ports-engine.ts';
import { crashPoint } from '../../fault/crash-point.ts';

const FINAL_DOT = Buffer.from('\r\n.\r\n');
/** Stands among the commands for a whole message; no command is in small letters there. */
const MESSAGE = 'message';
/** What is kept of a line: its beginning says what it is. */
const HEAD = 64;

/**
 * Knows whether the final dot of DATA left us and was not answered: from that moment on only the server knows
 * whether the message was accepted (RFC 5321 section 4.5.3.2.6; sending again could deliver it twice).
 */
export class DataWatch {
  /** Commands without a reply, in order, and messages. */
  readonly #asked: string[] = [];
  #inData = false;
  /** How many bytes of the final dot were just sent. */
  #matched = 0;
  #said = '';
  #heard = '';

  get unanswered(): boolean {
    return this.#asked.includes(MESSAGE);
  }

  /** The same recorder, listened to. */
  around(recorder: Recorder): Recorder {
    return {
      connection: recorder.connection,
      note: (text) => recorder.note(text),
      close: (reason) => recorder.close(reason),
      sink: (from, chunk) => {
        recorder.sink(from, chunk);
        if (from === 'client') this.#say(chunk);
        else this.#hear(chunk);
      },
    };
  }

  #say(chunk: Uint8Array): void {
    for (const byte of chunk) {
      if (this.#inData) this.#sayData(byte);
      else if (byte !== 0x0a) this.#said = add(this.#said, byte);
      else {
        this.#asked.push(this.#said.trim().toUpperCase());
        this.#said = '';
      }
    }
  }

  #sayData(byte: number): void {
    if (byte === FINAL_DOT[this.#matched]) this.#matched += 1;
    else this.#matched = byte === FINAL_DOT[0] ? 1 : 0;
    if (this.#matched < FINAL_DOT.length) return;
    this.#inData = false;
    this.#asked.push(MESSAGE);
    crashPoint('smtp.dot');
  }

  #hear(chunk: Uint8Array): void {
    for (const byte of chunk) {
      if (byte !== 0x0a) this.#heard = add(this.#heard, byte);
      else {
        // The last line of a reply (RFC 5321 section 4.2.1): only then the server has spoken.
        if (/^\d{3}(?!-)/u.test(this.#heard)) this.#reply(this.#heard);
        this.#heard = '';
      }
    }
  }

  #reply(line: string): void {
    const command = this.#asked.shift();
    // Some servers say 250 where 354 is due, and nodemailer sends the message then, too.
    if (command !== 'DATA' || !/^[23]/u.test(line)) return;
    this.#inData = true;
    // A message may begin with the dot that ends it.
    this.#matched = 2;
  }
}

function add(line: string, byte: number): string {
  return line.length < HEAD ? line + String.fromCharCode(byte) : line;
}
