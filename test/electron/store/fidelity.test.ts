import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MessageRow } from '../../../shared/model/message.ts';
import { closeAll, headless, settingsFor, temporaryFolder, type Headless } from '../../double/headless.ts';
import { mailServer, type MailServer, type MailUser } from '../../server/mail-server.ts';
import { practiceServer, type EngineServer } from '../../server/practice-server.ts';
import { glasspost } from '../cli/glasspost.ts';
import { appendAll, fetchAll, retrieveAll } from './fidelity-wire.ts';
import { NASTY } from './nasty.ts';
import { readByPython } from './python.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const DOT = 0x2e;
const HEAD = 'From: oleg@example.test\r\nSubject: a letter\r\nMessage-ID: <a@example.test>\r\n';
const MORE = [
  'x'.repeat(1024 * 1024),
  `${'From '.repeat(200_000)}\r\n${'>'.repeat(1024 * 1024)}From \r\n`,
  '.\r\n..\r\n.x\r\n\r\n.',
  '\n.\n\r.\r\n.\r',
  '\r\n\r\n\r\n',
  '\r\nbody\r\n\n\n',
  '\r\nbody\r\n\r',
  '\r\nFrom x\r\rFrom y\n\nFrom z\r\n\r\nFrom ',
  '\r\nFrom 12.abc@glasspost.invalid Sat Nov 21 10:42:07 2026\r\nX: y\r\n\r\nz',
  'Content-Transfer-Encoding: binary\r\n\r\n\xff\x80\xa0\xfe',
].map((rest) => Buffer.from(HEAD + rest, 'latin1'));

/** Anything at all, made of what hurts. */
const PIECES = [
  'From ',
  '>',
  '\r',
  '\n',
  '\r\n',
  '.',
  '\r\n.\r\n',
  ' ',
  'Subject: x',
  'a: b',
  '\xff',
  'text',
  ')',
  '{5}',
  '\t',
];
const anything = fc
  .tuple(fc.boolean(), fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }))
  .map(([head, pieces]) => Buffer.from((head ? `${HEAD}\r\n` : '') + pieces.join(''), 'latin1'));

type Server = EngineServer & { put(user: MailUser, letters: Buffer[]): Promise<Buffer[]> };
const SERVERS: Record<string, () => Promise<Server>> = {
  dovecot: async () => {
    const server: MailServer = await mailServer();
    const put = (user: MailUser, letters: Buffer[]) =>
      appendAll({ port: server.ports.imap, ...user }, letters);
    return { ...server, put, stop: async () => undefined };
  },
  practice: async () => {
    const server = await practiceServer();
    return {
      ...server,
      put: async (user, letters) => {
        for (const letter of letters) await server.deliver(user.email, letter);
        return letters;
      },
    };
  },
};

async function stored(
  app: Headless,
  settings: ReturnType<typeof settingsFor>,
  password: string,
  count: number,
): Promise<MessageRow[]> {
  const { id } = await app.accounts.add(settings, password);
  return app.until(`${count} letters`, async () => {
    const rows = await app.rows(id, 'inbox');
    return rows.length === count && rows.every((row) => row.stored) ? rows : undefined;
  });
}

afterEach(closeAll);

describe.each(Object.keys(SERVERS))('what %s sends is what is kept', (name) => {
  let server: Server;
  let user: MailUser;
  let taken: Buffer[];
  beforeAll(async () => {
    server = await (SERVERS[name] as () => Promise<Server>)();
    user = server.newUser();
    const letters = [
      ...NASTY.map(([, bytes]) => bytes),
      ...MORE,
      ...fc.sample(anything, { numRuns: 150, seed: 21 }),
    ];
    taken = await server.put(user, letters);
  });
  afterAll(() => server.stop());

  it('over IMAP', async () => {
    const wire = await fetchAll({ port: server.ports.imap, ...user });
    // Dovecot takes no NUL.
    expect(wire.size).toBe(taken.length);
    expect(taken.length).toBeGreaterThan(170);
    const app = await headless();
    const rows = await stored(app, settingsFor(server as never, user, 'imap'), user.password, wire.size);
    const kept = new Map<number, string>();
    for (const row of rows) kept.set(row.uid ?? 0, sha256(await app.accounts.raw(row.id)));
    for (const [uid, bytes] of wire) expect([uid, kept.get(uid)]).toEqual([uid, sha256(bytes)]);
    expect(readByPython(app.profile)).toBe(wire.size);
  });

  it('over POP3', async () => {
    // Of a dot that begins a message Dovecot makes the end of it: see below.
    const dotted = name === 'dovecot' ? taken.filter((letter) => letter[0] !== DOT) : taken;
    if (dotted.length < taken.length) {
      user = server.newUser();
      await server.put(user, dotted);
    }
    const wire = await retrieveAll({ port: server.ports.pop3, ...user });
    expect(wire.size).toBe(dotted.length);
    const app = await headless();
    const rows = await stored(app, settingsFor(server as never, user, 'pop3'), user.password, wire.size);
    const kept = new Map<string, string>();
    for (const row of rows) kept.set(row.uidl ?? '', sha256(await app.accounts.raw(row.id)));
    for (const [uidl, bytes] of wire) expect([uidl, kept.get(uidl)]).toEqual([uidl, sha256(bytes)]);
    expect(readByPython(app.profile)).toBe(wire.size);
  });
});

describe('a server that forgets to double a dot', () => {
  it('is never told to delete what could not be read to its end, and the rest is collected', async () => {
    const server = await mailServer();
    const user = server.newUser();
    const access = { port: server.ports.imap, ...user };
    const plain = Buffer.from(`${HEAD}\r\nplain\r\n`);
    const dotted = Buffer.from(`.\r\nSubject: dotted\r\n\r\nall of this would be lost\r\n`);
    await appendAll(access, [plain, dotted, plain]);
    await appendAll(access, [plain, dotted]);
    const app = await headless();
    const settings = { ...settingsFor(server, user, 'pop3'), leaveOnServer: 'never' as const };
    const { id } = await app.accounts.add(settings, user.password);
    await app.until('five letters', async () => {
      await app.accounts.sync(id).catch(() => undefined);
      return (await app.rows(id, 'inbox')).length === 5;
    });
    await app.accounts.sync(id);
    const left = [...(await fetchAll(access)).values()].map((bytes) => bytes.toString());
    expect(left).toEqual([dotted.toString(), dotted.toString()]);
  });
});

describe('on the command line', () => {
  it.each(['imap', 'pop3'] as const)(
    'show --raw gives the bytes that came over %s',
    async (mode) => {
      const server = await practiceServer();
      try {
        const user = server.newUser();
        for (const letter of [
          ...NASTY.map(([, bytes]) => bytes).filter((_one, at) => at % 4 === 0),
          ...MORE.slice(2, 5),
        ])
          await server.deliver(user.email, letter);
        const access = { port: server.ports[mode], ...user };
        const wire = mode === 'imap' ? await fetchAll(access) : await retrieveAll(access);
        const profile = temporaryFolder();
        const run = (...words: string[]) =>
          glasspost(['--profile', profile, ...words], { env: { P: user.password } });
        const url = (protocol: string, port: number) => `${protocol}://127.0.0.1:${port}`;
        const servers = ['--' + mode, url(mode, access.port), '--smtp', url('smtp', server.ports.submission)];
        await run('account', 'add', '--email', user.email, '--mode', mode, ...servers, '--password-env', 'P');
        expect((await run('sync')).code).toBe(0);
        const { objects } = await run('--json', 'list', 'INBOX');
        const shown = new Map<unknown, string>();
        for (const { id, uid, uidl } of objects)
          shown.set(uid ?? uidl, sha256((await run('show', String(id), '--raw')).bytes));
        expect(shown).toEqual(new Map([...wire].map(([name, bytes]) => [name, sha256(bytes)])));
        expect(shown.size).toBe(10);
      } finally {
        await server.stop();
      }
    },
    120_000,
  );
});
