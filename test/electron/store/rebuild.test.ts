import Sqlite from 'better-sqlite3';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { rebuildIndex } from '../../../electron/store/rebuild/rebuild.ts';
import { segmentFiles } from '../../../electron/store/segment-files.ts';
import { openStore } from '../../../electron/store/sqlite-store.ts';
import { Bench, collected, header, incoming, letter, temporary } from './profile.ts';
import { Rich, stateOf } from './rich.ts';

const INDEX = 'glasspost.sqlite';
const index = (profile: string) => join(profile, INDEX);

/** What a rebuilt store says, opened as the program opens it. */
function opened(profile: string): ReturnType<typeof stateOf> {
  const store = openStore(profile, 'writer');
  try {
    return stateOf(store);
  } finally {
    store.close();
  }
}

/** The outbox as it must be afterwards: nothing is sent by itself. */
function held(state: ReturnType<typeof stateOf>): ReturnType<typeof stateOf> {
  return {
    ...state,
    outbox: state.outbox.map((one) => ({
      ...one,
      state: 'maybe-sent',
      failure: { code: 'maybe-sent', detail: '' },
    })),
  };
}

function zeroPages(file: string, from: number, count: number): void {
  const bytes = readFileSync(file);
  bytes.fill(0, from * 4096, Math.min(bytes.length, (from + count) * 4096));
  writeFileSync(file, bytes);
}

const rich = new Rich();
const before = held(stateOf(rich.store));
rich.store.close();
/** Each test gets a copy of it. */
const copies = mkdtempSync(join(tmpdir(), 'glasspost-rich-'));
cpSync(rich.profile, copies, { recursive: true });
afterAll(() => rmSync(copies, { recursive: true, force: true }));

function copy(): string {
  const profile = join(temporary(), 'profile');
  cpSync(copies, profile, { recursive: true });
  return profile;
}

describe('an index is made again', () => {
  const size = statSync(index(copies)).size;
  const pages = Math.floor(size / 4096);
  const ways: [string, (file: string) => void][] = [
    ['sound', () => undefined],
    ['deleted', (file) => rmSync(file)],
    ['empty', (file) => truncateSync(file, 0)],
    ...[1, 100, 4096, 8192, 20_000, Math.floor(size / 2), size - 4096, size - 1].map(
      (length): [string, (file: string) => void] => [
        `cut to ${length}`,
        (file) => truncateSync(file, length),
      ],
    ),
    [
      'garbage',
      (file) =>
        writeFileSync(file, Buffer.from(Array.from({ length: 50_000 }, (_one, at) => (at * 7919) & 255))),
    ],
    ...Array.from({ length: Math.ceil(pages / 4) }, (_one, at): [string, (file: string) => void] => [
      `pages ${at * 4} to ${at * 4 + 3} zeroed`,
      (file) => zeroPages(file, at * 4, 4),
    ]),
    ...Array.from({ length: 6 }, (_one, at): [string, (file: string) => void] => [
      `noise ${at}`,
      (file) => {
        const bytes = readFileSync(file);
        for (let place = at * 101 + 200; place < bytes.length; place += 5003)
          bytes[place] = (bytes[place] ?? 0) ^ 0x55;
        writeFileSync(file, bytes);
      },
    ]),
  ];

  it.each(ways)('from one that is %s', async (_about, destroy) => {
    const profile = copy();
    destroy(index(profile));
    const report = await rebuildIndex(profile);
    expect(report).toMatchObject({
      damaged: [],
      missing: [],
      strays: [],
      problems: [],
      recovered: 0,
      interrupted: false,
    });
    expect(opened(profile)).toEqual(before);
    // And what was written afterwards is enough to do it once more.
    rmSync(index(profile));
    await rebuildIndex(profile);
    expect(opened(profile)).toEqual(before);
  });

  it('from an index alone, where there is no checkpoint', async () => {
    const profile = copy();
    rmSync(join(profile, 'mail/checkpoint.jsonl'));
    expect(await rebuildIndex(profile)).toMatchObject({ checkpoint: 'none', oldIndex: 'sound' });
    expect(opened(profile)).toEqual(before);
  });

  it('letters of which only the header is here stay where the index is sound', async () => {
    const profile = copy();
    await rebuildIndex(profile);
    const store = openStore(profile, 'writer');
    expect(store.bodiless(rich.inbox, 10)).toMatchObject([{ uid: 50 }]);
    expect(store.mark(rich.inbox).count).toBe(-1);
    store.apply(rich.inbox, { added: [], flags: [], removed: [], cursor: { uidValidity: 77 } });
    expect(store.mark(rich.inbox).count).toBeGreaterThan(20);
    store.close();
  });

  it('a letter that index and checkpoint know by different numbers is there once', async () => {
    const bench = new Bench('pop3');
    bench.take([collected('a', letter('one')), collected('b', letter('two'))]);
    bench.store.close();
    const db = new Sqlite(index(bench.profile));
    for (const name of ['changed_message_up', 'changed_uidl_up']) db.exec(`DROP TRIGGER ${name}`);
    db.exec('UPDATE message SET id = id + 1000');
    // What is damaged is completed from the checkpoint, which knows the numbers of before.
    const { page } = db
      .prepare<[], { page: number }>(
        `SELECT rootpage AS page FROM sqlite_master WHERE name = 'message_named'`,
      )
      .get() ?? { page: 0 };
    db.close();
    zeroPages(index(bench.profile), page - 1, 1);
    await rebuildIndex(bench.profile);
    const store = openStore(bench.profile, 'writer');
    expect(store.order({ kind: 'mailbox', mailbox: bench.inbox }).ids).toHaveLength(2);
    store.close();
  });

  it.each([[[]], [[INDEX]]])(
    'a letter whose first commit never came and that was stored again is there once (without %j)',
    async (gone) => {
      const bench = new Bench();
      bench.take([incoming(1, letter('one'))]);
      const [file = ''] = segmentFiles(bench.profile);
      const bytes = readFileSync(join(bench.profile, file));
      bench.store.close();
      // What a process leaves that dies between the bytes and their commit.
      appendFileSync(join(bench.profile, file), bytes);
      for (const one of gone) rmSync(join(bench.profile, one));
      await rebuildIndex(bench.profile);
      const store = openStore(bench.profile, 'writer');
      expect(store.order({ kind: 'mailbox', mailbox: bench.inbox }).ids).toHaveLength(1);
      store.close();
    },
  );

  it('copies that share their bytes are all there again', async () => {
    const bench = new Bench();
    bench.take([incoming(1, letter('one'))]);
    const archive = bench.store.roleMailbox(bench.account.id, 'archive').mailbox.id;
    bench.store.copy(bench.ids(), archive);
    bench.store.close();
    for (const gone of [[], [INDEX], ['mail/checkpoint.jsonl']]) {
      for (const name of gone) rmSync(join(bench.profile, name));
      await rebuildIndex(bench.profile);
      const store = openStore(bench.profile, 'writer');
      for (const mailbox of [bench.inbox, archive]) {
        const { ids } = store.order({ kind: 'mailbox', mailbox });
        expect([...ids].map((id) => store.raw(id as never)?.toString())).toEqual([letter('one').toString()]);
      }
      expect(store.operations(bench.account.id).map((one) => one.kind)).toEqual(['copy']);
      store.close();
    }
  });

  it('of the first schema', async () => {
    const bench = new Bench('pop3');
    bench.take([collected('a', letter('one')), collected('b', letter('two'))]);
    bench.store.flag(bench.ids().slice(0, 1), ['flagged'], []);
    // When it was collected nobody noted then.
    const collectedAt = expect.any(Number) as number;
    const before = stateOf(bench.store);
    const state = {
      ...before,
      collected: before.collected.map((all) => all.map((one) => ({ ...one, collected: collectedAt }))),
    };
    bench.store.close();
    const db = new Sqlite(index(bench.profile));
    for (const { name } of db
      .prepare<[], { name: string }>(
        `SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'changed%'`,
      )
      .all())
      db.exec(`DROP TRIGGER ${name}`);
    db.exec(
      `DROP TABLE switch_message; DROP TABLE switch_mailbox; DROP TABLE mode_switch; DROP TABLE switch_entry;
       DROP TABLE deed; DROP TABLE deed_message; DROP INDEX message_email; DROP INDEX message_sought; ALTER TABLE message DROP COLUMN sought; ALTER TABLE operation DROP COLUMN made; ALTER TABLE operation DROP COLUMN deed;
       ALTER TABLE message DROP COLUMN keywords; ALTER TABLE message DROP COLUMN email_id;
       ${['delimiter', 'subscribed', 'owner', 'rights', 'excluded', 'keep', 'server_total', 'server_unread', 'local'].map((name) => `ALTER TABLE mailbox DROP COLUMN ${name};`).join('\n')}
       DROP TRIGGER message_buried; DROP TABLE buried; DROP TABLE replaced; DROP INDEX message_bytes;
       DROP TRIGGER message_lost; DROP TABLE search; DROP INDEX message_draft; DROP INDEX message_large; DROP INDEX message_found; DROP INDEX message_unread; DROP INDEX message_unlisted;
       DROP INDEX message_undigested; ALTER TABLE message DROP COLUMN doc; ALTER TABLE message DROP COLUMN cc;
       CREATE INDEX message_undigested ON message (date DESC) WHERE snippet IS NULL AND segment IS NOT NULL;
       DROP TRIGGER uidl_deleted; DROP TRIGGER uidl_mailbox; DROP INDEX message_uidl; DROP INDEX message_headed;
       ${['collected', 'stays', 'listed', 'deleted'].map((name) => `ALTER TABLE uidl DROP COLUMN ${name};`).join('\n')}
       DROP TABLE changed; DROP TABLE state; DROP INDEX message_unnamed; ALTER TABLE mailbox DROP COLUMN unsure`,
    );
    db.pragma('user_version = 1');
    db.close();
    rmSync(join(bench.profile, 'mail/checkpoint.jsonl'));
    const profile = join(temporary(), 'again');
    cpSync(bench.profile, profile, { recursive: true });
    await rebuildIndex(profile);
    expect(opened(profile)).toEqual(state);
    // And it is simply opened, too.
    expect(opened(bench.profile)).toEqual(state);
    expect(existsSync(join(bench.profile, 'mail/checkpoint.jsonl'))).toBe(true);
  });

  it('of a newer program it is left alone', async () => {
    const profile = copy();
    const db = new Sqlite(index(profile));
    db.pragma('user_version = 99');
    db.close();
    const bytes = readFileSync(index(profile));
    await expect(rebuildIndex(profile)).rejects.toThrow(/newer Glasspost/u);
    expect(readFileSync(index(profile)).equals(bytes)).toBe(true);
    expect(readdirSync(profile).filter((name) => name.startsWith('rebuild'))).toEqual([]);
  });

  it('the old one is kept aside', async () => {
    const profile = copy();
    const bytes = readFileSync(index(profile));
    writeFileSync(`${index(profile)}-wal`, 'no log');
    const { kept } = await rebuildIndex(profile);
    expect(kept).toMatch(/^glasspost\.sqlite\.before-rebuild-\d{4}/u);
    expect(readFileSync(join(profile, kept ?? '')).equals(bytes)).toBe(true);
    expect(readFileSync(join(profile, `${kept}-wal`), 'utf8')).toBe('no log');
    expect(existsSync(`${index(profile)}-wal`)).toBe(false);
  });
});

describe('the checkpoint', () => {
  const file = (profile: string) => join(profile, 'mail/checkpoint.jsonl');

  it.each([0, 1, 50, 500, 0.3, 0.6, 0.9, -1])('cut to %s: no letter is lost', async (where) => {
    const profile = copy();
    const { size } = statSync(file(profile));
    truncateSync(file(profile), where < 0 ? size + where : where < 1 ? Math.floor(size * where) : where);
    rmSync(index(profile));
    await rebuildIndex(profile);
    const state = opened(profile);
    const all = (one: typeof before) => one.mailboxes.flatMap((box) => box.letters.map((row) => row.sha256));
    const found = new Set([...all(state), ...state.outbox.map((row) => row.sha256)]);
    for (const sha256 of all(before)) expect(found).toContain(sha256);
    expect(state.outbox.every((one) => one.state === 'maybe-sent')).toBe(true);
  });

  it('a line that can’t be read: then nothing counts as deleted', async () => {
    const profile = copy();
    const lines = readFileSync(file(profile), 'utf8').split('\n');
    const at = lines.findIndex((line) => line.includes('"message"') && line.includes('"flags":2'));
    const lost = JSON.parse(lines[at] ?? '') as { id: number };
    lines[at] = (lines[at] ?? '').replace('"flags":2', '"flags":x');
    writeFileSync(file(profile), lines.join('\n'));
    rmSync(index(profile));
    const report = await rebuildIndex(profile);
    expect(report).toMatchObject({ checkpoint: 'damaged', deleted: 0 });
    expect(report.recovered).toBeGreaterThan(3);
    const state = opened(profile);
    const hashes = state.mailboxes.flatMap((box) => box.letters.map((row) => row.sha256));
    const wanted = before.mailboxes.flatMap((box) => box.letters).find((row) => row.id === lost.id)?.sha256;
    expect(hashes).toContain(wanted);
  });

  it('is a moment behind at most when the program is killed, and catches up', async () => {
    const profile = join(temporary(), 'killed');
    const script = `
      import { openStore } from ${JSON.stringify(new URL('../../../electron/store/sqlite-store.ts', import.meta.url).href)};
      const store = openStore(${JSON.stringify(profile)}, 'writer');
      const server = { host: 'h', port: 1, security: 'none', user: 'u' };
      const { account } = store.addAccount({ name: 'a', email: 'a@b.c', mode: 'pop3', pop3: server, smtp: server, leaveOnServer: 'forever' });
      const inbox = store.roleMailbox(account.id, 'inbox').mailbox.id;
      const take = (name) => { const bytes = Buffer.from('Subject: ' + name + '\\r\\nMessage-ID: <' + name + '@x>\\r\\n\\r\\n'); store.apply(inbox, { added: [{ uidl: name, flags: [], received: 1, size: bytes.length, bytes, whole: true }], flags: [], removed: [] }); };
      take('early'); take('deleted');
      const [id] = [...store.order({ kind: 'mailbox', mailbox: inbox }).ids];
      store.remove([id]);
      setTimeout(() => { take('late'); store.flag([...store.order({ kind: 'mailbox', mailbox: inbox }).ids], ['flagged'], []); process.kill(process.pid, 'SIGKILL'); }, 2500);
    `;
    expect(() =>
      execFileSync(process.execPath, ['--input-type=module', '-e', script], { stdio: 'pipe' }),
    ).toThrow(/./u);
    const lost = join(temporary(), 'lost');
    cpSync(profile, lost, { recursive: true });
    for (const end of ['', '-wal', '-shm']) rmSync(index(lost) + end, { force: true });
    await rebuildIndex(lost);
    const letters = (state: typeof before) =>
      state.mailboxes.flatMap((box) => box.letters.map((row) => `${row.subject} ${row.flags.join()}`));
    expect(letters(opened(lost)).toSorted()).toEqual(['early ', 'late ']);
    expect(opened(lost).collected[0]?.map((one) => one.uidl)).toEqual(['deleted', 'early']);
    // Opened with its index, it writes down what the kill had left.
    const state = opened(profile);
    rmSync(index(profile));
    await rebuildIndex(profile);
    expect(opened(profile)).toEqual(state);
    expect(letters(state)).toEqual(['late flagged', 'early flagged']);
  }, 20_000);

  it('grows no further than it has to', () => {
    const bench = new Bench('pop3');
    bench.take(Array.from({ length: 200 }, (_one, at) => collected(`u${at}`, letter(`${at}`))));
    for (let round = 0; round < 60; round += 1) {
      bench.store.flag(bench.ids(), round % 2 === 0 ? ['seen'] : [], round % 2 === 0 ? [] : ['seen']);
      bench.reopen();
    }
    const lines = readFileSync(file(bench.profile), 'utf8').split('\n').length;
    expect(lines).toBeLessThan(6000);
    const state = stateOf(bench.store);
    bench.store.close();
    rmSync(index(bench.profile));
    return rebuildIndex(bench.profile).then(() => expect(opened(bench.profile)).toEqual(state));
  });

  it('holds no password and is its owner’s alone', () => {
    expect(readFileSync(file(copies), 'utf8')).not.toMatch(/password/iu);
    const mode = process.platform === 'win32' ? 0o600 : statSync(file(copies)).mode & 0o777;
    expect(mode).toBe(0o600);
  });

  it('of another index is not written over unseen', () => {
    const profile = copy();
    const other = new Bench('pop3');
    other.take([collected('a', letter('one'))]);
    other.store.close();
    copyFileSync(index(other.profile), index(profile));
    const bytes = readFileSync(file(profile));
    openStore(profile, 'writer').close();
    expect(readFileSync(`${file(profile)}.old`).equals(bytes)).toBe(true);
  });
});

describe('the outbox', () => {
  it('a letter found in the outbox is never sent by itself', async () => {
    const profile = copy();
    rmSync(index(profile));
    const lines = readFileSync(join(profile, 'mail/checkpoint.jsonl'), 'utf8').split('\n');
    writeFileSync(
      join(profile, 'mail/checkpoint.jsonl'),
      lines.filter((line) => !line.startsWith('{"k":"outbox"')).join('\n'),
    );
    await rebuildIndex(profile);
    const store = openStore(profile, 'writer');
    expect(store.nextLetter(rich.account.id, Date.now() + 1e12)).toBeUndefined();
    const waits = store.snapshot().outbox.find((one) => one.message === rich.queued);
    expect(waits).toMatchObject({
      state: 'maybe-sent',
      recipients: ['vera@example.org', 'hidden@example.org', 'two@example.org'],
    });
    store.changeOutbox(rich.queued, { state: 'queued' });
    expect(store.nextLetter(rich.account.id, Date.now())).toMatchObject({
      skip: 44,
      envelope: { from: 'oleg@example.org' },
    });
    store.close();
  });
});

describe('stopped in the middle', () => {
  it('everything is as it was', async () => {
    const profile = copy();
    const bytes = readFileSync(index(profile));
    const stop = new AbortController();
    const report = await rebuildIndex(profile, { signal: stop.signal, progress: () => stop.abort() });
    expect(report.interrupted).toBe(true);
    expect(readFileSync(index(profile)).equals(bytes)).toBe(true);
    expect(readdirSync(profile).filter((name) => name.startsWith('rebuild'))).toEqual([]);
  });

  it('by a kill at any time: the old one is untouched or the new one is complete', async () => {
    const script = (profile: string, after: number) => `
      import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      let left = ${after};
      for (const name of ['renameSync', 'rmSync', 'writeFileSync', 'fsyncSync', 'copyFileSync', 'mkdirSync']) {
        const real = fs[name];
        fs[name] = (...given) => { if (left-- === 0) process.kill(process.pid, 'SIGKILL'); return real(...given); };
      }
      syncBuiltinESMExports();
      const { rebuildIndex } = await import(${JSON.stringify(new URL('../../../electron/store/rebuild/rebuild.ts', import.meta.url).href)});
      await rebuildIndex(${JSON.stringify(profile)});
      console.log('done');
    `;
    let done = false;
    for (let after = 0; !done && after < 60; after += 1) {
      const profile = copy();
      zeroPages(index(profile), 3, 6);
      try {
        const said = execFileSync(process.execPath, ['--input-type=module', '-e', script(profile, after)], {
          stdio: 'pipe',
        });
        done = said.toString().includes('done');
      } catch {
        // Killed, as it should be.
      }
      await rebuildIndex(profile);
      expect(opened(profile), `killed at call ${after}`).toEqual(before);
    }
    expect(done).toBe(true);
  }, 60_000);

  it('a profile that is in use is not touched', async () => {
    const profile = copy();
    const { lockProfile } = await import('../../../electron/store/lock.ts');
    const release = lockProfile(profile, 'test');
    await expect(rebuildIndex(profile)).rejects.toThrow(/test \(process/u);
    release();
  });
});

describe('an index that is gone', () => {
  it('is not replaced by an empty one', () => {
    const bench = new Bench();
    bench.take([incoming(1, letter('one')), header(2, letter('two'))]);
    bench.store.close();
    rmSync(index(bench.profile));
    expect(() => openStore(bench.profile, 'writer')).toThrow(/glasspost rebuild/u);
    expect(existsSync(index(bench.profile))).toBe(false);
  });
});
