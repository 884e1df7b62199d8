import fs from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { closeAll, headless, temporaryFolder } from '../../double/headless.ts';

afterEach(closeAll);

/** A program with one account that has no server, and mail from a file in it. */
async function program(letters: string[], profile = temporaryFolder()) {
  const app = await headless(profile);
  const { account } = await app.ports.store.addAccount({
    name: 'Vera',
    email: 'vera@example.org',
    mode: 'pop3',
    leaveOnServer: 'forever',
  });
  const { mailbox } = await app.ports.store.roleMailbox(account.id, 'inbox');
  const folder = fs.mkdtempSync(path.join(temporaryFolder(), 'eml-'));
  for (const [at, text] of letters.entries())
    fs.writeFileSync(path.join(folder, `${at}.eml`), text.replace(/\n/gu, '\r\n'));
  await app.handlers['mailbox.import']({ task: 't', path: folder, mailbox: mailbox.id });
  return app;
}
const LETTERS = [
  'From: a@b.test\nSubject: Счёт\nDate: Sat, 21 Nov 2026 10:00:00 +0000\n\nПлатить до <b>пятницы</b>.\n',
  'From: c@d.test\nSubject: other\nDate: Sat, 21 Nov 2026 09:00:00 +0000\nContent-Type: text/html; charset=utf-8\n\n<p>Пятница &lt;b&gt; и <i>суббота</i></p>\n',
];
const ask = (app: Awaited<ReturnType<typeof program>>, query: string) =>
  app.handlers['message.search']({ query, limit: 10, order: 'newest' });

describe('the search', () => {
  it('finds what was taken in as soon as it was read, and says where', async () => {
    const app = await program(LETTERS);
    await app.until('read', async () => (await ask(app, 'пятниц')).complete);
    const { rows, more, notes } = await ask(app, 'пятниц is:odd');
    expect([rows, more, notes]).toEqual([[], false, [{ operator: 'is', value: 'odd' }]]);
    const found = await ask(app, 'пятниц');
    expect(found.rows.map((row) => row.subject)).toEqual(['Счёт', 'other']);
    const passages = await app.handlers['message.passages']({
      query: 'пятниц',
      ids: found.rows.map((row) => row.id),
    });
    expect(
      passages.map(({ text, marks }) => [text, ...marks.map(([from, to]) => text.slice(from, to))]),
    ).toEqual([
      ['Платить до <b>пятницы</b>.', 'пятницы'],
      ['Пятница <b> и суббота', 'Пятница'],
    ]);
  });

  it('is caught up with at the next start', async () => {
    const profile = temporaryFolder();
    const first = await program(LETTERS, profile);
    // As if it had died before it read anything.
    await first.close();
    const again = await headless(profile);
    await again.until('read', async () => (await ask(again, 'суббота')).rows.length === 1);
    expect((await ask(again, 'платить from:b.test')).rows).toHaveLength(1);
  });
});
