import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach } from 'vitest';
import type { IncomingMessage, MailboxChange } from '../../../electron/app/ports-engine.ts';
import { openStore, type SyncStore } from '../../../electron/store/sqlite-store.ts';
import type { Account, AccountSettings } from '../../../shared/model/account.ts';
import type { Delta } from '../../../shared/model/delta.ts';
import type { MailboxId, MessageKey } from '../../../shared/model/ids.ts';
import type { Mailbox, MailboxRole } from '../../../shared/model/mailbox.ts';

export const NOW = Date.UTC(2026, 10, 21, 10, 42);

const undo: (() => void)[] = [];
afterEach(() => {
  for (const one of undo.splice(0).reverse()) one();
});

/** A folder that is gone after the test. */
export function temporary(): string {
  const path = mkdtempSync(join(tmpdir(), 'glasspost-store-'));
  undo.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A store that is closed after the test, if the test has not closed it. */
function open(profile: string): SyncStore {
  const store = openStore(profile, 'writer');
  let closed = false;
  const close = () => {
    if (!closed) store.close();
    closed = true;
  };
  undo.push(close);
  return { ...store, close };
}

const server = { host: '127.0.0.1', port: 1, security: 'none' as const, user: 'vera' };

export function settings(mode: 'imap' | 'pop3', more: Partial<AccountSettings> = {}): AccountSettings {
  return {
    name: 'Vera',
    email: 'vera@example.org',
    mode,
    [mode]: server,
    smtp: server,
    leaveOnServer: 'forever',
    ...more,
  };
}

/** A store with one account, and its inbox. */
export class Bench {
  readonly profile: string;
  readonly account: Account;
  readonly inbox: MailboxId;
  store: SyncStore;

  constructor(mode: 'imap' | 'pop3' = 'imap', more: Partial<AccountSettings> = {}) {
    this.profile = temporary();
    this.store = open(this.profile);
    this.account = this.store.addAccount(settings(mode, more)).account;
    this.inbox = this.role('inbox').id;
  }

  /** Closes the store as an orderly end would, or as a crash would find it. */
  reopen(): void {
    this.store.close();
    this.store = open(this.profile);
  }

  role(role: MailboxRole): Mailbox {
    return this.store.roleMailbox(this.account.id, role).mailbox;
  }

  mailbox(id: MailboxId): Mailbox | undefined {
    return this.store.mailboxes(this.account.id).find((one) => one.id === id);
  }

  take(added: IncomingMessage[], more: Partial<MailboxChange> = {}, mailbox = this.inbox): Delta {
    return this.store.apply(mailbox, { added, flags: [], removed: [], ...more });
  }

  ids(mailbox = this.inbox): MessageKey[] {
    return [...this.store.order({ kind: 'mailbox', mailbox }).ids] as MessageKey[];
  }

  row(id: MessageKey | undefined) {
    return id === undefined ? undefined : this.store.rows([id])[0];
  }

  raw(id: MessageKey | undefined): string | undefined {
    const bytes = id === undefined ? undefined : this.store.raw(id);
    return bytes && Buffer.from(bytes).toString('latin1');
  }

  /** What the index holds, read beside the store. */
  ask<T>(sql: string, ...values: unknown[]): T[] {
    const db = new Sqlite(join(this.profile, 'glasspost.sqlite'), { readonly: true });
    try {
      return db.prepare<unknown[], T>(sql).all(...values);
    } finally {
      db.close();
    }
  }

  /** What was collected, by name. */
  uidls(account = this.account.id): Set<string> {
    return new Set(this.store.collectedUidls(account).map((one) => one.uidl));
  }

  segments(): string[] {
    return this.ask<{ path: string }>('SELECT path FROM segment ORDER BY id').map((row) =>
      join(this.profile, row.path),
    );
  }
}

export function letter(subject: string, more: { id?: string; body?: string } = {}): Buffer {
  const id = more.id ?? `<${subject.replace(/[^\w]/gu, '.')}@example.org>`;
  return Buffer.from(
    `From: Oleg <oleg@example.org>\r\nTo: vera@example.org\r\nSubject: ${subject}\r\n${id === '' ? '' : `Message-ID: ${id}\r\n`}Date: Sat, 21 Nov 2026 10:00:00 +0000\r\n\r\n${more.body ?? `${subject} body\r\n`}`,
  );
}

export function incoming(
  uid: number,
  bytes: Uint8Array,
  more: Partial<IncomingMessage> = {},
): IncomingMessage {
  return { uid, flags: [], received: NOW, size: bytes.length, bytes, whole: true, ...more };
}

/** The header block of a message, as a server gives it first. */
export function header(uid: number, bytes: Buffer, more: Partial<IncomingMessage> = {}): IncomingMessage {
  const end = bytes.indexOf('\r\n\r\n') + 4;
  return incoming(uid, bytes.subarray(0, end), { size: bytes.length, whole: false, ...more });
}

export function collected(uidl: string, bytes: Uint8Array): IncomingMessage {
  return { uidl, flags: [], received: NOW, size: bytes.length, bytes, whole: true };
}
