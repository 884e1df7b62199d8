import type { MailboxId, MessageKey } from '../../shared/model/ids.ts';
import type { Ports } from './ports.ts';
import type { MailboxChange } from './ports-engine.ts';
import { troubleOf } from './trouble.ts';

/**
 * So few messages, of so many bytes each, are read for their snippet before they are stored: their rows are then complete in
 * one delta. A larger one is stored first, and no copy of it is left here.
 */
const AT_ONCE = 20;
const SMALL = 4 * 1024 * 1024;
/** Messages read for their snippets and the search between two transactions, in the background: so many, or so much text. */
const STEP = 50;
const TEXT = 2_000_000;
/** Of messages of which only the header is here: so many at a time, a few ms; and ms after the first of them came. */
const HEADERS = 100;
const DELAY = 2000;
/** ms until what the disk refused to read is tried again, and how often before it is taken for damaged. */
const RETRY = 30_000;
const TRIES = 4;

const NOTHING = { snippet: '', attachments: 0 };

/** The one way in for mail from a server: read a little, store durably, publish what was committed. */
export class Intake {
  readonly #ports: Pick<Ports, 'store' | 'mime' | 'events'>;
  #digesting: Promise<void> | undefined;
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  /** How often the disk failed to read a letter. A system without room says nothing about any letter. */
  readonly #refused = new Map<MessageKey, number>();
  #closed = false;

  constructor(ports: Pick<Ports, 'store' | 'mime' | 'events'>) {
    this.#ports = ports;
  }

  /** Resolves when everything told is on disk and committed. */
  async take(mailbox: MailboxId, told: MailboxChange): Promise<void> {
    const { store, mime, events } = this.#ports;
    const whole = told.added.filter((one) => one.whole);
    const atOnce = whole.length <= AT_ONCE && whole.every((one) => one.bytes.length <= SMALL);
    if (atOnce) {
      for (const one of whole) {
        const digest = await mime.digest(one.bytes).catch(() => undefined);
        if (digest) one.digest = digest;
      }
    }
    const delta = await store.apply(mailbox, told);
    if (Object.keys(delta).length > 0) events.publish('delta', delta);
    if (!atOnce) void this.digest();
    // Its own work must not stand in the way of the mail that comes after this.
    else if (told.added.length > whole.length) this.#timer ??= setTimeout(() => void this.digest(), DELAY);
  }

  /** Reads stored messages for their snippets and the search, a few at a time, until none is left or the disk refuses. Resolves then. */
  digest(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#again = true;
    this.#digesting ??= this.#digestAll()
      // A disk that is full now: the messages are still unread, and are found again.
      .catch(() => undefined)
      .finally(() => {
        this.#digesting = undefined;
      });
    return this.#digesting;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#digesting;
  }

  async #digestAll(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false;
      if (await this.#digestSome()) this.#again = true;
      else await this.#indexHeaders();
    }
  }

  /** @returns whether there may be more */
  async #digestSome(): Promise<boolean> {
    const { store, mime, events } = this.#ports;
    const ids = await store.undigested(STEP);
    const found = [];
    let text = 0;
    let refused = false;
    for (const id of ids) {
      if (this.#closed) return false;
      try {
        const raw = await store.raw(id);
        const digest = raw && (await mime.digest(raw, true));
        found.push({ id, ...(digest ?? NOTHING) });
        text += digest?.search?.body.length ?? 0;
      } catch (thrown) {
        if (this.#passes(id, thrown)) refused = true;
        // What can't be read gets an empty snippet: it must not be tried for ever.
        else found.push({ id, ...NOTHING });
      }
      if (text > TEXT) break;
    }
    if (found.length > 0) events.publish('delta', await store.digest(found));
    if (refused && !this.#closed) this.#timer ??= setTimeout(() => void this.digest(), RETRY);
    return !refused && (found.length < ids.length || ids.length === STEP);
  }

  /** Whether a letter that was not read may well be next time. */
  #passes(id: MessageKey, thrown: unknown): boolean {
    const trouble = troubleOf(thrown);
    if (trouble !== 'disk-error') return trouble !== undefined;
    const times = (this.#refused.get(id) ?? 0) + 1;
    this.#refused.set(id, times);
    return times < TRIES;
  }

  async #indexHeaders(): Promise<void> {
    while (!this.#again && !this.#closed && (await this.#ports.store.indexHeaders(HEADERS)) === HEADERS);
  }
}
