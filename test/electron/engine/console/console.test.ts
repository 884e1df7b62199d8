import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ConsoleLink, ConsoleTarget } from '../../../../electron/app/ports-engine.ts';
import { openConsole } from '../../../../electron/engine/console/open.ts';
import { startPractice, VERA, type PracticeServer } from '../../../../electron/practice/server.ts';
import { Journal } from '../../../../electron/wire/journal.ts';
import { MASK, type Protocol, type WireLine } from '../../../../shared/wire/line.ts';
import { mailServer, type MailServer } from '../../../server/mail-server.ts';

let practice: PracticeServer;
let server: MailServer;
beforeAll(async () => {
  practice = await startPractice();
  server = await mailServer();
});
afterAll(() => practice.stop());

const open: ConsoleLink[] = [];
const fakes: Server[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
  for (const one of fakes.splice(0)) one.close();
});

interface Talk {
  link: ConsoleLink;
  heard: WireLine[];
  /** Sends lines one after another, each when the server has answered the one before; what was heard meanwhile. */
  say: (...lines: string[]) => Promise<string[]>;
}

async function talk(target: ConsoleTarget): Promise<Talk> {
  const heard: WireLine[] = [];
  const journal = new Journal({ publish: () => undefined });
  const link = await openConsole(target, journal, (line) => heard.push(line));
  open.push(link);
  const say = async (...lines: string[]) => {
    await link.settled();
    const from = heard.length;
    for (const line of lines) {
      await link.send(line);
      await link.settled();
    }
    return heard.slice(from).map((line) => line.text);
  };
  return { link, heard, say };
}

const clear = (protocol: Protocol): ConsoleTarget => ({
  protocol,
  server: { host: '127.0.0.1', port: practice.ports[protocol], security: 'none' },
});

/** A server that says what it is told to. */
async function fake(serve: (socket: Socket) => void): Promise<ConsoleTarget['server']> {
  const listening = createServer((socket) => {
    socket.on('error', () => undefined);
    serve(socket);
  });
  fakes.push(listening);
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return { host: '127.0.0.1', port: (listening.address() as AddressInfo).port, security: 'none' };
}

describe('a console in the practice server', () => {
  it('speaks IMAP, literals included, and shows no password', async () => {
    const { link, heard, say } = await talk(clear('imap'));
    await say(`a LOGIN ${VERA.email} ${VERA.password}`, 'b SELECT INBOX');
    expect(heard.at(-1)?.text).toMatch(/^b OK/u);
    await link.send('c APPEND INBOX {15}');
    await link.settled();
    expect(link.expects).toEqual({ kind: 'literal', left: 15 });
    await link.send('Subject: x');
    expect(link.expects).toEqual({ kind: 'literal', left: 3 });
    await link.send('');
    expect(link.expects).toEqual({ kind: 'literal', left: 1 });
    await link.send('y');
    await link.settled();
    expect(heard.at(-1)?.text).toMatch(/^c OK/u);
    expect(await say('d IDLE')).toEqual(['d IDLE', expect.stringMatching(/^\+/u)]);
    expect(link.expects).toEqual({ kind: 'done' });
    expect((await say('DONE')).at(-1)).toMatch(/^d OK/u);
    const transcript = JSON.stringify(heard);
    expect(transcript).not.toContain(VERA.password);
    expect(heard.map((line) => line.text)).toContain(`a LOGIN ${VERA.email} ${MASK}`);
    expect(heard.map((line) => line.seq)).toEqual(heard.map((_line, at) => at + 1));
    await link.send('e LOGOUT');
    expect(await link.closed).toBeUndefined();
    expect(heard.at(-1)?.text).toBe('closed');
    await expect(link.send('f NOOP')).rejects.toMatchObject({ failure: { code: 'connection-lost' } });
    await link.settled();
  });

  it('speaks POP3 and waits for the end of what is long', async () => {
    const { say } = await talk(clear('pop3'));
    await say(`USER ${VERA.email}`, `PASS ${VERA.password}`);
    const listed = await say('LIST');
    expect(listed[1]).toMatch(/^\+OK/u);
    expect(listed.at(-1)).toBe('.');
    expect((await say('RETR 1')).at(-1)).toBe('.');
    expect(await say('AUTH PLAIN')).toEqual(['AUTH PLAIN', expect.stringMatching(/^-ERR/u)]);
    expect((await say('QUIT'))[1]).toMatch(/^\+OK/u);
  });

  it('speaks SMTP, a letter included, all of it pasted at once', async () => {
    const { link, heard, say } = await talk(clear('smtp'));
    await say('EHLO [127.0.0.1]', 'AUTH LOGIN');
    expect(link.expects).toEqual({ kind: 'sasl' });
    await say(Buffer.from(VERA.email).toString('base64'));
    expect((await say(Buffer.from(VERA.password).toString('base64'))).at(-1)).toMatch(/^235/u);
    const letter = `Subject: hi\r\nFrom: ${VERA.email}\r\n\r\nDATA\nQUIT\n.`;
    await link.send(`MAIL FROM:<${VERA.email}>\nRCPT TO:<${VERA.email}>\nDATA\n${letter}`);
    await link.settled();
    expect(heard.at(-1)?.text).toMatch(/^250/u);
    const kinds = heard.filter((line) => line.kind === 'block').map((line) => line.text);
    expect(kinds).toEqual([letter.replaceAll(/\r?\n/gu, '\r\n').slice(0, -1)]);
    expect(JSON.stringify(heard)).not.toContain(Buffer.from(VERA.password).toString('base64'));
  });
});

describe('a console over TLS', () => {
  it.each([
    ['imap', 'tls', 'imaps'],
    ['imap', 'starttls', 'imap'],
    ['pop3', 'tls', 'pop3s'],
    ['pop3', 'starttls', 'pop3'],
    ['smtp', 'tls', 'submissions'],
    ['smtp', 'starttls', 'submission'],
  ] as const)('%s, %s: is protected before the first word is typed', async (protocol, security, port) => {
    const { heard, say } = await talk({
      protocol,
      server: { host: '127.0.0.1', port: server.ports[port], security, trusted: server.trusted },
    });
    const answer = await say({ imap: 'a NOOP', pop3: 'CAPA', smtp: 'EHLO [127.0.0.1]' }[protocol]);
    expect(answer.length).toBeGreaterThan(1);
    const texts = heard.map((line) => line.text);
    expect(texts[0]).toMatch(/^connecting 127\.0\.0\.1:/u);
    const tls = texts.findIndex((text) => text.startsWith('tls TLSv1.'));
    expect(tls).toBeGreaterThan(0);
    const before = heard.slice(0, tls).filter((line) => line.direction === 'client');
    expect(before.map((line) => line.text)).toEqual(
      security === 'tls'
        ? []
        : { imap: ['tls1 STARTTLS'], pop3: ['STLS'], smtp: ['EHLO [127.0.0.1]', 'STARTTLS'] }[protocol],
    );
  });

  it('does not take a certificate that nobody vouches for', async () => {
    const target: ConsoleTarget = {
      protocol: 'imap',
      server: { host: '127.0.0.1', port: server.ports.imap, security: 'starttls' },
    };
    await expect(talk(target)).rejects.toMatchObject({ failure: { code: 'certificate-untrusted' } });
  });

  it.each([
    ['* PREAUTH welcome\r\n', 'no-starttls'],
    ['+OK pop3\r\n', 'not-a-mail-server'],
    ['* OK hi\r\n|tls1 NO never\r\n', 'no-starttls'],
    ['* OK hi\r\n|* OK wait\r\ntls1 OK go\r\n* OK injected\r\n', 'tls-failed'],
  ])('does not go on in clear text after %j', async (script, code) => {
    const [greeting = '', answer = ''] = script.split('|');
    const where = await fake((socket) => {
      socket.write(greeting);
      socket.on('data', () => socket.write(answer));
    });
    const target: ConsoleTarget = { protocol: 'imap', server: { ...where, security: 'starttls' } };
    await expect(talk(target)).rejects.toMatchObject({ failure: { code } });
  });
});

describe('a console', () => {
  it('speaks clear text to other computers only when it was told to', async () => {
    const target: ConsoleTarget = {
      protocol: 'imap',
      server: { host: '192.0.2.1', port: 1, security: 'none' },
    };
    await expect(talk(target)).rejects.toMatchObject({ failure: { code: 'clear-text-refused' } });
  });

  it('never says as commands what belonged to a letter or a password that was refused', async () => {
    const said: string[] = [];
    const script: [RegExp, string][] = [
      [/^a /u, 'a NO too big\r\n'],
      [/^b /u, 'b OK\r\n'],
    ];
    const where = await fake((socket) => {
      socket.write('* OK hi\r\n');
      socket.on('data', (chunk: Buffer) => {
        for (const line of chunk.toString().split('\r\n').filter(Boolean)) {
          said.push(line);
          const answer = script.find(([pattern]) => pattern.test(line))?.[1];
          if (answer !== undefined) setTimeout(() => socket.write(answer), 20);
        }
      });
    });
    const { link } = await talk({ protocol: 'imap', server: where });
    await link.settled();
    const sent = ['a LOGIN vera {7}', 'x DELETE', 'b NOOP'].map((line) => link.send(line));
    const fates = await Promise.allSettled(sent);
    expect(fates.map((fate) => fate.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(fates[1]).toMatchObject({
      reason: { failure: { code: 'server-refused', detail: 'a NO too big' } },
    });
    await link.settled();
    expect(said).toEqual(['a LOGIN vera {7}', 'b NOOP']);
  });

  it('drops a letter whose DATA was refused, up to its dot', async () => {
    const { link, heard } = await talk(clear('smtp'));
    await link.settled();
    const fates = await Promise.allSettled(
      ['DATA', 'RSET', 'QUIT', '.', 'NOOP'].map((line) => link.send(line)),
    );
    expect(fates.map((fate) => fate.status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    await link.settled();
    const said = heard.filter((line) => line.direction === 'client').map((line) => line.text);
    expect(said).toEqual(['DATA', 'NOOP']);
  });

  it.each([
    ['imap', 'a STARTTLS'],
    ['imap', 'a compress deflate'],
    ['pop3', 'STLS'],
    ['smtp', 'starttls'],
  ] as const)('%s: does not send %s, which would change the bytes beneath', async (protocol, line) => {
    const { link } = await talk(clear(protocol));
    await link.settled();
    await expect(link.send(line)).rejects.toMatchObject({ failure: { code: 'bad-request' } });
  });

  it('takes nothing of a script for commands that was meant for a login, a letter or a literal', async () => {
    const smtp = await talk({ ...clear('smtp'), piped: true });
    const secret = Buffer.from('swordfish').toString('base64');
    await smtp.say('EHLO [127.0.0.1]', 'AUTH NONSENSE');
    await expect(smtp.link.send(secret)).rejects.toMatchObject({ failure: { code: 'server-refused' } });
    await smtp.say('NOOP', 'DATA');
    for (const line of ['Subject: x', 'QUIT', '.']) {
      await expect(smtp.link.send(line)).rejects.toMatchObject({ failure: { code: 'server-refused' } });
    }
    expect((await smtp.say('NOOP')).at(-1)).toMatch(/^250/u);
    const imap = await talk({ ...clear('imap'), piped: true });
    await imap.say('a AUTHENTICATE NONSENSE');
    await expect(imap.link.send(secret)).rejects.toMatchObject({ failure: { code: 'server-refused' } });
    await imap.say(`b LOGIN ${VERA.email} ${VERA.password}`, 'c APPEND Nowhere/at/all {99999999999}');
    expect((await imap.say('d NOOP')).at(-1)).toMatch(/^d OK/u);
    const said = [...smtp.heard, ...imap.heard].filter((line) => line.direction === 'client');
    expect(said.map((line) => line.text)).toEqual([
      'EHLO [127.0.0.1]',
      'AUTH NONSENSE',
      'NOOP',
      'DATA',
      'NOOP',
      'a AUTHENTICATE NONSENSE',
      `b LOGIN ${VERA.email} ${MASK}`,
      'c APPEND Nowhere/at/all {99999999999}',
      'd NOOP',
    ]);
  });

  it('says why a connection broke', async () => {
    const where = await fake((socket) => {
      socket.write('* OK hi\r\n');
      socket.on('data', () => socket.resetAndDestroy());
    });
    const { link, heard } = await talk({ protocol: 'imap', server: where });
    await link.send('a NOOP');
    expect(await link.closed).toMatchObject({ code: 'connection-lost' });
    expect(heard.at(-1)?.text).toMatch(/^failed /u);
  });

  it('is told of a refused connection', async () => {
    const target: ConsoleTarget = {
      protocol: 'pop3',
      server: { host: '127.0.0.1', port: 1, security: 'none' },
    };
    await expect(talk(target)).rejects.toMatchObject({ failure: { code: 'refused' } });
  });
});
