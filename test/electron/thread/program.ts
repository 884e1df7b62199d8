import { parentPort, workerData } from 'node:worker_threads';
import { answer } from '../../../electron/thread/answer.ts';

// A thread for the tests of threads.
if (!parentPort) throw new Error('this runs in a thread');
if (workerData === 'broken') throw new Error('broken at start');
const heard: number[] = [];
answer(parentPort, {
  add: (a: number, b: number) => a + b,
  note: (value: number) => heard.push(value),
  heard: () => heard,
  later: async (value: unknown) => value,
  bytes: (given: Uint8Array) => given.map((one) => one ^ 0xff),
  fail: () => {
    throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
  },
  failLater: async () => {
    throw new Error('later');
  },
  throwWord: () => {
    // eslint-disable-next-line no-throw-literal -- a library may
    throw 'a word';
  },
  unclonable: () => () => 1,
  unclonableLater: async () => () => 1,
  hang: () => {
    for (;;);
  },
  die: () => process.exit(3),
});
