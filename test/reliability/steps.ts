// What a victim does: each step is a thing that people do, named so that it can be ordered by whoever starts the victim.
import { createHash } from 'node:crypto';
import { rebuildProfile, type Core } from '../../electron/core.ts';
import type { ArchiveFormat } from '../../electron/app/ports-store.ts';
import type { Account, AccountSettings, AccountStatus, Mode } from '../../shared/model/account.ts';
import type { Mailbox, MailboxRole } from '../../shared/model/mailbox.ts';
import { failureOf } from '../../shared/contract/mail-error.ts';
import type { MessageKey } from '../../shared/model/ids.ts';
import type { MessageRow } from '../../shared/model/message.ts';
import { openProgram, PASSWORD } from './program.ts';

export type Step =
  | { do: 'sync'; email: string; live?: boolean }
  | { do: 'send'; email: string; to: string; token: string }
  | { do: 'draft'; email: string; token: string }
  | { do: 'flag' | 'move' | 'copy' | 'remove'; email: string; token: string }
  | { do: 'mode'; email: string; mode: Mode }
  | { do: 'settings'; dock: boolean }
  | { do: 'import'; email: string; path: string; into: MailboxRole }
  | { do: 'export'; email: string; format: ArchiveFormat; target: string }
  | { do: 'rebuild' }
  | { do: 'compact'; step: number }
  | { do: 'reopen' }
  | { do: 'resend'; email: string }
  | { do: 'live' }
  | { do: 'holds'; email: string }
  | { do: 'join'; settings: AccountSettings };

/** What a step began and finished; a line that came out is true even when the process is gone a moment later. */
export interface Said {
  begun?: Step['do'];
  done?: Step['do'];
  failed?: string;
  token?: string;
  [more: string]: unknown;
}

export type Say = (said: Said) => void;

export class Doer {
  readonly #profile: string;
  readonly #folder: string;
  readonly #say: Say;
  core: Core;

  /** @param folder where the program was bundled */
  static async open(profile: string, folder: string, say: Say): Promise<Doer> {
    return new Doer(profile, folder, say, await openProgram(profile, folder));
  }

  private constructor(profile: string, folder: string, say: Say, core: Core) {
    this.#profile = profile;
    this.#folder = folder;
    this.#say = say;
    this.core = core;
  }

  /** Does one step and tells before and after. What fails is told, and the next step is done all the same. */
  async run(step: Step): Promise<void> {
    const { do: _do, ...token } = step;
    this.#say({ begun: step.do, ...token });
    try {
      this.#say({ done: step.do, ...token, ...(await this.#do(step)) });
    } catch (thrown) {
      this.#say({
        failed: step.do,
        ...token,
        code: failureOf(thrown).code,
        why: String(thrown),
      });
    }
  }

  async #do(step: Step): Promise<object> {
    if (step.do === 'rebuild') return this.#rebuild();
    if (step.do === 'reopen') return this.#reopen();
    if (step.do === 'compact') return this.#compact(step.step);
    const { handlers, accounts, ports } = this.core;
    if (step.do === 'settings') return handlers['app.settings']({ wireDock: step.dock });
    if (step.do === 'live') return this.#live();
    if (step.do === 'join') return accounts.add(step.settings, PASSWORD);
    const account = await this.#account(step.email);
    switch (step.do) {
      case 'sync':
        await accounts.sync(account.id);
        return {};
      case 'send':
        return handlers['letter.send'](letterTo(account, step.to, step.token));
      case 'resend': {
        const { outbox } = await ports.store.snapshot();
        const waiting = outbox.filter((one) => one.state === 'maybe-sent');
        for (const { message, subject } of waiting) {
          this.#say({ begun: 'resend', token: subject });
          await handlers['outbox.attempt']({ message });
        }
        return {};
      }
      case 'holds': {
        const inbox = await this.#mailbox(account, 'inbox');
        const { ids } = await ports.store.order({ kind: 'mailbox', mailbox: inbox.id });
        const held: string[] = [];
        for (const id of [...ids] as MessageKey[]) {
          const bytes = await ports.store.raw(id);
          if (bytes) held.push(createHash('sha256').update(bytes).digest('hex'));
        }
        return { held };
      }
      case 'draft': {
        const { to, cc, bcc, subject, text } = letterTo(account, 'x@example.test', step.token);
        const fresh = { account: account.id, to, cc, bcc, subject, format: 'plain', body: text } as const;
        const { draft } = await ports.store.createDraft({ ...fresh, inReplyTo: '', references: '' });
        return { id: draft.id };
      }
      case 'import': {
        const mailbox = await this.#mailbox(account, step.into);
        const done = await handlers['mailbox.import']({
          task: 'trial',
          path: step.path,
          mailbox: mailbox.id,
        });
        if (account.mode === 'imap') await accounts.settle([account.id]);
        return { added: done.added, skipped: done.skipped };
      }
      case 'export': {
        const mailbox = await this.#mailbox(account, 'inbox');
        const { format, target } = step;
        const wanted = { task: 'trial', mailbox: mailbox.id, format, path: target };
        return { messages: (await handlers['mailbox.export'](wanted)).messages };
      }
      case 'mode': {
        // Done, when the process died behind it.
        if (account.mode === step.mode) return {};
        const choices = { onlyHere: 'keep', bodies: 'fetch' } as const;
        const plan = await handlers['account.changeMode']({
          account: account.id,
          mode: step.mode,
          choices,
        });
        return { matched: plan.matched.messages };
      }
      case 'flag':
      case 'move':
      case 'copy':
      case 'remove':
        return this.#change(account, step);
    }
  }

  async #change(
    account: Account,
    step: Extract<Step, { do: 'flag' | 'move' | 'copy' | 'remove' }>,
  ): Promise<object> {
    const { accounts, ports } = this.core;
    const row = await this.#row(account, step.token);
    if (!row) return { missing: true };
    if (step.do === 'flag') await ports.store.flag([row.id], ['flagged'], []);
    else if (step.do === 'remove') await ports.store.remove([row.id]);
    else if (step.do === 'copy')
      await ports.store.copy([row.id], (await this.#mailbox(account, 'archive')).id);
    else await ports.store.move([row.id], (await this.#mailbox(account, 'archive')).id);
    if (account.mode === 'imap') await accounts.settle([account.id]);
    return {};
  }

  async #rebuild(): Promise<object> {
    await this.core.close();
    const { messages } = await rebuildProfile(this.#profile, {});
    this.core = await openProgram(this.#profile, this.#folder);
    return { messages };
  }

  async #reopen(): Promise<object> {
    await this.core.close();
    this.core = await openProgram(this.#profile, this.#folder);
    return {};
  }

  /** Whatever was deleted goes at once, so many bytes at a time. The checkpoint that an old file waits for is written by a close. */
  async #compact(step: number): Promise<object> {
    const counts: Record<string, number> = {};
    for (;;) {
      const done = await this.core.ports.store.compact({ grace: 0, least: 0, share: 0, step });
      const { state } = done;
      if (state === 'idle') return counts;
      if (state === 'failed' || state === 'left-alone') throw new Error(JSON.stringify(done));
      counts[state] = (counts[state] ?? 0) + 1;
      if (state === 'working' && counts[state] === 1) this.#say({ compacting: true });
      if (state === 'waiting') await this.#reopen();
    }
  }

  /** Stays connected, as a window does, and tells what it shows. */
  async #live(): Promise<object> {
    await this.core.close();
    this.core = await openProgram(this.#profile, this.#folder, ({ name, payload }) => {
      const { account, state, failure } = payload as AccountStatus;
      if (name === 'status') this.#say({ status: state, account, code: failure?.code });
    });
    await this.core.accounts.start();
    return {};
  }

  async #account(email: string): Promise<Account> {
    const found = (await this.core.ports.store.snapshot()).accounts.find((one) => one.email === email);
    if (!found) throw new Error(`no account ${email}`);
    return found;
  }

  async #mailbox(account: Account, role: MailboxRole): Promise<Mailbox> {
    const { store } = this.core.ports;
    const found = (await store.mailboxes(account.id)).find((one) => one.role === role);
    return found ?? (await store.roleMailbox(account.id, role)).mailbox;
  }

  async #row(account: Account, token: string): Promise<MessageRow | undefined> {
    const { store } = this.core.ports;
    const inbox = await this.#mailbox(account, 'inbox');
    const { ids } = await store.order({ kind: 'mailbox', mailbox: inbox.id });
    const rows = await store.rows([...ids] as never);
    return rows.find((row) => row.subject === token);
  }
}

function letterTo(account: Account, to: string, token: string) {
  const text = `${token}\n`;
  return {
    account: account.id,
    to: [{ name: '', address: to }],
    cc: [],
    bcc: [],
    subject: token,
    text,
    attachments: [],
  };
}
