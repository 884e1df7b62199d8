import { endsWithCrlf } from '../bytes.ts';
import type { Mailbox, StoredMessage } from '../mailbox.ts';

type DropItem = {
  readonly number: number;
  readonly message: StoredMessage;
  /** Octets as they go over the wire, dot-stuffing not counted (RFC 1939, section 11). */
  readonly size: number;
  readonly uidl: string;
};

/** The maildrop as it was at login: numbers stay, new mail waits for the next session (RFC 1939, section 4). */
export class Drop {
  #mailbox: Mailbox;
  #items: readonly DropItem[];
  #marked = new Set<number>();

  constructor(mailbox: Mailbox) {
    this.#mailbox = mailbox;
    this.#items = mailbox.messages.map((message, index) => ({
      number: index + 1,
      message,
      size: message.raw.length + (endsWithCrlf(message.raw) ? 0 : 2),
      uidl: hex(mailbox.uidValidity) + hex(message.uid),
    }));
  }

  remaining(): readonly DropItem[] {
    return this.#items.filter((item) => !this.#marked.has(item.number));
  }

  get(number: number): DropItem | undefined {
    return this.#marked.has(number) ? undefined : this.#items[number - 1];
  }

  mark(number: number): void {
    this.#marked.add(number);
  }

  reset(): void {
    this.#marked.clear();
  }

  /** Remove what is marked; the number of messages that went. */
  update(): number {
    const uids = this.#items.filter((item) => this.#marked.has(item.number)).map((item) => item.message.uid);
    return this.#mailbox.remove(uids).length;
  }
}

function hex(number: number): string {
  return number.toString(16).padStart(8, '0');
}
