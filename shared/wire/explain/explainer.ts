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
 * Says of each line of one connection what it means. Lines have to come in order and from the first on, for an answer
 * is explained by its question. It reads transcripts only: nothing hidden is ever needed.
 */
export class Explainer {
  readonly #protocol: Protocol;
  readonly #language: Language;
  readonly #reader: Reader;

  constructor(protocol: Protocol, language: Language) {
    this.#protocol = protocol;
    this.#language = language;
    this.#reader = readerOf(protocol);
  }

  next(line: WireLine): Explanation {
    const told =
      line.kind === 'gap'
        ? explainGap(line)
        : line.kind === 'note' || line.direction === 'none'
          ? explainNote(line, this.#protocol)
          : this.#reader.next(line);
    return explanationOf(told, this.#language);
  }
}

function readerOf(protocol: Protocol): Reader {
  if (protocol === 'imap') return new ImapExplainer();
  return protocol === 'pop3' ? new Pop3Explainer() : new SmtpExplainer();
}
