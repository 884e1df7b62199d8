import { parentPort, workerData } from 'node:worker_threads';
import { answer } from '../thread/answer.ts';
import { openStore } from './sqlite-store.ts';

// A store thread. All its verbs are synchronous, so calls run one by one in their order: the one queue of all writes.
if (!parentPort) throw new Error('the store runs in a worker thread');
const { profile, role } = workerData as { profile: string; role: 'writer' | 'reader' };
answer(parentPort, openStore(profile, role));
