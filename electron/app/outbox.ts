import type { Account } from '../../shared/model/account.ts';
import type { Failure } from '../../shared/model/failure.ts';
import type { MessageKey } from '../../shared/model/ids.ts';
import type { Verdict } from '../../shared/contract/command.ts';
import { failureOf, MailError } from '../../shared/contract/mail-error.ts';
import type { Ports } from './ports.ts';
import type { SubmissionResult } from './ports-engine.ts';
import type { OutboxChange, OutgoingLetter } from './ports-store.ts';
import { crashPoint } from '../fault/crash-point.ts';

/** ms before a letter is tried again: 30 s, then twice as long each time, an hour at most. */
const FIRST_WAIT = 30_000;
const LONGEST_WAIT = 60 * 60_000;

/** Sends what waits in the outbox, one letter at a time an account. */
export class Outbox {
  readonly #ports: Ports;
  readonly #running = new Map<string, Promise<void>>();
  /** @param accepted called when a letter was accepted: its copy may now go to the server's Sent */
  readonly #accepted: (account: Account) => void;
  /** For letters that somebody waits for. */
  readonly #refusals = new Map<MessageKey, SubmissionResult['refused']>();
  /** Accepted by a server, and not marked as sent yet. */
  readonly #taken = new Map<MessageKey, { account: Account['id']; refused: SubmissionResult['refused'] }>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(ports: Ports, accepted: (account: Account) => void) {
    this.#ports = ports;
    this.#accepted = accepted;
  }

  /** Sends now what may be sent, for every account, and looks again from time to time. */
  async start(): Promise<void> {
    const { accounts } = await this.#ports.store.snapshot();
    for (const account of accounts) void this.drain(account);
    this.#timer = setTimeout(() => void this.start(), FIRST_WAIT);
  }

  /** Sends what may be sent now. Resolves when that was tried, whatever came of it: each letter tells. */
  drain(account: Account): Promise<void> {
    if (this.#closed) return Promise.resolve();
    const running = this.#running.get(account.id);
    // What was queued meanwhile is not overlooked: one more look when this one is done.
    if (running) return running.then(() => this.drain(account));
    const work = this.#drain(account)
      .catch(() => undefined)
      .finally(() => this.#running.delete(account.id));
    this.#running.set(account.id, work);
    return work;
  }

  /** Sends one letter now, and says what became of it; whatever that is, the letter is safe. */
  async attempt(account: Account, key: MessageKey): Promise<Verdict> {
    this.#refusals.set(key, []);
    await this.drain(account);
    const refused = this.#refusals.get(key) ?? [];
    this.#refusals.delete(key);
    const { outbox } = await this.#ports.store.snapshot();
    const item = outbox.find((one) => one.message === key);
    if (!item) return { message: key, state: 'sent', refused };
    const { state, failure, nextTry } = item;
    return { message: key, state, refused, failure, nextTry };
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await Promise.all(this.#running.values());
  }

  async #drain(account: Account): Promise<void> {
    const { store, events } = this.#ports;
    if (this.#taken.size > 0) await this.#markTaken(account);
    while (!this.#closed) {
      const letter = await store.nextLetter(account.id, Date.now());
      if (!letter) return;
      const put = async (to: OutboxChange) =>
        events.publish('delta', await store.changeOutbox(letter.key, to));
      let refused: SubmissionResult['refused'];
      try {
        refused = (await this.#submit(account, letter, put)).refused;
      } catch (thrown) {
        await put(afterFailure(failureOf(thrown), letter.attempts));
        continue;
      }
      crashPoint('outbox.accepted');
      if (this.#refusals.has(letter.key)) this.#refusals.set(letter.key, refused);
      // The server has it now. Whatever fails from here on, the letter stays `sending` and is never sent again by itself.
      this.#taken.set(letter.key, { account: account.id, refused });
      await this.#markTaken(account);
    }
  }

  /** What a server took leaves the outbox; tried again when the disk refuses. */
  async #markTaken(account: Account): Promise<void> {
    const { store, events } = this.#ports;
    for (const [key, { account: owner, refused }] of this.#taken) {
      if (owner !== account.id) continue;
      events.publish('delta', await store.markSent(key));
      crashPoint('outbox.sent');
      this.#taken.delete(key);
      const [row] = await store.rows([key]);
      events.publish('sent', { message: key, subject: row?.subject ?? '', refused });
      this.#accepted(account);
    }
  }

  async #submit(
    account: Account,
    letter: OutgoingLetter,
    put: (to: OutboxChange) => Promise<void>,
  ): Promise<SubmissionResult> {
    const { store, engines, secrets } = this.#ports;
    if (!account.smtp) throw new MailError('no-submission-server', '');
    const password = await secrets.get(account.id);
    if (password === undefined) throw new MailError('no-password', '');
    const kept = await store.raw(letter.key);
    if (!kept) throw new MailError('internal', 'the file that held this letter is gone');
    await put({ state: 'sending' });
    crashPoint('outbox.sending');
    const login = {
      account: account.id,
      email: account.email,
      server: account.smtp,
      password,
      purpose: 'send',
    };
    return engines.submit(login, letter.envelope, kept.subarray(letter.skip));
  }
}

/** What becomes of a letter that was not accepted (RFC 5321 section 4.2.1: 4yz is for now, 5yz for good). */
export function afterFailure(failure: Failure, attempts: number, now = Date.now()): OutboxChange {
  if (failure.code === 'maybe-sent') return { state: 'maybe-sent', failure };
  const temporary = /^4\d\d/u.test(failure.detail);
  const final = [
    'recipient-refused',
    'message-too-big',
    'server-refused',
    'bad-request',
    'no-submission-server',
    'internal',
  ].includes(failure.code);
  if (final && !temporary) return { state: 'refused', failure };
  return { state: 'waiting', failure, nextTry: now + Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** attempts) };
}
