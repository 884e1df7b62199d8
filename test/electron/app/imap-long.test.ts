// A long message that a person asks for whole: it is watched, stopped, and asked for again.
import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeAll, expect, it } from 'vitest';
import type { MessageKey } from '../../../shared/model/ids.ts';
import { closeAll, headless, letter, settingsFor } from '../../double/headless.ts';
import { mailServer, type MailServer } from '../../server/mail-server.ts';

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let server: MailServer;
beforeAll(async () => {
  server = await mailServer();
});
afterEach(closeAll);

it('is followed byte by byte, stopped without a trace on a connection that goes on, and then comes whole', async () => {
  const user = server.newUser();
  const lines = randomBytes(22_500_000).toString('base64').replaceAll(/.{76}/gu, '$&\r\n');
  await server.deliver(user.email, letter('Long', `${lines}\r\n`));
  const app = await headless();
  const { id } = await app.accounts.add(
    { ...settingsFor(server, user, 'imap'), wholeLimit: 100_000 },
    user.password,
  );
  const row = await app.until('the row', async () => (await app.rows(id, 'inbox'))[0]);
  const key: MessageKey = row.id;
  expect(row.size).toBeGreaterThan(30_000_000);
  await app.until('online', () => app.payloads('status').some((status) => status.state === 'online'));
  await app.handlers['account.sync']({ account: id });
  /** What asked for pieces of it. */
  const asked = () =>
    app
      .payloads('wire')
      .flatMap((batch) => batch.lines)
      .filter((line) => / UID FETCH .*\[\]<\d/u.test(line.text));

  app.heard.length = 0;
  const first = app.handlers['message.fetchWhole']({ id: key });
  const step = await app.until('some of it', () => app.payloads('progress')[0]);
  expect(step).toMatchObject({ task: String(key), total: row.size });
  expect(step.done).toBeLessThan(row.size / 2);
  await app.handlers['message.stopFetching']({ id: key });
  expect(await first).toEqual({ interrupted: true });
  const told = app.payloads('progress').length;
  // After what was under way: the same connection answers.
  expect(await app.handlers['account.quota']({ account: id })).not.toBeNull();
  expect(app.payloads('progress')).toHaveLength(told);
  expect((await app.ports.store.rows([key]))[0]?.stored).toBe(false);
  expect(await app.ports.store.raw(key)).toBeUndefined();

  const before = app.payloads('progress').length;
  expect(await app.handlers['message.fetchWhole']({ id: key })).toEqual({ interrupted: false });
  const steps = app
    .payloads('progress')
    .slice(before)
    .map((one) => one.done);
  expect(steps.length).toBeGreaterThan(1);
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  expect(steps.at(-1)).toBe(row.size);
  const whole = (await app.ports.store.raw(key)) ?? new Uint8Array();
  expect(whole).toHaveLength(row.size);
  expect(Buffer.from(whole).includes(lines.slice(-2000))).toBe(true);
  expect((await app.ports.store.rows([key]))[0]?.stored).toBe(true);
  const onServer = await app.accounts.errand(id, (link) => link.fetchWhole('INBOX', [row.uid ?? 0]));
  expect(hash(onServer[0]?.bytes ?? new Uint8Array())).toBe(hash(whole));
  // Here nobody watched: by large pieces.
  await app.until('its lines', () => asked().some((line) => line.text.includes('<0.16777216>')));
  expect(new Set(asked().map((line) => line.connection)).size).toBe(1);
});
