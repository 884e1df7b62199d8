import { MailError } from '../../shared/contract/mail-error.ts';
import type { Mime } from '../app/ports.ts';
import { ThreadCaller } from '../thread/caller.ts';

/** ms that one message may keep a thread busy. */
const PATIENCE = 10_000;
/** Memory of one thread; a bomb ends its thread, not the program. */
const HEAP_MB = 512;

/**
 * MIME in killable threads: one for what the person waits for, one for the work behind.
 * @param script the thread's program (`worker.ts`, or what it was bundled into)
 */
export function openWorkerMime(script: URL): Mime {
  const front = new Lane(script);
  const behind = new Lane(script);
  const lane = (verb: string) => (verb === 'digest' ? behind : front);
  return new Proxy({} as Mime, {
    get(_target, verb: string) {
      if (verb === 'then') return undefined;
      if (verb === 'close') return () => Promise.all([front.close(), behind.close()]);
      return (...given: unknown[]) => lane(verb).call(verb, given);
    },
  });
}

/** One thread, started when it is first needed and again after it had to be killed. Its calls run one by one. */
class Lane {
  readonly #script: URL;
  #thread: Promise<ThreadCaller> | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(script: URL) {
    this.#script = script;
  }

  call(verb: string, given: unknown[]): Promise<unknown> {
    const result = this.#queue.then(() => this.#run(verb, given));
    this.#queue = result.catch(() => undefined);
    return result;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const thread = await this.#thread?.catch(() => undefined);
    await thread?.kill();
  }

  async #run(verb: string, given: unknown[]): Promise<unknown> {
    if (this.#closed) throw new MailError('internal', 'the program is closing');
    this.#thread ??= ThreadCaller.start(this.#script, {
      name: 'mime',
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    const thread = await this.#thread;
    let timer: NodeJS.Timeout | undefined;
    let late = false;
    try {
      return await Promise.race([
        thread.call(verb, given, verb === 'digest' && given[1] === true ? given : []),
        new Promise((_resolve, reject) => {
          timer = setTimeout(() => {
            late = true;
            reject(new Error('it took too long to read'));
          }, PATIENCE);
        }),
      ]);
    } catch (thrown) {
      if (late || thread.dead) {
        this.#thread = undefined;
        await thread.kill();
      }
      throw new MailError('internal', thrown instanceof Error ? thrown.message : String(thrown));
    } finally {
      clearTimeout(timer);
    }
  }
}
