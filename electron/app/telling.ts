import type { AccountId } from '../../shared/model/ids.ts';
import type { Ports } from './ports.ts';
import type { ImapLink } from './ports-engine.ts';
import type { Operation } from './ports-store.ts';
import { replayOperations } from './replay.ts';

/** Operations that change the list of mailboxes. */
const OF_MAILBOXES: ReadonlySet<Operation['kind']> = new Set<Operation['kind']>([
  'create',
  'rename',
  'delete',
  'subscribe',
]);

/** Tells an account's server what the person did, and the person what the server will not do. */
export class Telling {
  readonly #ports: Pick<Ports, 'store' | 'events'>;
  readonly #account: AccountId;
  #running: number | undefined;

  constructor(ports: Pick<Ports, 'store' | 'events'>, account: AccountId) {
    this.#ports = ports;
    this.#account = account;
  }

  /** Operations that are being carried out now. */
  get busy(): number[] {
    return this.#running === undefined ? [] : [this.#running];
  }

  /** The server does not know all mailboxes by the names that the person sees. */
  async mailboxesWait(): Promise<boolean> {
    return (await this.#ports.store.operations(this.#account)).some(isOfMailboxes);
  }

  /**
   * What was done to mailboxes, before anything names them: the person sees them by their new names. Where one is to be
   * deleted all goes in its order, for it may matter what was moved out of it first.
   * @returns whether the list of mailboxes may be another one now
   */
  async mailboxes(link: ImapLink): Promise<boolean> {
    return (await this.#mailboxesFirst(link)).changed;
  }

  /** Everything. @returns whether the list of mailboxes may be another one now */
  async all(link: ImapLink): Promise<boolean> {
    const { changed, rest } = await this.#mailboxesFirst(link);
    await this.#carryOut(link, rest);
    return changed;
  }

  async #mailboxesFirst(link: ImapLink): Promise<{ changed: boolean; rest: Operation[] }> {
    const waiting = await this.#ports.store.operations(this.#account);
    const inOrder = waiting.some((one) => one.kind === 'delete');
    const first = inOrder ? waiting : waiting.filter(isOfMailboxes);
    await this.#carryOut(link, first);
    return { changed: first.some(isOfMailboxes), rest: waiting.filter((one) => !first.includes(one)) };
  }

  async #carryOut(link: ImapLink, operations: Operation[]): Promise<void> {
    if (operations.length === 0) return;
    const running = (id: number | undefined) => (this.#running = id);
    const refused = await replayOperations(this.#ports, this.#account, operations, link, running);
    for (const { operation, detail } of refused) {
      const { kind, keys } = operation;
      this.#ports.events.publish('refusal', { account: this.#account, kind, messages: keys.length, detail });
    }
  }
}

function isOfMailboxes({ kind }: Operation): boolean {
  return OF_MAILBOXES.has(kind);
}
