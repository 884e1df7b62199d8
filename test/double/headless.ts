// The program without its windows: the real core on a profile of its own, and ears for everything it publishes.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCore, type Core } from '../../electron/core.ts';
import type { EventName, Payload } from '../../shared/contract/events.ts';
import type { AccountSettings, ServerSettings } from '../../shared/model/account.ts';
import type { AccountId } from '../../shared/model/ids.ts';
import type { MailboxRole } from '../../shared/model/mailbox.ts';
import type { MessageRow } from '../../shared/model/message.ts';
import { scripts } from './programs.ts';
import type { MailServer, MailUser } from '../server/mail-server.ts';
import { quietShell } from './quiet-shell.ts';

export interface Heard {
  name: EventName;
  payload: unknown;
  at: number;
}

export interface Headless extends Core {
  profile: string;
  heard: Heard[];
  payloads<N extends EventName>(name: N): Payload<N>[];
  /** Rows of the account's mailbox with this role, newest first. */
  rows(account: AccountId, role: MailboxRole): Promise<MessageRow[]>;
  /** Waits for a condition that something published may have made true. */
  until<T>(what: string, condition: () => Promise<T | undefined | false> | T | undefined | false): Promise<T>;
}

const opened: Headless[] = [];
const folders: string[] = [];

/** Opens the core. Passwords live in memory and outlast a restart on the same profile, as a keyring's would. */
export async function headless(profile = temporaryFolder(), passwords = keyring(profile)): Promise<Headless> {
  const heard: Heard[] = [];
  const core = await openCore({
    profile,
    title: 'a test',
    secrets: {
      keyring: 'os',
      get: async (id) => passwords.get(id),
      set: async (id, password) => void passwords.set(id, password),
      setSource: async () => undefined,
      remove: async (id) => void passwords.delete(id),
    },
    events: { publish: (name, payload) => void heard.push({ name, payload, at: performance.now() }) },
    shell: quietShell,
    scripts,
  });
  await core.accounts.start();
  const one: Headless = {
    ...core,
    profile,
    heard,
    payloads: (name) => heard.filter((event) => event.name === name).map((event) => event.payload as never),
    rows: async (account, role) => {
      const mailbox = (await core.ports.store.mailboxes(account)).find((item) => item.role === role);
      if (!mailbox) return [];
      const { ids } = await core.ports.store.order({ kind: 'mailbox', mailbox: mailbox.id });
      return core.ports.store.rows([...ids] as never);
    },
    until: async (what, condition) => {
      const end = performance.now() + 20_000;
      while (performance.now() < end) {
        const found = await condition();
        if (found !== undefined && found !== false) return found;
        await sleep(10);
      }
      throw new Error(`not within 20 s: ${what}`);
    },
  };
  opened.push(one);
  return one;
}

export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'glasspost-test-'));
  folders.push(folder);
  return folder;
}

/** For afterEach: ends every core and throws its files away. */
export async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((one) => one.close()));
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
}

const keyrings = new Map<string, Map<string, string>>();
function keyring(profile: string): Map<string, string> {
  const held = keyrings.get(profile) ?? new Map<string, string>();
  keyrings.set(profile, held);
  return held;
}

/** Settings of a user on the real servers. @param security of all three connections */
export function settingsFor(
  server: MailServer,
  user: MailUser,
  mode: 'imap' | 'pop3',
  security: 'tls' | 'starttls' = 'tls',
): AccountSettings & { smtp: ServerSettings } {
  const { ports } = server;
  const at = (tls: number, starttls: number): ServerSettings => ({
    host: '127.0.0.1',
    port: security === 'tls' ? tls : starttls,
    security,
    user: user.email,
    trusted: server.trusted,
  });
  return {
    name: 'Vera Sokolova',
    email: user.email,
    mode,
    imap: at(ports.imaps, ports.imap),
    pop3: at(ports.pop3s, ports.pop3),
    smtp: at(ports.submissions, ports.submission),
    leaveOnServer: 'forever',
  };
}

/** A small letter with CRLF line ends. */
export function letter(subject: string, body = 'Hello\r\n', more = ''): Buffer {
  const id = `${Math.random().toString(36).slice(2)}@example.test`;
  const date = new Date().toUTCString().replace('GMT', '+0000');
  return Buffer.from(
    `From: Oleg <oleg@example.test>\r\nTo: vera@example.test\r\nSubject: ${subject}\r\nDate: ${date}\r\nMessage-ID: <${id}>\r\n${more}\r\n${body}`,
  );
}
