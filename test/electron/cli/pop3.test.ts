import { afterAll, beforeAll, expect, it } from 'vitest';
import { letter, temporaryFolder } from '../../double/headless.ts';
import { practiceServer, type EngineServer } from '../../server/practice-server.ts';
import { glasspost } from './glasspost.ts';

let server: EngineServer;
let profile: string;

beforeAll(async () => {
  server = await practiceServer();
  profile = temporaryFolder();
});
afterAll(() => server.stop());

// One story: each step stands on the one before.
it('what a POP3 server holds, what goes and why, and how much of it comes', async () => {
  const user = server.newUser();
  for (const name of ['one', 'two', 'three'])
    await server.deliver(user.email, letter(name, `About ${name}.\r\n`));
  const run = (...words: string[]) =>
    glasspost(['--profile', profile, ...words], { env: { MAIL_PASSWORD: user.password } });
  const listed = async (...words: string[]) =>
    (await run('--json', 'account', ...words)).objects as {
      uidl: string;
      held: string;
      subject: string;
      preview?: string;
      removal: { reason: string; due: string } | null;
    }[];

  const url = `pop3://127.0.0.1:${server.ports.pop3}`;
  const added = await run(
    ...`account add --email ${user.email} --mode pop3 --pop3 ${url} --password-env MAIL_PASSWORD --leave-on-server 1d12h`.split(
      ' ',
    ),
  );
  expect([added.code, added.stderr]).toEqual([0, '']);

  const before = await listed('server', user.email, '--preview', '3');
  expect(before.map((one) => [one.held, one.subject, one.preview, one.removal])).toEqual([
    ['nothing', 'one', 'About one.', null],
    ['nothing', 'two', 'About two.', null],
    ['nothing', 'three', 'About three.', null],
  ]);
  const [one = '', two = '', three = ''] = before.map((it) => it.uidl);

  const refused = await run('account', 'server', user.email, '--delete', two);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('gone for good');
  expect(await listed('server', user.email)).toHaveLength(3);

  const got = await run('account', 'server', user.email, '--get', one, '--delete', one, '--get', three);
  expect([got.code, got.stdout]).toEqual([0, '2 collected, 1 deleted on the server.\n']);
  expect((await listed('server', user.email)).map((it) => it.held)).toEqual(['nothing', 'whole']);

  const going = await listed('removals', user.email);
  expect(going.map((it) => [it.subject, it.removal?.reason])).toEqual([['three', 'age']]);
  const hours = (Date.parse(going[0]?.removal?.due ?? '') - Date.now()) / 3_600_000;
  expect(hours).toBeGreaterThan(35);
  expect(hours).toBeLessThanOrEqual(36);

  await run(
    'account',
    'set',
    user.email,
    '--leave-on-server',
    'never',
    '--keep-offline',
    'headers',
    '--collect',
    'hand',
  );
  const [set] = (await run('--json', 'account', 'list')).objects;
  expect(set).toMatchObject({ leaveOnServer: 'never', keepOffline: 'headers', collect: 'hand' });
  await run('sync');
  // The whole one is gone, as it was said; the other is a header, and stays.
  expect((await listed('server', user.email)).map((it) => [it.uidl, it.held, it.removal])).toEqual([
    [two, 'header', null],
  ]);
  expect((await run('account', 'removals', user.email)).stderr).toBe(
    'Nothing is deleted on the server (never).\n',
  );
}, 60_000);

it.each([
  ['--leave-on-server', 'sometimes'],
  ['--collect', '0'],
  ['--whole-limit', 'much'],
])(
  '%s %s is no such thing',
  async (option, value) => {
    const user = server.newUser();
    const url = `pop3://127.0.0.1:${server.ports.pop3}`;
    const run = (...words: string[]) =>
      glasspost(['--profile', profile, ...words], { env: { MAIL_PASSWORD: user.password } });
    await run(
      ...`account add --email ${user.email} --mode pop3 --pop3 ${url} --password-env MAIL_PASSWORD`.split(
        ' ',
      ),
    );
    const { code, stderr } = await run('account', 'set', user.email, option, value);
    expect(code).toBe(2);
    expect(stderr).toContain(`${option} is`);
  },
  30_000,
);
