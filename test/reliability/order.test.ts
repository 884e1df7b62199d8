// Nothing is asked of a server that would cost a letter, had the power been cut the moment before: seen by the kernel.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleVictim } from './bundle.ts';
import { Servant } from './servant.ts';
import { hasStrace, readCalls, straced, type SystemCall } from './system-calls.ts';
import { World, type Person } from './world.ts';

let world: World;
let program: string;
let drop: () => void;
beforeAll(async () => {
  ({ program, drop } = await bundleVictim());
  world = await World.make(4);
});
afterAll(async () => {
  drop();
  await world.end();
});

/** Runs steps under strace. @returns the calls since the profile was open */
async function traced(work: (servant: Servant, person: Person) => Promise<void>): Promise<SystemCall[]> {
  const { profile, person } = world.profile();
  const file = join(world.folder, `trace-${person.pop}`);
  const servant = await Servant.start(program, profile, {}, straced(file));
  await work(servant, person);
  await servant.end();
  return readCalls(file);
}

const isWrite = (call: SystemCall) => /write/u.test(call.name);
const isSync = (call: SystemCall) => /sync/u.test(call.name);
const isLetters = (call: SystemCall) => call.on.endsWith('.mbox');
const isLog = (call: SystemCall) => call.on.endsWith('glasspost.sqlite-wal');
const said = (calls: SystemCall[], pattern: RegExp) =>
  calls.filter((call) => /TCP|socket/u.test(call.on) && pattern.test(call.text));

/** Letters written before a moment that were not synced, committed and synced again in this order before it. */
function notDurable(calls: SystemCall[], moment: number): SystemCall[] {
  const before = calls.filter((call) => call.from < moment);
  return before.filter((written) => {
    if (!isLetters(written) || !isWrite(written)) return false;
    const synced = before.find(
      (call) => isSync(call) && call.on === written.on && call.from > written.from && call.to < moment,
    );
    const committed = synced && before.find((call) => isLog(call) && isWrite(call) && call.from > synced.to);
    const durable =
      committed &&
      before.find((call) => isLog(call) && isSync(call) && call.from > committed.from && call.to < moment);
    return durable === undefined;
  });
}

/** What was said to a server without a commit on disk since the person asked for it. */
function unwritten(calls: SystemCall[], asked: RegExp, told: RegExp): SystemCall[] {
  return said(calls, told).filter((call) => {
    const begun = calls.findLast(
      (one) => one.from < call.from && one.name === 'write' && asked.test(one.text),
    );
    return !calls.some(
      (one) => isLog(one) && isSync(one) && one.from > (begun?.from ?? Infinity) && one.to < call.from,
    );
  });
}

describe.skipIf(!hasStrace)('the order of what is done', () => {
  it('POP3: a letter is on disk, and so is its row, before DELE', async () => {
    const calls = await traced(async (servant, { pop: email }) => {
      for (let round = 0; round < 3; round += 1) {
        for (let count = 0; count < 7; count += 1) world.deliver(email, `letter ${round} ${count}`, 9000);
        expect(await servant.does({ do: 'sync', email })).toMatchObject({ done: 'sync' });
      }
      expect(world.letters(email)).toEqual([]);
    });
    const deletions = said(calls, /"DELE \d+/u);
    // Several go out at once.
    expect(deletions.flatMap((call) => call.text.match(/DELE \d+/gu) ?? [])).toHaveLength(21);
    expect(deletions.filter((call) => notDurable(calls, call.from).length > 0)).toEqual([]);
    expect(calls.filter((call) => isLetters(call) && isWrite(call)).length).toBeGreaterThanOrEqual(3);
  });

  it('IMAP: what the person wants is written down before the server is told', async () => {
    const calls = await traced(async (servant, { imap: email }) => {
      for (const token of ['one', 'two', 'three']) world.deliver(email, token, 4000);
      const { path } = world.archive('order.mbox', ['first', 'second']);
      await servant.does({ do: 'sync', email });
      await servant.does({ do: 'move', email, token: 'one' });
      await servant.does({ do: 'remove', email, token: 'two' });
      await servant.does({ do: 'import', email, path, into: 'archive' });
    });
    expect(said(calls, /UID MOVE/u).length).toBe(1);
    expect(unwritten(calls, /begun.*move/u, /UID MOVE/u)).toEqual([]);
    expect(said(calls, /Deleted/u).length).toBe(1);
    expect(unwritten(calls, /begun.*remove/u, /Deleted/u)).toEqual([]);
    const appended = said(calls, /APPEND/u);
    expect(appended.length).toBe(2);
    expect(appended.filter((call) => notDurable(calls, call.from).length > 0)).toEqual([]);
  });

  it('SMTP: a letter and its state are on disk before the server hears of it', async () => {
    const calls = await traced(async (servant, { imap, friend }) => {
      for (const token of ['one', 'two'])
        expect(await servant.does({ do: 'send', email: imap, to: friend, token })).toMatchObject({
          state: 'sent',
        });
    });
    const begun = said(calls, /MAIL FROM/u);
    expect(begun).toHaveLength(2);
    expect(begun.filter((call) => notDurable(calls, call.from).length > 0)).toEqual([]);
    // It leaves the outbox only behind the answer to the final dot: that is the next commit.
    for (const dot of said(calls, /\.\\r\\n"/u))
      expect(calls.some((call) => isLog(call) && isWrite(call) && call.from > dot.to)).toBe(true);
  });
});
