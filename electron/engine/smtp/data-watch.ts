import type { Recorder } from '../../app/ports.ts';

const FINAL_DOT = Buffer.from('\r\n.\r\n');

/**
 * Knows whether the final dot of DATA left us and was not answered: from that moment on only the server knows
 * whether the message was accepted (RFC 5321 section 4.5.3.2.6; sending again could deliver it twice).
 */
export class DataWatch {
  #inData = false;
  #tail = Buffer.alloc(0);
  #heard = '';
  #unanswered = false;

  get unanswered(): boolean {
    return this.#unanswered;
  }

  /** The same recorder, listened to. */
  around(recorder: Recorder): Recorder {
    return {
      connection: recorder.connection,
      note: (text) => recorder.note(text),
      close: (reason) => recorder.close(reason),
      sink: (from, chunk) => {
        recorder.sink(from, chunk);
        this.#hear(from, chunk);
      },
    };
  }

  #hear(from: 'client' | 'server', chunk: Uint8Array): void {
    if (from === 'server') {
      this.#unanswered = false;
      // The go-ahead may come behind other replies in one packet, or in pieces.
      this.#heard = (this.#heard + Buffer.from(chunk).toString('latin1')).slice(-4096);
      if (/(?:^|\n)354[ -]/u.test(this.#heard)) {
        this.#heard = '';
        this.#inData = true;
      }
      return;
    }
    if (!this.#inData) return;
    this.#tail = Buffer.concat([this.#tail, chunk.subarray(-FINAL_DOT.length)]).subarray(-FINAL_DOT.length);
    if (this.#tail.equals(FINAL_DOT)) {
      this.#inData = false;
      this.#unanswered = true;
    }
  }
}
