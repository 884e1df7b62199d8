import { setTimeout as sleep } from 'node:timers/promises';
import type { Ports } from './ports.ts';
import type { DamagedMessage, SegmentProblem } from './ports-store.ts';

/** ms in which a batch that is being written is committed. */
const SETTLE = 2000;

export interface Verified {
  checked: number;
  /** Bytes of messages read. */
  bytes: number;
  damaged: DamagedMessage[];
  segments: SegmentProblem[];
  /** True when it was stopped: then only a part was checked. */
  interrupted: boolean;
}

export interface VerifyOptions {
  progress?: (so: { checked: number; total: number; bytes: number; damaged: number }) => void;
  signal?: AbortSignal;
}

/** Reads every stored message and compares it with its hash; changes nothing, and nobody has to wait for it. */
export async function verifyMail(
  { store }: Pick<Ports, 'store'>,
  { progress, signal }: VerifyOptions = {},
): Promise<Verified> {
  const result: Verified = { checked: 0, bytes: 0, damaged: [], segments: [], interrupted: false };
  let total = 0;
  for (let next: number | undefined = 0; next !== undefined;) {
    if (signal?.aborted) return { ...result, interrupted: true };
    const step = await store.verifyMessages(next);
    total = step.total ?? total;
    result.checked += step.checked;
    result.bytes += step.bytes;
    result.damaged.push(...step.damaged);
    progress?.({ checked: result.checked, total, bytes: result.bytes, damaged: result.damaged.length });
    next = step.next;
  }
  result.segments = await settled(store);
  return result;
}

/** Mail that arrives at this moment makes a tail that is none a moment later. */
async function settled(store: Ports['store']): Promise<SegmentProblem[]> {
  const first = await store.verifySegments();
  const passing = (one: SegmentProblem) => one.problem === 'unknown-tail' || one.problem === 'unknown-file';
  if (!first.some(passing)) return first;
  await sleep(SETTLE);
  const second = await store.verifySegments();
  const name = (one: SegmentProblem) => `${one.problem} ${one.segment} ${one.expected} ${one.found}`;
  const before = new Set(first.map(name));
  return second.filter((one) => !passing(one) || before.has(name(one)));
}
