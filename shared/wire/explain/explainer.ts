import type { Language } from '../../model/language.ts';
import type { Protocol, WireLine } from '../line.ts';
import { explanationOf, type Explanation, type Told } from './explanation.ts';
import { explainGap, explainNote } from './note.ts';
import { ImapExplainer } from './imap.ts';
import { Pop3Explainer } from './pop3.ts';
import { SmtpExplainer } from './smtp.ts';

/** Explains the lines of one protocol, in order. */
interface Reader {
  next(line: WireLine): Told;
}

/**
 * Says of each line of one connection what it means. Lines have to come in order, best from the first on, for an answer
 * is explained by its question. It reads transcripts only: nothing hidden is ever needed.
 */
export class Explainer {
  readonly #protocol: Protocol;
  readonly #language: Language;
  #reader: Reader | undefined;

  constructor(protocol: Protocol, language: Language) {
    this.#protocol = protocol;
    this.#language = language;
  }

  next(line: WireLine): Explanation {
    // The oldest lines of a long connection are not kept in memory: whoever begins with a later one has missed something.
    this.#reader ??= readerOf(this.#protocol, line.seq > 1);
    const told =
      line.kind === 'gap'
        ? explainGap(line)
        : line.kind === 'note' || line.direction === 'none'
          ? explainNote(line, this.#protocol)
          : this.#reader.next(line);
    return explanationOf(told, this.#language);
  }
}

function readerOf(protocol: Protocol, late: boolean): Reader {
  if (protocol === 'imap') return new ImapExplainer(late);
  return protocol === 'pop3' ? new Pop3Explainer(late) : new SmtpExplainer(late);
}
