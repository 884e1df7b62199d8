// At each place between two durable steps the process dies; then it is started again and does the same once more.
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migration } from '../../electron/store/migrations/0001-first.ts';
import { bundleVictim } from './bundle.ts';
import { casesOf, type Before } from './cases.ts';
import { inspect } from './inspect.ts';
import { broken, lost, misexported, missent, twice, uncompacted, type Trial } from './judge.ts';
import { victim } from './kill.ts';
import { segmentFiles } from '../../electron/store/segment-files.ts';
import { Doer, type Step } from './steps.ts';
import { World, type Person } from './world.ts';

const ELECTRON = resolve(import.meta.dirname, '../../electron');
const POINTS = execFileSync('grep', ['-rhoE', "crashPoint\\('[^']+'\\)", ELECTRON], { encoding: 'utf8' })
  .trim()
  .split('\n')
  .map((found) => /'(.+)'/u.exec(found)?.[1] ?? '')
  .sort();
/** What another program writes behind the last letter. */
const FOREIGN = 'From somebody else\n\nNot ours.\n';
const CASES = POINTS.flatMap(casesOf).map((one) => ({ ...one, name: `${one.at} (${one.flow.name})` }));

let world: World;
let program: string;
let drop: () => void;
beforeAll(async () => {
  ({ program, drop } = await bundleVictim());
  world = await World.make(CASES.length + 1);
});
afterAll(async () => {
  drop();
  await world.end();
});

it('there is a way to every crash point, and each has one name', () => {
  expect(POINTS.filter((point) => casesOf(point).length === 0)).toEqual([]);
  expect(POINTS).toEqual([...new Set(POINTS)]);
  expect(POINTS.length).toBeGreaterThan(30);
});

describe.concurrent('killed at', { timeout: 90_000 }, () => {
  it.each(CASES)('$name', async ({ at, flow, before }) => {
    const { profile, person } = world.profile();
    const folder = join(world.folder, `files-${person.pop}`);
    mkdirSync(folder);
    const collected = ['one', 'two', 'three'].map((token) => world.deliver(person.pop, token, 2000));
    const mirrored = ['one', 'two', 'three'].map((token) => world.deliver(person.imap, token, 2000));
    const archive = world.archive(`archive-${person.pop}`, ['first', 'second']);
    const steps = flow(person, folder, archive.path);
    const trial: Trial = {
      world,
      at,
      profile,
      person,
      steps,
      collected,
      mirrored,
      archived: archive.letters,
    };
    await prepare(before, trial);

    const death = await victim(
      program,
      { profile, steps, rebuild: before === 'log' },
      { GLASSPOST_CRASH_AT: at },
    );
    expect(death.by, `it passes ${at}: ${JSON.stringify(death.said)} ${death.stderr}`).toBe('SIGKILL');
    const left = inspect(profile);
    expect([...left.problems, ...lost(trial, left), ...broken(trial, left, death.said)]).toEqual([]);

    // What was begun to be sent is the person's to decide about: it is not given twice.
    const rest = [...steps.filter((step) => step.do !== 'send'), ...syncs(person)];
    const said = [...death.said];
    const second = await Doer.open(profile, dirname(program), (one) => said.push(one));
    for (const step of rest) await second.run(step);
    await second.core.close();
    const failed = said.filter((one) => one.failed !== undefined && one.failed !== 'export');
    expect(failed).toEqual([]);
    const whole = inspect(profile);
    expect([...whole.problems, ...lost(trial, whole), ...broken(trial, whole, said)]).toEqual([]);
    expect([...twice(trial, whole), ...missent(trial, whole), ...(await misexported(trial))]).toEqual([]);
    expect(uncompacted(trial)).toEqual([]);
  });
});

function syncs({ pop, imap }: Person): Step[] {
  return [pop, imap, pop, imap].map((email) => ({ do: 'sync', email }));
}

async function prepare(before: Before | undefined, trial: Trial): Promise<void> {
  const { profile, person } = trial;
  const steps: Step[] = [{ do: 'sync', email: person.pop }];
  const until = (point: string) =>
    victim(program, { profile, steps: trial.steps }, { GLASSPOST_CRASH_AT: point });
  if (before === 'begun') await until('compact.copied:1');
  if (before === 'foreign') await until('compact.begun');
  if (before === 'foreign-late') await until('compact.switched');
  if (before?.startsWith('foreign'))
    appendFileSync(join(profile, segmentFiles(profile).at(-1) ?? ''), FOREIGN);
  if (before === 'tail') await victim(program, { profile, steps }, { GLASSPOST_CRASH_AT: 'segment.written' });
  if (before === 'log') await victim(program, { profile, steps }, { GLASSPOST_CRASH_AT: 'pop3.stored' });
  if (before !== 'old') return;
  const file = join(profile, 'glasspost.sqlite');
  const present = new Sqlite(file);
  const accounts = present.prepare('SELECT * FROM account').all() as Record<string, unknown>[];
  present.close();
  for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
  const old = new Sqlite(file);
  old.exec(migration.sql);
  old.pragma('user_version = 1');
  for (const { id, position, settings } of accounts)
    old.prepare('INSERT INTO account VALUES (?, ?, ?)').run(id, position, settings);
  old.close();
}
