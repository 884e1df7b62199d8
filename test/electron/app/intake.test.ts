import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Intake } from '../../../electron/app/intake.ts';
import type { Ports } from '../../../electron/app/ports.ts';
import type { FailureCode } from '../../../shared/model/failure.ts';
import type { MessageKey } from '../../../shared/model/ids.ts';
import { MailError } from '../../../shared/contract/mail-error.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Three letters nobody has read yet; the disk refuses some of them. */
function bench(refuses: (id: number) => FailureCode | undefined) {
  const waiting = new Set([1, 2, 3] as MessageKey[]);
  const snippets = new Map<MessageKey, string>();
  const store = {
    undigested: async () => [...waiting],
    raw: async (id: MessageKey) => {
      const code = refuses(id);
      if (code) throw new MailError(code, 'no');
      return Buffer.from(`letter ${id}`);
    },
    digest: async (found: { id: MessageKey; snippet: string }[]) => {
      for (const { id, snippet } of found) {
        waiting.delete(id);
        snippets.set(id, snippet);
      }
      return {};
    },
    indexHeaders: async () => 0,
  };
  const mime = {
    digest: async (raw: Uint8Array) => ({ snippet: Buffer.from(raw).toString(), attachments: 0 }),
  };
  const intake = new Intake({ store, mime, events: { publish: () => undefined } } as unknown as Ports);
  return { intake, snippets };
}

const ALL = new Map([1, 2, 3].map((id) => [id, `letter ${id}`]));

describe('a letter that can’t be read for its snippet', () => {
  it.each(['too-many-files', 'disk-full', 'disk-error'] as const)(
    'because of %s is read later, by itself; the others at once',
    async (code) => {
      let broken = true;
      const { intake, snippets } = bench((id) => (broken && id === 2 ? code : undefined));
      await intake.digest();
      expect([...snippets.keys()]).toEqual([1, 3]);
      broken = false;
      await vi.advanceTimersByTimeAsync(60_000);
      expect(snippets).toEqual(ALL);
      await intake.close();
    },
  );

  it('because it is damaged is never tried again', async () => {
    const { intake, snippets } = bench((id) => (id === 2 ? 'internal' : undefined));
    await intake.digest();
    expect(snippets).toEqual(new Map([...ALL, [2, '']]));
    await intake.close();
  });

  it('because its place on the disk is bad is not tried for ever', async () => {
    let tries = 0;
    const { intake, snippets } = bench((id) => {
      if (id !== 2) return undefined;
      tries += 1;
      return 'disk-error';
    });
    await intake.digest();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(snippets).toEqual(new Map([...ALL, [2, '']]));
    expect(tries).toBe(4);
    await intake.close();
  });

  it('stops nobody from ending the program', async () => {
    const { intake } = bench(() => 'too-many-files');
    await intake.digest();
    await intake.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
