import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import Sqlite from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startPractice, type PracticeServer } from '../../../electron/practice/server.ts';
import { failureOf } from '../../../shared/contract/mail-error.ts';
import { closeAll, headless } from '../../double/headless.ts';
import { command } from '../../double/programs.ts';
import { glasspost } from '../cli/glasspost.ts';
import { temporary } from './profile.ts';

const PASSWORD = 'amber-pane';
const INBOX = 'vera@practice.test:INBOX';
let server: PracticeServer;
let source: string;
let folder: string;

beforeAll(async () => {
  server = await startPractice();
  folder = join(tmpdir(), `glasspost-odd-${process.pid}`);
  source = join(folder, 'profile');
  mkdirSync(folder, { recursive: true });
  const run = async (...words: string[]) => {
    const { code, stderr } = await glasspost(['--profile', source, ...words], { env: { P: PASSWORD } });
    if (code !== 0) throw new Error(stderr);
  };
  const url = (protocol: 'imap' | 'pop3' | 'smtp') => `${protocol}://127.0.0.1:${server.ports[protocol]}`;
  for (const [name, mode] of [
    ['vera', 'imap'],
    ['oleg', 'pop3'],
  ] as const) {
    const add = `account add --email ${name}@practice.test --mode ${mode} --${mode} ${url(mode)} --smtp ${url('smtp')} --password-env P`;
    await run(...add.split(' '));
  }
  await run('sync');
}, 60_000);
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(closeAll);

function copy(): string {
  const profile = join(temporary(), 'profile');
  cpSync(source, profile, { recursive: true, filter: (path) => !path.endsWith('.sock') });
  return profile;
}

const MOUNT = 'mount --bind "$P" "$P" && mount -o remount,ro,bind "$P" && exec "$@"';

/** Whether a folder can be mounted read-only for one process alone. */
const mountable = (() => {
  try {
    const P = tmpdir();
    execFileSync('unshare', ['-Urm', 'sh', '-c', MOUNT, 'sh', 'true'], {
      env: { ...process.env, P },
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
})();

/** The command, for which the profile lies on a disk that can't be written. */
async function onReadOnly(profile: string, ...words: string[]) {
  const given = ['-Urm', 'sh', '-c', MOUNT, 'sh', process.execPath, command, '--profile', profile, ...words];
  const child = spawn('unshare', given, {
    env: { ...process.env, P: profile, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/no/bus' },
  });
  const code = new Promise<number | null>((resolve) => child.on('exit', resolve));
  return { stdout: await text(child.stdout), stderr: await text(child.stderr), code: await code };
}

const copies = () => readdirSync(tmpdir()).filter((name) => name.startsWith('glasspost-index-'));

describe.skipIf(!mountable)('a profile on a disk that can’t be written', () => {
  it('can be read, and says why nothing can be changed', async () => {
    const profile = copy();
    const before = copies();
    const plain = await glasspost(['--profile', profile, 'list', INBOX]);
    const listed = await onReadOnly(profile, 'list', INBOX);
    expect(listed).toMatchObject({ code: 0, stdout: plain.stdout });
    expect(listed.stderr).toContain('nothing can be written to this profile');
    const id = /^\s*(\d+)/mu.exec(plain.stdout)?.[1] ?? '';
    const shown = await onReadOnly(profile, 'show', id, '--raw');
    expect(shown.stdout).toBe((await glasspost(['--profile', profile, 'show', id, '--raw'])).stdout);
    expect((await onReadOnly(profile, 'search', 'Glasspost')).code).toBe(0);
    const target = join(temporary(), 'out.mbox');
    const exported = await onReadOnly(profile, 'export', INBOX, '--mbox', target);
    expect(exported).toMatchObject({ code: 0 });
    expect(readFileSync(target, 'latin1').match(/^From /gmu)?.length).toBeGreaterThan(5);
    expect(await onReadOnly(profile, 'verify')).toMatchObject({ code: 0 });
    expect(await onReadOnly(profile, 'account', 'list')).toMatchObject({ code: 0 });
    for (const words of [['flag', id, '+flagged'], ['sync'], ['delete', id]]) {
      const said = await onReadOnly(profile, ...words);
      expect([words, said.code]).toEqual([words, 1]);
      expect(said.stderr).toContain('can be read, not changed');
    }
    expect((await onReadOnly(profile, 'rebuild')).code).toBe(1);
    expect(copies()).toEqual(before);
  }, 120_000);

  it('that was left by a crash: what is in the log of the index is there', async () => {
    const profile = copy();
    const db = new Sqlite(join(profile, 'glasspost.sqlite'));
    db.pragma('journal_mode = WAL');
    db.exec(`UPDATE message SET subject = 'only in the log'`);
    const crashed = join(temporary(), 'crashed');
    cpSync(profile, crashed, { recursive: true });
    db.close();
    expect(existsSync(join(crashed, 'glasspost.sqlite-wal'))).toBe(true);
    const listed = await onReadOnly(crashed, 'list', INBOX);
    expect(listed.stdout).toContain('only in the log');
  });
});

describe('an index of a newer program', () => {
  function newer(): string {
    const profile = copy();
    const db = new Sqlite(join(profile, 'glasspost.sqlite'));
    db.exec('ALTER TABLE message ADD COLUMN of_the_future TEXT; UPDATE message SET snippet = NULL');
    db.pragma('user_version = 99');
    db.close();
    return profile;
  }

  it('is read, exported, and not changed', async () => {
    const profile = newer();
    const bytes = readFileSync(join(profile, 'glasspost.sqlite'));
    const run = (...words: string[]) => glasspost(['--profile', profile, ...words], { env: { P: PASSWORD } });
    const listed = await run('list', INBOX);
    expect(listed.code).toBe(0);
    const id = /^\s*(\d+)/mu.exec(listed.stdout)?.[1] ?? '';
    expect((await run('show', id, '--raw')).bytes.length).toBeGreaterThan(100);
    const target = join(temporary(), 'out.mbox');
    expect((await run('export', INBOX, '--mbox', target)).code).toBe(0);
    expect(readFileSync(target, 'latin1')).toMatch(/^From /u);
    for (const words of [['flag', id, '+flagged'], ['sync'], ['delete', id]]) {
      const said = await run(...words);
      expect([words, said.code]).toEqual([words, 1]);
      expect(said.stderr).toMatch(/newer Glasspost[^]*export/u);
    }
    expect(readFileSync(join(profile, 'glasspost.sqlite')).equals(bytes)).toBe(true);
  }, 60_000);

  it('a program that stays open with it goes on', async () => {
    const app = await headless(newer());
    const { accounts } = await app.ports.store.snapshot();
    expect(accounts).toHaveLength(2);
    await app.until(
      'both accounts tried and could not',
      () => app.payloads('status').filter((one) => one.failure).length > 1,
    );
    // What it does in the background fails too, and nothing comes of that.
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const failed = await app.ports.store
      .flag([1 as never], ['seen'], [])
      .catch((thrown: unknown) => failureOf(thrown));
    expect(failed).toMatchObject({ code: 'newer-index' });
  });
});

describe('two programs on one profile', () => {
  it('the second one speaks to the first, or says who has it', async () => {
    const profile = copy();
    const app = await headless(profile);
    const said = await glasspost(['--profile', profile, 'list', INBOX]);
    expect(said.code).toBe(1);
    expect(said.stderr).toMatch(/in use[^]*a test/u);
    await app.close();
    expect((await glasspost(['--profile', profile, 'list', INBOX])).code).toBe(0);
  });
});
