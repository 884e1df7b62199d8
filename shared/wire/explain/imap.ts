import type { WireLine } from '../line.ts';
import type { Told } from './explanation.ts';
import { explainClient } from './imap-client.ts';
import { Dialogue } from './imap-dialogue.ts';
import { explainServer } from './imap-server.ts';

/** Follows an IMAP dialogue: commands by their tags, literals, logins, IDLE. */
export class ImapExplainer {
  readonly #dialogue: Dialogue;

  /** @param late the beginning was missed */
  constructor(late: boolean) {
    this.#dialogue = new Dialogue(late);
  }

  next(line: WireLine): Told {
    return line.direction === 'client'
      ? explainClient(this.#dialogue, line)
      : explainServer(this.#dialogue, line);
  }
}
