import { afterEach, describe, expect, it } from 'vitest';
import { ThreadCaller, ThreadError } from '../../../electron/thread/caller.ts';

const script = new URL('./program.ts', import.meta.url);
const started: ThreadCaller[] = [];
const start = async () => {
  const caller = await ThreadCaller.start(script, {});
  started.push(caller);
  return caller;
};
afterEach(async () => {
  for (const caller of started.splice(0)) await caller.kill();
});

describe('ThreadCaller', () => {
  it('calls by name and gets values back, bytes too', async () => {
    const thread = await start();
    expect(await thread.call('add', [2, 3])).toBe(5);
    expect(await thread.call('later', [{ a: [1] }])).toEqual({ a: [1] });
    expect(await thread.call('bytes', [Uint8Array.of(0, 255)])).toEqual(Uint8Array.of(255, 0));
  });

  it('hands large arrays over where it may, and their answers back; others are copied', async () => {
    const thread = await start();
    const pieces = [1024 * 1024, 1024].map((length) => new Uint8Array(length).fill(1));
    const [large, small] = pieces as [Uint8Array, Uint8Array];
    const shared = new Uint8Array(large.slice().buffer, 1);
    const kept = large.slice();
    expect(await thread.call('bytes', [kept])).toHaveLength(1024 * 1024);
    expect(await thread.call('bytes', [large], [large])).toHaveLength(1024 * 1024);
    expect(await thread.call('bytes', [small], [small])).toHaveLength(1024);
    expect(await thread.call('later', [{ some: shared }], [shared])).toEqual({ some: shared });
    expect([kept, large, small, shared].map((one) => one.length)).toEqual([
      1024 * 1024,
      0,
      1024,
      1024 * 1024 - 1,
    ]);
  });

  it('keeps the order of what runs at once', async () => {
    const thread = await start();
    await Promise.all(Array.from({ length: 200 }, (_one, at) => thread.call('note', [at])));
    expect(await thread.call('heard', [])).toEqual(Array.from({ length: 200 }, (_one, at) => at));
  });

  it('brings errors over with their code, and goes on', async () => {
    const thread = await start();
    const failed = thread.call('fail', []);
    await expect(failed).rejects.toBeInstanceOf(ThreadError);
    await expect(failed).rejects.toMatchObject({ message: 'no space', code: 'ENOSPC' });
    await expect(thread.call('failLater', [])).rejects.toThrow('later');
    await expect(thread.call('throwWord', [])).rejects.toThrow('a word');
    expect(await thread.call('add', [1, 1])).toBe(2);
  });

  it.each(['unclonable', 'unclonableLater'])(
    'a value that can’t cross fails its own call: %s',
    async (verb) => {
      const thread = await start();
      await expect(thread.call(verb, [])).rejects.toThrow(/could not be cloned/u);
      expect(await thread.call('add', [1, 1])).toBe(2);
    },
  );

  it('knows only the verbs it was given', async () => {
    const thread = await start();
    for (const verb of ['nothing', 'toString', 'constructor', '__proto__']) {
      await expect(thread.call(verb, [])).rejects.toThrow(/no such verb/u);
    }
  });

  it('fails all calls when the thread dies, now and later', async () => {
    const thread = await start();
    const calls = [thread.call('die', []), thread.call('add', [1, 1])];
    for (const call of calls) await expect(call).rejects.toThrow(/stopped/u);
    expect(thread.dead).toBe(true);
    await expect(thread.call('add', [1, 1])).rejects.toThrow(/stopped/u);
  });

  it('can be killed while it hangs', async () => {
    const thread = await start();
    const hanging = thread.call('hang', []).catch((thrown: unknown) => thrown);
    await thread.kill();
    expect(await hanging).toBeInstanceOf(ThreadError);
  });

  it('says why it did not start', async () => {
    await expect(ThreadCaller.start(script, { workerData: 'broken' })).rejects.toThrow('broken at start');
    await expect(ThreadCaller.start(new URL('./missing.ts', import.meta.url), {})).rejects.toThrow(
      /missing/u,
    );
  });
});
