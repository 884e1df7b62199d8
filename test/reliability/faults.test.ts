// The disk fails at each write and at each open of a sync; the server keeps what is not durable here.
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bundleVictim } from './bundle.ts';
import { FaultyDisk, KINDS } from './faulty-disk.ts';
import { inspect } from './inspect.ts';
import { settingsOn } from './program.ts';
import { Servant } from './servant.ts';
import { World, type Person, type Sent } from './world.ts';

const library = FaultyDisk.build();
if (library === undefined) console.warn('No C compiler: faults of the disk are not tried.');

let world: World;
let program: string;
let drop: () => void;
const servants: Servant[] = [];
beforeAll(async () => {
  ({ program, drop } = await bundleVictim());
  world = await World.make(600);
});
afterEach(async () => {
  await Promise.all(servants.splice(0).map((one) => one.kill()));
});
afterAll(async () => {
  if (library !== undefined) rmSync(library);
  drop();
  await world.end();
});

/** @param file the only one that fails; all of them, if left out */
async function open(name: string, env: Record<string, string> = {}, file = '') {
  const { profile, person } = world.profile();
  const control = join(world.folder, `control-${name}`);
  mkdirSync(dirname(control), { recursive: true });
  const disk = new FaultyDisk(library ?? '', profile + file, control);
  const servant = await Servant.start(program, profile, { ...disk.env, ...env });
  servants.push(servant);
  return { profile, person, disk, servant };
}

/** Of somebody nobody has heard of yet. */
function stranger(): Person {
  const { profile, person } = world.profile();
  rmSync(profile, { recursive: true });
  return person;
}

const FAULTS = [
  ['ENOSPC', KINDS.writes, 'disk-full'],
  ['EIO', KINDS.writes, 'disk-error'],
  ['EROFS', KINDS.writes, 'disk-error'],
  ['EIO', KINDS.syncs, 'disk-error'],
  ['EMFILE', KINDS.opens, 'too-many-files'],
] as const;

describe.skipIf(library === undefined)('a disk that fails', () => {
  it.each(FAULTS)(
    'with %s at every call (%i)',
    async (error, kinds, code) => {
      const { profile, person, disk, servant } = await open(`${error}-${kinds}`);
      const { pop: email } = person;
      const all: Sent[] = [];
      const codes = new Set<unknown>();
      let faults = 0;
      for (let nth = 1; ; nth += 1) {
        for (const token of ['a', 'b']) all.push(world.deliver(email, `${token}${nth}`, 3000));
        disk.break(error, nth, kinds);
        const said = await servant.does({ do: 'sync', email });
        const { held = [] } = (await servant.does({ do: 'holds', email })) as { held?: string[] };
        const { failed } = disk.heal();
        faults += failed;
        // What the program could not say while the disk failed it says now.
        const here = new Set([
          ...held,
          ...((await servant.does({ do: 'holds', email }))['held'] as string[]),
        ]);
        const there = new Set(world.letters(email).map((one) => one.sha));
        expect(all.filter(({ sha }) => !here.has(sha) && !there.has(sha))).toEqual([]);
        if (said.failed) codes.add(said['code']);
        expect(await servant.does({ do: 'sync', email })).toMatchObject({ done: 'sync' });
        expect(world.letters(email)).toEqual([]);
        if (failed === 0 || nth > 80) break;
      }
      expect(faults).toBeGreaterThan(2);
      expect([...codes]).toEqual([code]);
      await servant.kill();
      const { held, problems } = inspect(profile);
      expect(problems).toEqual([]);
      expect(new Set(held.map((one) => one.sha))).toEqual(new Set(all.map((one) => one.sha)));
      expect(held).toHaveLength(all.length);
    },
    120_000,
  );

  it.each(FAULTS)(
    'with %s at every call (%i) of the first sync of an IMAP account',
    async (error, kinds, code) => {
      const { profile, disk, servant } = await open(`first-${error}-${kinds}`);
      const all: Sent[] = [];
      const codes = new Set<unknown>();
      let faults = 0;
      for (let nth = 1; ; nth += 1) {
        const { imap: email } = stranger();
        const sent = ['a', 'b'].map((token) => world.deliver(email, `${token}${nth}`, 3000));
        all.push(...sent);
        await servant.does({ do: 'join', settings: settingsOn(world.server, email, 'imap') });
        disk.break(error, nth, kinds);
        const said = await servant.does({ do: 'sync', email });
        const { failed } = disk.heal();
        faults += failed;
        if (said.failed) codes.add(said['code']);
        // A server's mail is nobody's to take away; what is said to be here is.
        expect(world.letters(email)).toHaveLength(sent.length);
        expect(await servant.does({ do: 'sync', email })).toMatchObject({ done: 'sync' });
        const { held } = (await servant.does({ do: 'holds', email })) as { held?: string[] };
        expect(held?.toSorted()).toEqual(sent.map(({ sha }) => sha).sort());
        if (failed === 0 || nth > 120) break;
      }
      expect(faults).toBeGreaterThan(2);
      expect([...codes]).toEqual([code]);
      await servant.kill();
      const { held, problems } = inspect(profile);
      expect(problems).toEqual([]);
      expect(held.map((one) => String(one.sha)).sort()).toEqual(all.map((one) => one.sha).sort());
    },
    240_000,
  );

  it.each(['pop', 'imap'] as const)(
    'is one clear notice, however often it is tried again; then the account is online by itself (%s)',
    async (mode) => {
      const { profile, person, disk, servant } = await open(`notice-${mode}`);
      const email = person[mode];
      await servant.does({ do: 'live' });
      const statuses = () => servant.said.filter((one) => one['status'] !== undefined);
      await servant.until(() => statuses().filter((one) => one['status'] === 'online').length >= 2);
      disk.break('ENOSPC', 1);
      const began = servant.said.length;
      const all = [1, 2, 3].map((count) => world.deliver(email, `letter ${count}`, 3000));
      const db = new Sqlite(join(profile, 'glasspost.sqlite'), { readonly: true });
      const account = db
        .prepare<[string], string>(`SELECT id FROM account WHERE settings ->> 'email' = ?`)
        .pluck()
        .get(email);
      db.close();
      const failures = () =>
        servant.said.slice(began).filter((one) => one['account'] === account && one['status'] === 'failed');
      // A person presses the button, too.
      await servant.does({ do: 'sync', email });
      await servant.until(() => failures().length > 0);
      const since = servant.said.length;
      await sleep(4000);
      all.push(world.deliver(email, 'letter 4', 3000));
      expect(await servant.does({ do: 'sync', email })).toMatchObject({ failed: 'sync', code: 'disk-full' });
      expect(disk.heal().failed).toBeGreaterThan(6);
      const later = servant.said.slice(since).filter((one) => one['account'] === account);
      expect(later).toEqual([]);
      expect(failures()).toEqual([{ status: 'failed', account, code: 'disk-full' }]);
      await servant.until(
        () => statuses().findLast((one) => one['account'] === account)?.['status'] === 'online',
      );
      const end = performance.now() + 25_000;
      for (let held: unknown[] = []; held.length < all.length;) {
        expect(performance.now()).toBeLessThan(end);
        await sleep(200);
        held = ((await servant.does({ do: 'holds', email }))['held'] ?? []) as unknown[];
      }
      expect(failures()).toHaveLength(1);
      await servant.end();
      const { held, problems } = inspect(profile);
      expect(problems).toEqual([]);
      expect(held.map((one) => String(one.sha)).sort()).toEqual(all.map((one) => one.sha).sort());
    },
    90_000,
  );

  it('and says so only after it wrote: what was rolled back here may come back with a crash', async () => {
    const { profile, person, disk, servant } = await open(
      'commit',
      { GLASSPOST_CRASH_AT: 'segment.synced:3' },
      '/glasspost.sqlite-wal',
    );
    const { pop: email } = person;
    const all = [world.deliver(email, 'zero')];
    await servant.does({ do: 'sync', email });
    all.push(world.deliver(email, 'one', 3000), world.deliver(email, 'two', 3000));
    // The letters are on disk; the log is written, but its sync fails: SQLite takes the transaction back in memory alone.
    disk.break('EIO', 1, KINDS.syncs);
    expect(await servant.does({ do: 'sync', email })).toMatchObject({ code: 'disk-error' });
    expect(disk.heal().failed).toBeGreaterThan(0);
    // Newest first: this one is written where the others lie.
    all.push(world.deliver(email, 'three', 5000));
    await expect(servant.does({ do: 'sync', email })).rejects.toThrow('it ended');
    expect(inspect(profile).problems).toEqual([]);
    const again = await Servant.start(program, profile);
    servants.push(again);
    expect(await again.does({ do: 'sync', email })).toMatchObject({ done: 'sync' });
    await again.kill();
    const { held, problems } = inspect(profile);
    expect(problems).toEqual([]);
    expect(new Set(held.map((one) => one.sha))).toEqual(new Set(all.map((one) => one.sha)));
    expect(held).toHaveLength(all.length);
  });

  it('and the next edition of a file stays while a commit that failed may still make it count', async () => {
    const { profile, person, disk, servant } = await open(
      'switch',
      { GLASSPOST_CRASH_AT: 'compact.dropped' },
      '/glasspost.sqlite-wal',
    );
    const { pop: email } = person;
    const all = ['one', 'two', 'three'].map((token) => world.deliver(email, token, 3000));
    await servant.does({ do: 'sync', email });
    await servant.does({ do: 'remove', email, token: 'two' });
    // What is put down before the first byte is synced; the commit that switches is written, but its sync fails.
    disk.break('EIO', 2, KINDS.syncs);
    await servant.does({ do: 'compact', step: 100_000 }).catch(() => undefined);
    expect(disk.heal().failed).toBeGreaterThan(0);
    await servant.kill();
    const { held, problems } = inspect(profile);
    expect(problems).toEqual([]);
    const left = all.filter(({ token }) => token !== 'two').map(({ sha }) => sha);
    expect(new Set(held.map((one) => one.sha))).toEqual(new Set(left));
  });
});
