import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Account } from '../../shared/model/account.ts';
import type { MessageKey } from '../../shared/model/ids.ts';
import { Failed } from './command.ts';
import type { Link } from './link.ts';

/** By account: every message up to this number was handed over, and some above it. */
const Cursors = z.record(z.string(), z.object({ upTo: z.number(), also: z.array(z.number()) }));
type Cursors = z.infer<typeof Cursors>;

/**
 * New mail handed to another program, in order, each message until that program took it: after a crash one may be handed
 * over twice, none is left out. How far it got is in a file of the profile.
 */
export class Deliveries {
  readonly #file: string;
  readonly #link: Link;
  readonly #accounts: readonly Account[];
  readonly #deliver: (bytes: Uint8Array) => Promise<number | null>;
  readonly #cursors: Cursors;
  #running: Promise<void> = Promise.resolve();

  /** What is here already when it is first used is not new. */
  static async open(
    profile: string,
    link: Link,
    accounts: readonly Account[],
    deliver: (bytes: Uint8Array) => Promise<number | null>,
  ): Promise<Deliveries> {
    const file = join(profile, 'delivered.json');
    const text = await readFile(file, 'utf8').catch(() => '{}');
    const cursors = Cursors.safeParse(JSON.parse(text));
    if (!cursors.success) throw new Failed(`${file} can't be read: repair or remove it.`);
    const newest = await link.request('message.newest', undefined);
    const start = Object.fromEntries(
      accounts.map((one) => [one.id, cursors.data[one.id] ?? { upTo: newest, also: [] }]),
    );
    const deliveries = new Deliveries(file, link, accounts, deliver, { ...cursors.data, ...start });
    await deliveries.#save();
    return deliveries;
  }

  private constructor(
    file: string,
    link: Link,
    accounts: readonly Account[],
    deliver: (bytes: Uint8Array) => Promise<number | null>,
    cursors: Cursors,
  ) {
    this.#file = file;
    this.#link = link;
    this.#accounts = accounts;
    this.#deliver = deliver;
    this.#cursors = cursors;
  }

  /** Hands over what came since the last time. @throws Failed when the program did not take a message */
  run(): Promise<void> {
    const run = this.#running.then(() => this.#run());
    this.#running = run.catch(() => undefined);
    return run;
  }

  async #run(): Promise<void> {
    const { mailboxes } = await this.#link.request('app.snapshot', undefined);
    for (const account of this.#accounts) {
      const inbox = mailboxes.find((one) => one.account === account.id && one.role === 'inbox');
      if (!inbox) continue;
      const { ids } = await this.#link.request('message.order', {
        view: { kind: 'mailbox', mailbox: inbox.id },
      });
      const cursor = this.#cursors[account.id] ?? { upTo: 0, also: [] };
      const fresh = [...ids].filter((id) => id > cursor.upTo) as MessageKey[];
      // The order is newest first; a person's letters are handed over as they were written.
      for (const id of fresh.toReversed().filter((one) => !cursor.also.includes(one))) {
        const { bytes } = await this.#link.request('message.raw', { id, limit: Number.MAX_SAFE_INTEGER });
        const code = await this.#deliver(bytes);
        if (code !== 0)
          throw new Failed(
            `The command for message ${id} ended with ${code ?? 'a signal'}; it is offered again at the next sync.`,
          );
        cursor.also.push(id);
        await this.#save();
      }
      if (fresh.length === 0) continue;
      cursor.upTo = Math.max(cursor.upTo, ...cursor.also);
      cursor.also = [];
      await this.#save();
    }
  }

  async #save(): Promise<void> {
    await writeFile(`${this.#file}.new`, JSON.stringify(this.#cursors), { mode: 0o600 });
    await rename(`${this.#file}.new`, this.#file);
  }
}
