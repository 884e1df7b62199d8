import { randomUUID } from 'node:crypto';
import type { Call } from './command.ts';

/** Asks for something that takes its time: shows how far it is, and stops it when the person wants to stop. */
export function watched<T>(call: Call, ask: (task: string) => Promise<T>): Promise<T> {
  const task = randomUUID();
  call.link.listen('progress', (so) => {
    if (so.task === task)
      call.output.progress(`${so.done} of ${so.total}`, so.total > 0 ? so.done / so.total : 0);
  });
  call.signal.addEventListener('abort', () => {
    void call.link.request('task.stop', { task }).catch(() => undefined);
  });
  return ask(task);
}
