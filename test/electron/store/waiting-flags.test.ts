import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openStore } from '../../../electron/store/sqlite-store.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'glasspost-test-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

it('what a server told of flags while our own change waited is asked for once more', () => {
  const store = openStore(folder, 'writer');
  const { account } = store.addAccount({
    name: 'V',
    email: 'v@example.test',
    mode: 'imap',
    leaveOnServer: 'forever',
  });
  store.putMailboxes(account.id, [
    { path: 'INBOX', name: 'INBOX', depth: 0, role: 'inbox', selectable: true },
  ]);
  const inbox = store.mailboxes(account.id)[0]?.id;
  if (inbox === undefined) throw new Error('no INBOX');
  const bytes = Buffer.from('Subject: x\r\n\r\n');
  const cursor = (highestModseq: string) => ({ uidValidity: 1, highestModseq });
  const nothing = { added: [], flags: [], removed: [] };
  const added = [{ uid: 1, flags: [], received: 0, size: bytes.length, bytes, whole: false }];
  store.apply(inbox, { ...nothing, added, cursor: cursor('5') });
  const ids = [...store.order({ kind: 'mailbox', mailbox: inbox }).ids] as never;
  store.flag(ids, ['flagged'], []);
  store.apply(inbox, {
    ...nothing,
    flags: [{ uid: 1, flags: ['answered', 'flagged'] }],
    cursor: cursor('9'),
  });
  expect(store.mark(inbox).cursor?.highestModseq).toBe('5');
  for (const { id } of store.operations(account.id)) store.finishOperation(id, []);
  store.apply(inbox, {
    ...nothing,
    flags: [{ uid: 1, flags: ['answered', 'flagged'] }],
    cursor: cursor('9'),
  });
  expect(store.mark(inbox).cursor?.highestModseq).toBe('9');
  expect(store.rows(ids)[0]?.flags).toEqual(['flagged', 'answered']);
  store.close();
});
