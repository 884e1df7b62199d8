import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { failureOf } from '../../../shared/contract/mail-error.ts';
import { lockProfile } from '../../../electron/store/lock.ts';
import { openWorkerStore } from '../../../electron/store/worker-store.ts';
import { closeAll, temporaryFolder } from '../../double/headless.ts';
import { scripts } from '../../double/programs.ts';

const script = scripts.store;
const module = path.resolve(import.meta.dirname, '../../../electron/store/lock.ts');
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await closeAll();
});

/** Another process that has the profile until it ends. */
async function holder(profile: string): Promise<ChildProcess> {
  const program = `
    const { lockProfile } = await import(${JSON.stringify(module)});
    lockProfile(${JSON.stringify(profile)}, 'the other one');
    globalThis.gc();
    console.log('held');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

const end = async (child: ChildProcess, signal: NodeJS.Signals) => {
  child.kill(signal);
  await once(child, 'exit');
};

describe('a profile', () => {
  it('has one process at a time, and the second one is told which', async () => {
    const profile = temporaryFolder();
    const other = await holder(profile);
    const failure = failureOf(
      await openWorkerStore(profile, script, 'me').catch((thrown: unknown) => thrown),
    );
    expect(failure.code).toBe('profile-in-use');
    expect(failure.detail).toMatch(
      new RegExp(
        `^the other one \\(process ${other.pid}\\) has it since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC$`,
        'u',
      ),
    );
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)('is free again when its process ended by %s', async (signal) => {
    const profile = temporaryFolder();
    await end(await holder(profile), signal);
    const store = await openWorkerStore(profile, script, 'me');
    expect((await store.snapshot()).accounts).toEqual([]);
    await store.close();
    const again = await openWorkerStore(profile, script, 'me again');
    await again.close();
  });

  it('is not taken from who has it by somebody who asks often', async () => {
    const profile = temporaryFolder();
    const release = lockProfile(profile, 'first');
    for (let round = 0; round < 5; round++) expect(() => lockProfile(profile, 'second')).toThrow(/^first /u);
    await expect(openWorkerStore(profile, script, 'third')).rejects.toThrow(/first/u);
    release();
    lockProfile(profile, 'fourth')();
  });
});
