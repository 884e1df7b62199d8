import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { migration as first } from '../../../electron/store/migrations/0001-first.ts';
import { migration as second } from '../../../electron/store/migrations/0002-checkpoint.ts';
import { migration as third } from '../../../electron/store/migrations/0003-search.ts';
import { migration as fourth } from '../../../electron/store/migrations/0004-compaction.ts';
import { migration as fifth } from '../../../electron/store/migrations/0005-imap.ts';
import { migration as sixth } from '../../../electron/store/migrations/0006-few.ts';
import { openStore } from '../../../electron/store/sqlite-store.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import { temporary } from './profile.ts';

it('an index of before: true and false are forever and never, and what was not to go does not go', () => {
  const profile = temporary();
  const db = new Sqlite(join(profile, 'glasspost.sqlite'));
  for (const { sql } of [first, second, third, fourth, fifth, sixth]) db.exec(sql);
  db.pragma('user_version = 6');
  for (const [id, leaveOnServer] of [
    ['kept', true],
    ['cleared', false],
  ] as const) {
    const settings = JSON.stringify({ name: '', email: `${id}@example.org`, mode: 'pop3', leaveOnServer });
    db.prepare('INSERT INTO account (id, position, settings) VALUES (?, 0, ?)').run(id, settings);
    db.prepare('INSERT INTO uidl (account, uidl, due) VALUES (?, ?, 0)').run(id, 'a');
  }
  db.prepare(`INSERT INTO uidl (account, uidl, due) VALUES ('cleared', 'b', 1)`).run();
  db.close();
  const began = Date.now();
  const store = openStore(profile, 'writer');
  try {
    expect(store.snapshot().accounts.map((one) => [one.email, one.leaveOnServer])).toEqual([
      ['cleared@example.org', 'never'],
      ['kept@example.org', 'forever'],
    ]);
    const so = (id: string) =>
      store.collectedUidls(id as AccountId).map(({ uidl, due, stays }) => ({ uidl, due, stays }));
    expect(so('kept')).toEqual([{ uidl: 'a', due: false, stays: false }]);
    expect(so('cleared')).toEqual([
      { uidl: 'a', due: false, stays: true },
      { uidl: 'b', due: true, stays: false },
    ]);
    const [one] = store.collectedUidls('kept' as AccountId);
    expect(one?.collected).toBeGreaterThan(began - 2000);
    // There is no letter of it any more: it was deleted here.
    expect(one?.deleted).toBe(one?.collected);
  } finally {
    store.close();
  }
});
