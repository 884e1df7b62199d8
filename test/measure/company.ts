// Several programs at one account at once: two cores, mbsync, and mail from outside. Each does what it likes for a while, by a
// seed; then all rest, and all have to hold the same.
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ImapFlow } from 'imapflow';
import type { AccountSettings } from '../../shared/model/account.ts';
import type { AccountId } from '../../shared/model/ids.ts';
import type { MessageRow } from '../../shared/model/message.ts';
import { random } from '../reliability/mix.ts';
import { openAlone, type Opened, type Threads } from './open.ts';

export interface Company {
  port: number;
  user: { email: string; password: string };
  deliver(raw: Buffer): Promise<void>;
  scripts: Threads;
  seconds: number;
  seed: number;
}

export interface Outcome {
  deeds: number;
  messages: number;
  mailboxes: number;
  /** ms until all held the same. */
  quiet: number;
  /**
   * Letters that the cores still show where they were to go, while somebody else had put them elsewhere or thrown them away
   * in the same moment: kept, for a lost answer looks the same.
   */
  kept: number;
  /** What differs: nothing, or the names of sides and mailboxes. */
  differences: string[];
}

interface Side {
  core: Opened;
  id: AccountId;
}

/** How long all have to come to the same; ms. */
const PATIENCE = 60_000;
const run = promisify(execFile);

export async function keepCompany(company: Company): Promise<Outcome> {
  const { port, user, scripts, seed, seconds } = company;
  const roll = random(seed);
  const below = (count: number) => Math.floor(roll() * count);
  const near = fs.mkdtempSync(path.join(os.tmpdir(), 'glasspost-mbsync-'));
  const config = configure(near, port, user);
  const settings = {
    name: 'Vera',
    email: user.email,
    mode: 'imap',
    imap: { host: '127.0.0.1', port, security: 'none', user: user.email },
    leaveOnServer: 'forever',
  } as const satisfies AccountSettings;
  for (let at = 0; at < 20; at++) await company.deliver(letter());
  const sides: Side[] = [];
  for (let at = 0; at < 2; at++) {
    const core = await openAlone(scripts);
    sides.push({ core, id: (await core.accounts.add(settings, user.password)).id });
  }
  let deeds = 0;
  const end = performance.now() + seconds * 1000;
  const going = () => performance.now() < end;
  const person = async (side: Side, name: string) => {
    while (going()) {
      await sleep(below(200));
      deeds += await deed(side, name, below).then(
        () => 1,
        () => 0,
      );
    }
  };
  const outside = async () => {
    while (going()) {
      await sleep(below(1500));
      await company.deliver(letter());
      deeds += 1;
    }
  };
  const mbsync = async () => {
    while (going()) {
      await sync(config);
      deeds += meddle(near, below);
    }
  };
  await Promise.all([...sides.map((side, at) => person(side, `Team ${at}`)), outside(), mbsync()]);

  const began = performance.now();
  let differences: string[] = [];
  let held: Held = new Map();
  let kept = 0;
  do {
    await sync(config);
    const failures = await Promise.all(sides.map(settled));
    await sleep(300);
    held = await onServer(port, user);
    differences = [...failures.flat(), ...compare('mbsync', plain(held), inMaildir(near))];
    kept = 0;
    for (const [at, side] of sides.entries()) {
      const store = await inStore(side);
      kept += store.kept;
      // What is kept has a mailbox here, though the server may have none of that name any more.
      for (const [name, entries] of store.held)
        if (entries.length === 0 && store.keptIn.has(name) && !held.has(name)) store.held.delete(name);
      differences.push(...compare(`core ${at}`, held, store.held));
    }
  } while (differences.length > 0 && performance.now() - began < PATIENCE);
  const quiet = Math.round(performance.now() - began);
  for (const { core } of sides) {
    await core.end(differences.length > 0);
    if (differences.length > 0) differences.push(`kept: ${core.profile}`);
  }
  fs.rmSync(near, { recursive: true, force: true });
  const messages = [...held.values()].reduce((sum, one) => sum + one.length, 0);
  return { deeds, messages, mailboxes: held.size, quiet, kept, differences };
}

/** Brings a core in step. @returns what failed, and what it could not tell the server */
async function settled({ core, id }: Side): Promise<string[]> {
  const failed = await core.handlers['account.sync']({ account: id }).then(
    () => [],
    (error: unknown) => [String(error)],
  );
  const waiting = await core.handlers['operation.list']({});
  return [...failed, ...waiting.map((one) => `waits: ${JSON.stringify(one)}`)];
}

function letter(): Buffer {
  const id = randomUUID();
  const head = `From: a@example.test\r\nTo: b@example.test\r\nSubject: ${id.slice(0, 8)}\r\n`;
  const date = `Date: Fri, 17 Jul 2026 02:44:25 +0000\r\nMessage-ID: <${id}@example.test>\r\n`;
  return Buffer.from(`${head}${date}\r\n${'Words of it\r\n'.repeat(20)}`);
}

/** Something a person does. Mailboxes are made and renamed by one side each, under names of their own. */
async function deed({ core, id }: Side, name: string, below: (count: number) => number): Promise<void> {
  const boxes = (await core.ports.store.mailboxes(id)).filter((one) => one.selectable && !one.owner);
  const box = boxes[below(boxes.length)];
  const to = boxes[below(boxes.length)];
  if (!box || !to) return;
  const { ids } = await core.ports.store.order({ kind: 'mailbox', mailbox: box.id });
  const keys = [...ids] as MessageRow['id'][];
  const chosen = keys.length === 0 ? [] : [keys[below(keys.length)] ?? (0 as never)];
  if (below(4) === 0 && keys.length > 1)
    chosen.push(...keys.slice(0, 2).filter((key) => !chosen.includes(key)));
  const what = below(12);
  const mine = boxes.find((one) => one.path.startsWith(name));
  if (what === 11) {
    if (!mine) await core.handlers['mailbox.create']({ account: id, name });
    else await core.handlers['mailbox.rename']({ mailbox: mine.id, name: `${name} ${below(1000)}` });
    return;
  }
  if (chosen.length === 0) return;
  if (what < 4) {
    const flag = (['seen', 'flagged', 'answered'] as const)[below(3)] ?? 'seen';
    const on = below(2) === 0;
    await core.handlers['message.flag']({ ids: chosen, set: on ? [flag] : [], clear: on ? [] : [flag] });
  } else if (what < 6) {
    const tag = ['$Work', 'Other'][below(2)] ?? 'Other';
    const on = below(2) === 0;
    await core.handlers['message.tag']({ ids: chosen, add: on ? [tag] : [], remove: on ? [] : [tag] });
  } else if (what < 8) await core.handlers['message.move']({ ids: chosen, mailbox: to.id });
  else if (what < 9) await core.handlers['message.copy']({ ids: chosen, mailbox: to.id });
  else await core.handlers['message.delete']({ ids: chosen });
}

function configure(near: string, port: number, user: Company['user']): string {
  const file = path.join(near, 'mbsyncrc');
  fs.mkdirSync(path.join(near, 'mail'));
  fs.writeFileSync(
    file,
    `IMAPStore far
Host 127.0.0.1
Port ${port}
User ${user.email}
Pass ${user.password}
SSLType None
AuthMechs LOGIN
SubscribedOnly no

MaildirStore near
Path ${near}/mail/
Inbox ${near}/mail/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns * !Team* !Public*
Create Both
Expunge Both
SyncState *
Sync All
`,
    { mode: 0o600 },
  );
  return file;
}

/** It ends with an error where a message went away under its hands, and does it right the next time. */
async function sync(config: string): Promise<void> {
  await run('mbsync', ['-c', config, '-a', '-q'], { timeout: 60_000 }).catch(() => undefined);
}

/** What another program does to a Maildir: new letters, other flags, letters thrown away. */
function meddle(near: string, below: (count: number) => number): number {
  const root = path.join(near, 'mail');
  let done = 0;
  for (const name of fs.readdirSync(root)) {
    const current = path.join(root, name, 'cur');
    if (!fs.existsSync(current)) continue;
    const files = fs.readdirSync(current);
    const file = files[below(files.length || 1)];
    const what = below(6);
    if (what === 0) {
      const bytes = Buffer.from(letter().toString().replaceAll('\r\n', '\n'));
      fs.writeFileSync(path.join(current, `${Date.now()}.${randomUUID()}.test:2,`), bytes);
    } else if (what < 4 && file !== undefined) {
      const [base, flags = ''] = file.split(':2,');
      const letters = new Set(flags);
      const one = what === 1 && below(3) === 0 ? 'T' : (['S', 'F', 'R'][below(3)] ?? 'S');
      if (letters.has(one) && one !== 'T') letters.delete(one);
      else letters.add(one);
      fs.renameSync(
        path.join(current, file),
        path.join(current, `${base}:2,${[...letters].toSorted().join('')}`),
      );
    } else continue;
    done += 1;
  }
  return done;
}

type Held = Map<string, string[]>;

/** mbsync gives what it brings a line of its own, and a Maildir has other line ends. */
function entry(bytes: Buffer, flags: string[], keywords: string[]): string {
  const text = bytes
    .toString('latin1')
    .replaceAll('\r\n', '\n')
    .replace(/^X-TUID: .*\n/mu, '');
  const id = /^Message-ID: (\S+)/imu.exec(text)?.[1] ?? '';
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return `${id} ${hash} [${flags.toSorted().join(' ')}] [${keywords.toSorted().join(' ')}]`;
}

async function onServer(port: number, user: Company['user']): Promise<Held> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port,
    secure: false,
    doSTARTTLS: false,
    auth: { user: user.email, pass: user.password },
    logger: false,
  });
  await client.connect();
  const held: Held = new Map();
  for (const { path: name, flags } of await client.list()) {
    if (flags.has('\\Noselect') || flags.has('\\NonExistent') || name.startsWith('Public')) continue;
    await client.mailboxOpen(name, { readOnly: true });
    const found =
      client.mailbox && client.mailbox.exists > 0
        ? await client.fetchAll('1:*', { flags: true, source: true })
        : [];
    const entries = found.map((one) => {
      const all = [...(one.flags ?? [])].filter((flag) => flag !== '\\Recent');
      const ours = all.filter((flag) => flag.startsWith('\\')).map((flag) => flag.slice(1).toLowerCase());
      return entry(
        one.source ?? Buffer.alloc(0),
        ours,
        all.filter((flag) => !flag.startsWith('\\')),
      );
    });
    held.set(name, entries.toSorted());
  }
  await client.logout();
  return held;
}

async function inStore({ core, id }: Side): Promise<{ held: Held; kept: number; keptIn: Set<string> }> {
  const held: Held = new Map();
  const keptIn = new Set<string>();
  let kept = 0;
  for (const box of await core.ports.store.mailboxes(id)) {
    if (!box.selectable || box.path.startsWith('Public') || box.role === 'outbox') continue;
    const { ids } = await core.ports.store.order({ kind: 'mailbox', mailbox: box.id });
    const entries: string[] = [];
    for (const row of await core.ports.store.rows([...ids] as MessageRow['id'][])) {
      if (row.uid === undefined) {
        kept += 1;
        keptIn.add(box.path);
        continue;
      }
      const raw = Buffer.from((await core.ports.store.raw(row.id)) ?? []);
      entries.push(entry(raw, row.flags, row.keywords ?? []));
    }
    held.set(box.path, entries.toSorted());
  }
  return { held, kept, keptIn };
}

const LETTERS: Record<string, string> = { S: 'seen', F: 'flagged', R: 'answered', D: 'draft', T: 'deleted' };

function inMaildir(near: string): Held {
  const held: Held = new Map();
  const root = path.join(near, 'mail');
  for (const name of fs.readdirSync(root)) {
    const entries = ['cur', 'new'].flatMap((part) => {
      const folder = path.join(root, name, part);
      return (fs.existsSync(folder) ? fs.readdirSync(folder) : []).map((file) => {
        const flags = (file.split(':2,')[1] ?? '').split('').flatMap((one) => LETTERS[one] ?? []);
        return entry(fs.readFileSync(path.join(folder, file)), flags, []);
      });
    });
    held.set(name, entries.toSorted());
  }
  return held;
}

/** What mbsync keeps: no tags, and not the mailboxes that are renamed. */
function plain(held: Held): Held {
  const kept = [...held].filter(([name]) => !name.startsWith('Team'));
  return new Map(
    kept.map(([name, entries]) => [
      name,
      entries.map((one) => one.replace(/\[[^[\]]*\]$/u, '[]')).toSorted(),
    ]),
  );
}

function compare(side: string, wanted: Held, found: Held): string[] {
  return [...new Set([...wanted.keys(), ...found.keys()])].flatMap((name) => {
    const [a, b] = [wanted.get(name), found.get(name)];
    if (a && b && a.join('\n') === b.join('\n')) return [];
    const [there, here] = [new Set(a), new Set(b)];
    const missing = [...there].filter((one) => !here.has(one)).slice(0, 3);
    const more = [...here].filter((one) => !there.has(one)).slice(0, 3);
    const counts = `${a?.length ?? '-'} on the server, ${b?.length ?? '-'} here`;
    return [`${side}: ${name}: ${counts}; missing ${missing.join(', ')}; more ${more.join(', ')}`];
  });
}
