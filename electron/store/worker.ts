import { parentPort, workerData } from 'node:worker_threads';
import { answer } from '../thread/answer.ts';
import type { StoreThread } from './worker-store.ts';
import { lockProfile } from './lock.ts';
import { openStore } from './sqlite-store.ts';

// A store thread. All its verbs are synchronous, so calls run one by one in their order: the one queue of all writes.
if (!parentPort) throw new Error('the store runs in a worker thread');
const { profile, role, title, index } = workerData as StoreThread;
const release = role === 'writer' && index === undefined ? lockProfile(profile, title) : () => undefined;
const store = openStore(profile, role, index);
answer(parentPort, {
  ...store,
  // Nothing native is left open in a thread that is about to be ended.
  close: () => {
    store.close();
    release();
  },
});
