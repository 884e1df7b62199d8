// Clients that mean no good, or nothing at all, at the real ports: the server goes on.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VERA, startPractice } from '../../../electron/practice/server.ts';
import type { PracticeServer } from '../../../electron/practice/server.ts';
import { base64, mail } from './talk.ts';
import { Wire, replies, sayInPieces } from './wire.ts';

let server: PracticeServer;
beforeAll(async () => {
  server = await startPractice({ seed: false });
});
afterAll(() => server.stop());

const HELLO = { smtp: /^220 .*\r\n/, pop3: /^\+OK .*\r\n/, imap: /^\* OK .*\r\n/ } as const;
type Protocol = keyof typeof HELLO;
const PROTOCOLS: readonly Protocol[] = ['smtp', 'pop3', 'imap'];
const PLAIN = base64('\0vera@practice.test\0amber-pane');

async function dial(protocol: Protocol, tls: boolean): Promise<Wire> {
  const wire = tls
    ? await Wire.dialTls(server.ports[`${protocol}s`], server.certificate.pem)
    : await Wire.dial(server.ports[protocol]);
  await wire.hear(HELLO[protocol]);
  return wire;
}

/** Whether all six ports greet. */
async function stillThere(): Promise<boolean> {
  for (const protocol of PROTOCOLS) for (const tls of [false, true]) (await dial(protocol, tls)).close();
  return true;
}

describe.each(PROTOCOLS)('%s', (protocol) => {
  const refusal = { smtp: /^500 5\.5\.6 /, pop3: /^-ERR .*octets/, imap: /^\* BAD a line has at most/ }[
    protocol
  ];

  it.each([false, true])('refuses a line of 1 MB with a reason (TLS: %s)', async (tls) => {
    const wire = await dial(protocol, tls);
    for (let count = 0; count < 16; count++) wire.say('x'.repeat(65_536));
    wire.say('\r\n');
    expect(await wire.hear(/\r\n/)).toMatch(refusal);
    wire.close();
    expect(await stillThere()).toBe(true);
  });

  it('never keeps more of an endless line than it takes', async () => {
    const wire = await dial(protocol, false);
    const before = process.memoryUsage().rss;
    for (let count = 0; count < 400 && !wire.closed; count++) {
      wire.say('x'.repeat(262_144));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
    wire.close();
    expect(await stillThere()).toBe(true);
  });

  const CUT = {
    smtp: [
      'EHLO',
      `EHLO me\r\nAUTH PLAIN ${PLAIN}\r\nMAIL FROM:<>\r\nRCPT TO:<oleg@practice.test>\r\nDATA\r\nhalf`,
    ],
    pop3: ['USER', `AUTH PLAIN ${PLAIN}\r\nRETR 1\r\nDELE 1`, 'AUTH CRAM-MD5\r\n'],
    imap: ['A LOG', 'A LOGIN {5}\r\nab', `A AUTHENTICATE PLAIN ${PLAIN}\r\nB SELECT INBOX\r\nC IDLE\r\n`],
  }[protocol];
  const UPGRADE = { smtp: 'EHLO me\r\nSTARTTLS\r\n', pop3: 'STLS\r\n', imap: 'A STARTTLS\r\n' }[protocol];

  it('loses a client in the middle of a command, and nothing else', async () => {
    server.deliver(mail('Subject: a\n\nb\n'), VERA.email);
    for (const tls of [false, true]) {
      for (const text of [...CUT, UPGRADE, `${UPGRADE}\x16\x03\x01`]) {
        for (const leave of ['reset', 'close'] as const) {
          const wire = await dial(protocol, tls);
          wire.say(text);
          await new Promise((resolve) => setTimeout(resolve, 5));
          wire[leave]();
        }
      }
    }
    expect(await stillThere()).toBe(true);
    // The lock of the mailbox went with its session.
    const wire = await dial('pop3', false);
    wire.say(`AUTH PLAIN ${PLAIN}\r\n`);
    expect(await wire.hear(/\r\n/)).toMatch(/^\+OK \d+ messages/);
    wire.close();
  });
});

describe('smtp', () => {
  const WORDS = [
    'EHLO me\r\n',
    'HELO',
    'AUTH PLAIN',
    ` ${PLAIN}\r\n`,
    'AUTH CRAM-MD5\r\n',
    'AUTH LOGIN\r\n',
    '*\r\n',
    'MAIL FROM:<vera@practice.test>',
    'RCPT TO:<oleg@practice.test>',
    ' SIZE=',
    ' SMTPUTF8',
    ' NOTIFY=SUCCESS',
    'DATA\r\n',
    '.\r\n',
    '\r\n.\r\n',
    'RSET\r\n',
    'NOOP\r\n',
    'VRFY',
    'HELP\r\n',
    '\r\n',
    '\n',
    '\r',
    ' ',
    '\0',
  ];
  const word = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...WORDS) },
    fc.string({ unit: 'binary', maxLength: 4 }),
  );

  it('survives what is said in any order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(word, { maxLength: 40 }),
        fc.integer({ min: 1, max: 300 }),
        async (words, piece) => {
          const wire = await dial('smtp', false);
          await sayInPieces(wire, words.join(''), piece);
          wire.reset();
        },
      ),
      { numRuns: 150 },
    );
    expect(await stillThere()).toBe(true);
  });

  it('is patient with who learns, and not with who says nothing right', async () => {
    const wire = await dial('smtp', false);
    for (let count = 0; count < 5; count++) {
      const heard = await replies(wire, [...Array.from({ length: 8 }, () => 'WHAT'), 'NOOP']);
      expect(heard.match(/^500 5\.5\.2 /gm)).toHaveLength(8);
    }
    wire.say('WHAT\r\n'.repeat(10));
    expect(await wire.end()).toMatch(/\r\n421 4\.7\.0 [^\r]*\r\n$/);
  });

  it('answers every one of a thousand commands in one breath', async () => {
    const wire = await dial('smtp', false);
    await replies(wire, ['EHLO me']);
    const heard = await replies(
      wire,
      Array.from({ length: 1000 }, () => 'NOOP'),
    );
    expect(heard.match(/^250 2\.0\.0 /gm)).toHaveLength(1000);
    wire.close();
  });
});

describe('a client that asks and does not listen', () => {
  it('is not answered without end', async () => {
    server.deliver(mail(`Subject: big\n\n${`${'x'.repeat(70)}\n`.repeat(15_000)}`), VERA.email);
    const wire = await dial('imap', false);
    wire.say('A LOGIN vera@practice.test amber-pane\r\nB SELECT INBOX\r\n');
    await wire.hear(/^B OK /m);
    wire.pause();
    const before = process.memoryUsage().rss;
    wire.say('C FETCH * BODY.PEEK[]\r\n'.repeat(1000));
    await new Promise((resolve) => setTimeout(resolve, 500));
    // A thousand answers would be a gigabyte.
    expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000);
    wire.close();
    expect(await stillThere()).toBe(true);
  });
});
