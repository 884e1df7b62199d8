import type { MessagePort } from 'node:worker_threads';

export interface Call {
  id: number;
  verb: string;
  given: unknown[];
}
export type Returned =
  { id: number; ok: true; value: unknown } | { id: number; ok: false; message: string; code: string };

/** The thread's side: answers calls by name, each with a value or an error. What runs synchronously keeps its order. */
export function answer(port: MessagePort, verbs: object): void {
  const table = verbs as Record<string, (...given: unknown[]) => unknown>;
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
      const value = table[verb]?.(...given);
      if (!(value instanceof Promise)) {
        port.postMessage({ id, ok: true, value } satisfies Returned);
        return;
      }
      value.then(
        (settled: unknown) => port.postMessage({ id, ok: true, value: settled } satisfies Returned),
        (thrown: unknown) => failed(id, thrown),
      );
    } catch (thrown) {
      failed(id, thrown);
    }
  });
  port.postMessage('ready');
}
