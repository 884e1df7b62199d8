import type { MailboxId } from '../../shared/model/ids.ts';
import type { MailboxChange, Ports } from './ports.ts';

/** So few messages are read for their snippet before they are stored: their rows are then complete in one delta. */
const AT_ONCE = 20;
/** Messages read for their snippets between two transactions, in the background. */
const STEP = 50;

/** The one way in for mail from a server: read a little, store durably, publish what was committed. */
export class Intake {
  readonly #ports: Pick<Ports, 'store' | 'mime' | 'events'>;
  #digesting: Promise<void> | undefined;
  #again = false;
  #closed = false;

  constructor(ports: Pick<Ports, 'store' | 'mime' | 'events'>) {
    this.#ports = ports;
  }

  /** Resolves when everything told is on disk and committed. */
  async take(mailbox: MailboxId, told: MailboxChange): Promise<void> {
    const { store, mime, events } = this.#ports;
    const whole = told.added.filter((one) => one.whole);
    if (whole.length <= AT_ONCE) {
      for (const one of whole) {
        const digest = await mime.digest(one.bytes).catch(() => undefined);
        if (digest) one.digest = digest;
      }
    }
    const delta = await store.apply(mailbox, told);
    if (Object.keys(delta).length > 0) events.publish('delta', delta);
    if (whole.length > AT_ONCE) void this.digest();
  }

  /** Reads stored messages for their snippets, a few at a time, until none is left. Resolves then. */
  digest(): Promise<void> {
    this.#again = true;
    this.#digesting ??= this.#digestAll().finally(() => {
      this.#digesting = undefined;
    });
    return this.#digesting;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#digesting;
  }

  async #digestAll(): Promise<void> {
    const { store, mime, events } = this.#ports;
    while (this.#again && !this.#closed) {
      this.#again = false;
      const ids = await store.undigested(STEP);
      const found = [];
      for (const id of ids) {
        if (this.#closed) return;
        const raw = await store.raw(id);
        // What can't be read gets an empty snippet: it must not be tried for ever.
        const digest = raw && (await mime.digest(raw).catch(() => undefined));
        found.push({ id, snippet: digest?.snippet ?? '', attachments: digest?.attachments ?? 0 });
      }
      if (found.length === 0) return;
      events.publish('delta', await store.digest(found));
      if (ids.length === STEP) this.#again = true;
    }
  }
}
