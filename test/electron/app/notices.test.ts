import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Compaction } from '../../../electron/app/compaction.ts';
import { Notices } from '../../../electron/app/notices.ts';
import type { CompactStep } from '../../../electron/app/ports-store.ts';
import type { Notice } from '../../../shared/model/notice.ts';

it('a file that compaction leaves alone is told once, to the windows there are and to those to come', async () => {
  const told: Notice[] = [];
  const notices = new Notices({ publish: (_name, payload) => void told.push(payload as Notice) }, [
    { kind: 'read-only', folder: '/x' },
  ]);
  let steps = 0;
  const store = {
    compact: async (): Promise<CompactStep> => {
      steps += 1;
      const segment = `mail/a/1/000${1 + (steps % 3)}.mbox`;
      return steps % 4 === 0
        ? { state: 'idle' }
        : { state: 'left-alone', segment, reason: 'a letter is not what its hash says' };
    },
  };
  const compaction = new Compaction({ store }, { first: 1, pause: 1 }, ({ segment = '', reason = '' }) =>
    notices.add({ kind: 'left-alone', file: segment, reason }),
  );
  compaction.start();
  await expect.poll(() => steps).toBeGreaterThan(12);
  await compaction.close();
  await sleep(1);
  expect(told.flatMap((one) => ('file' in one ? [one.file] : [])).sort()).toEqual(
    [1, 2, 3].map((number) => `mail/a/1/000${number}.mbox`),
  );
  expect(notices.all).toEqual([{ kind: 'read-only', folder: '/x' }, ...told]);
});
