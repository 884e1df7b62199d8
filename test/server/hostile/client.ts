// The program under attack, in a process of its own: the whole core without a window, driven over the process's channel.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { openCore, type Core } from '../../../electron/core.ts';
import type { Patience } from '../../../electron/net/policy.ts';
import type { AccountSettings } from '../../../shared/model/account.ts';
import type { Failure } from '../../../shared/model/failure.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { Deed } from './script.ts';

export interface Order {
  id: number;
  lane: number;
  verb: keyof Verbs;
  given: unknown;
}
export type Reply = { id: number; result: unknown } | { id: number; failure: Failure | string };

export interface SeenLetter {
  mailbox: string;
  subject: string;
  stored: boolean;
  hash: string;
  flags: string[];
}

export interface Verbs {
  open(given: {
    profile: string;
    settings: AccountSettings;
    password: string;
    patience: Patience;
    compress: boolean;
  }): Promise<void>;
  /** Resolves to what failed. */
  sync(): Promise<Failure | undefined>;
  deed(deed: Deed): Promise<void>;
  letters(): Promise<SeenLetter[]>;
  mailboxes(): Promise<{ path: string; name: string }[]>;
  /** Failures that the person was told, in their order, and the state now. */
  told(): Promise<{ failures: Failure[]; state: string }>;
  flagged(subject: string): Promise<void>;
  /** What the server was not told yet. */
  waiting(): Promise<string>;
  verify(): Promise<number>;
  close(): Promise<void>;
  /** Begins to measure memory anew. */
  rest(): Promise<void>;
  memory(): Promise<{ grown: number; strays: string[] }>;
}

const here = pathToFileURL(path.join(import.meta.dirname, '/'));
const strays: string[] = [];
for (const name of ['unhandledRejection', 'uncaughtException'] as const) {
  process.on(name, (error: unknown) => {
    strays.push(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  });
}
let base = process.memoryUsage.rss();
let most = base;
setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20).unref();

class Lane implements Verbs {
  #core!: Core;
  #account!: AccountId;
  readonly #failures: Failure[] = [];
  #state = '';

  async open({
    profile,
    settings,
    password,
    patience,
    compress,
  }: Parameters<Verbs['open']>[0]): Promise<void> {
    const passwords = new Map<string, string>();
    this.#core = await openCore({
      profile,
      patience,
      ...(compress ? { compress } : {}),
      title: 'a test',
      secrets: {
        keyring: 'os',
        get: async (id) => passwords.get(id),
        set: async (id, secret) => void passwords.set(id, secret),
        setSource: async () => undefined,
        remove: async (id) => void passwords.delete(id),
      },
      events: {
        publish: (name, payload) => {
          if (name !== 'status') return;
          const { state, failure } = payload as { state: string; failure?: Failure };
          this.#state = state;
          if (failure) this.#failures.push(failure);
        },
      },
      shell: {
        openComposer: () => undefined,
        closeComposer: () => undefined,
        chooseFiles: async () => [],
        saveAs: async () => null,
        chooseSave: async () => null,
        openLink: async () => undefined,
        language: 'en',
        version: '0.0.0',
      },
      scripts: { store: new URL('store-worker.js', here), mime: new URL('mime-worker.js', here) },
    });
    await this.#core.accounts.start();
    this.#account = (await this.#core.accounts.add(settings, password)).id;
  }

  async sync(): Promise<Failure | undefined> {
    try {
      await this.#core.handlers['account.sync']({ account: this.#account });
      return undefined;
    } catch (thrown) {
      return (thrown as { failure?: Failure }).failure ?? { code: 'internal', detail: String(thrown) };
    }
  }

  async deed(deed: Deed): Promise<void> {
    const { handlers, ports } = this.#core;
    const mailboxes = await ports.store.mailboxes(this.#account);
    const inbox = mailboxes.find((one) => one.role === 'inbox');
    const rows = inbox ? await this.#rows(inbox.id) : [];
    const ids = rows.slice(-1).map((row) => row.id);
    if (deed === 'flag') await handlers['message.flag']({ ids, set: ['flagged'], clear: [] });
    if (deed === 'move') {
      const archive = mailboxes.find((one) => one.role === 'archive');
      if (archive) await handlers['message.move']({ ids, mailbox: archive.id });
    }
    if (deed === 'delete') await handlers['message.delete']({ ids });
    if (deed === 'send') {
      void handlers['letter.send']({
        account: this.#account,
        to: [{ name: '', address: 'vera@example.test' }],
        cc: [],
        bcc: [],
        subject: 'A letter of mine',
        text: 'Hello',
        attachments: [],
      }).catch(() => undefined);
    }
  }

  async letters(): Promise<SeenLetter[]> {
    const { store } = this.#core.ports;
    const all: SeenLetter[] = [];
    for (const { id, path: mailbox } of await store.mailboxes(this.#account)) {
      for (const row of await this.#rows(id)) {
        const raw = row.stored ? await store.raw(row.id) : undefined;
        const hash = raw ? createHash('sha256').update(raw).digest('hex') : '';
        all.push({ mailbox, subject: row.subject, stored: row.stored, hash, flags: row.flags });
      }
    }
    return all;
  }

  async mailboxes(): Promise<{ path: string; name: string }[]> {
    const all = await this.#core.ports.store.mailboxes(this.#account);
    return all.map(({ path: whole, name }) => ({ path: whole, name }));
  }

  async told(): Promise<{ failures: Failure[]; state: string }> {
    return { failures: this.#failures.splice(0), state: this.#state };
  }

  async flagged(subject: string): Promise<void> {
    const { handlers, ports } = this.#core;
    for (const { id } of await ports.store.mailboxes(this.#account)) {
      for (const row of await this.#rows(id)) {
        if (row.subject === subject)
          await handlers['message.flag']({ ids: [row.id], set: ['seen'], clear: [] });
      }
    }
  }

  async waiting(): Promise<string> {
    return JSON.stringify(await this.#core.ports.store.operations(this.#account));
  }

  async verify(): Promise<number> {
    const { damaged } = await this.#core.handlers['store.verify']({ task: 1 as never });
    return damaged.length;
  }

  async close(): Promise<void> {
    await this.#core?.close();
  }

  async rest(): Promise<void> {
    global.gc?.();
    base = process.memoryUsage.rss();
    most = base;
  }

  async memory(): Promise<{ grown: number; strays: string[] }> {
    return { grown: Math.max(0, most - base), strays: strays.splice(0) };
  }

  async #rows(mailbox: Parameters<Core['ports']['store']['known']>[0]) {
    const { store } = this.#core.ports;
    const { ids } = await store.order({ kind: 'mailbox', mailbox });
    return store.rows([...ids] as never);
  }
}

const lanes = new Map<number, Lane>();
process.on('message', (order: Order) => {
  const lane = lanes.get(order.lane) ?? new Lane();
  lanes.set(order.lane, lane);
  const work = lane[order.verb] as (given: unknown) => Promise<unknown>;
  work.call(lane, order.given).then(
    (result) => process.send?.({ id: order.id, result } satisfies Reply),
    (thrown: unknown) => {
      const failure = (thrown as { failure?: Failure }).failure ?? String((thrown as Error).stack ?? thrown);
      process.send?.({ id: order.id, failure } satisfies Reply);
    },
  );
  if (order.verb === 'close') lanes.delete(order.lane);
});
process.send?.({ id: 0, result: 'ready' } satisfies Reply);
