import type { Connection } from './connection.ts';
import type { Answer, Shape } from './protocol.ts';

/** Bytes asked for and not yet received; the server works while we write to disk. */
const WINDOW = 4 * 1024 * 1024;
/** Commands that are not answered yet, however short their answers. */
const MOST = 256;

/** How a thing is asked for. */
interface Question {
  line: string;
  shape: Shape;
  /** Bytes that are expected. */
  size: number;
}

/**
 * Asks for many things, ahead of the answers where the server takes that (RFC 2449 section 6.8), and gives the answers in
 * their order. Once the signal is given it asks for no more; while answers are owed it closes the connection then.
 */
export async function* pipeline<T>(
  connection: Connection,
  items: readonly T[],
  question: (item: T) => Question,
  pipelining: boolean,
  signal?: AbortSignal,
): AsyncGenerator<{ item: T; answer: Answer }> {
  const flying: { item: T; size: number; answer: Promise<Answer> }[] = [];
  let expected = 0;
  let next = 0;
  const mayAsk = () =>
    next < items.length &&
    signal?.aborted !== true &&
    (flying.length === 0 || (pipelining && expected < WINDOW && flying.length < MOST));
  const ask = (item: T) => {
    const { line, shape, size } = question(item);
    const answer = connection.command(line, shape, size);
    // The rejection is met when its turn comes; until then it must not count as unhandled.
    answer.catch(() => undefined);
    expected += size;
    flying.push({ item, size, answer });
  };
  for (;;) {
    connection.together(() => {
      while (mayAsk()) ask(items[next++] as T);
    });
    const first = flying.shift();
    if (!first) return;
    const answer = await unless(signal, first.answer);
    if (!answer) {
      connection.close();
      return;
    }
    expected -= first.size;
    yield { item: first.item, answer };
  }
}

/** @returns undefined when the signal was given first */
async function unless<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T | undefined> {
  if (!signal) return work;
  if (signal.aborted) return undefined;
  let stop: () => void = () => undefined;
  const stopped = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
