import type { MessagePort } from 'node:worker_threads';
import { memoryOf } from './moved.ts';

export interface Call {
  id: number;
  verb: string;
  given: unknown[];
}
export type Returned =
  { id: number; ok: true; value: unknown } | { id: number; ok: false; message: string; code: string };

/**
 * The thread's side: answers calls by name, each with a value or an error. What runs synchronously keeps its order. Large
 * arrays that are an answer, or stand in one, go over: a verb does not keep what it gave back.
 */
export function answer(port: MessagePort, verbs: object): void {
  const table = new Map(Object.entries(verbs as Record<string, (...given: unknown[]) => unknown>));
  const failed = (id: number, thrown: unknown) => {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    port.postMessage({
      id,
      ok: false,
      message: error.message,
      code: 'code' in error ? String(error.code) : '',
    });
  };
  port.on('message', ({ id, verb, given }: Call) => {
    try {
      const work = table.get(verb);
      if (!work) throw new Error(`no such verb: ${verb}`);
      const value = work(...given);
      const returned = (settled: unknown) =>
        port.postMessage({ id, ok: true, value: settled } satisfies Returned, memoryOf(arraysIn(settled)));
      // What can't cross to the other thread fails its own call as well.
      if (value instanceof Promise) value.then(returned).catch((thrown: unknown) => failed(id, thrown));
      else returned(value);
    } catch (thrown) {
      failed(id, thrown);
    }
  });
  port.postMessage('ready');
}

function arraysIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return ArrayBuffer.isView(value) ? [value] : Object.values(value);
}
