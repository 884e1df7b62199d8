import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprintOf, isUsable, makeIdentity } from '../../../electron/practice/certificate.ts';
import { startPractice } from '../../../electron/practice/server.ts';
import type { PracticeServer } from '../../../electron/practice/server.ts';
import { base64 } from './talk.ts';
import { Wire } from './wire.ts';

let server: PracticeServer;
beforeAll(async () => {
  server = await startPractice({ seed: false });
});
afterAll(() => server.stop());

describe('the certificate', () => {
  it('is made by the server itself, for this computer only, and not the same twice', async () => {
    const certificate = new X509Certificate(server.certificate.pem);
    expect(server.certificate.fingerprint).toBe(certificate.fingerprint256);
    expect(certificate.subjectAltName).toMatch(
      /^DNS:localhost, IP Address:127\.0\.0\.1, IP Address:0:0:0:0:0:0:0:1$/,
    );
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.ca).toBe(false);
    const [one, other] = [await makeIdentity(new Date()), await makeIdentity(new Date())];
    expect(fingerprintOf(one)).not.toBe(fingerprintOf(other));
    expect(isUsable(one, new Date())).toBe(true);
    expect(isUsable({ cert: one.cert, key: other.key }, new Date())).toBe(false);
    expect(isUsable(one, new Date(Date.now() + 900 * 86_400_000))).toBe(false);
    expect(isUsable({ cert: 'x', key: 'y' }, new Date())).toBe(false);
  });
});

/** How each protocol is greeted, asked for TLS, and asked something before and after. */
const PROTOCOLS = [
  {
    name: 'smtp',
    hello: 'EHLO me\r\n',
    offers: /250 [^\r]*\r\n$/,
    asks: 'STARTTLS\r\n',
    go: /^220 2\.0\.0 begin TLS now\r\n$/,
    injected: `AUTH PLAIN ${base64('\0vera@practice.test\0amber-pane')}\r\nNOOP\r\n`,
    probe: 'MAIL FROM:<vera@practice.test>\r\n',
    forgotten: /^503 5\.5\.1 first EHLO/,
    word: /STARTTLS/,
  },
  {
    name: 'pop3',
    hello: 'CAPA\r\n',
    offers: /\r\n\.\r\n$/,
    asks: 'STLS\r\n',
    go: /^\+OK begin TLS now\r\n$/,
    injected: 'USER vera@practice.test\r\nPASS amber-pane\r\n',
    probe: 'PASS amber-pane\r\n',
    forgotten: /^-ERR first USER/,
    word: /STLS/,
  },
  {
    name: 'imap',
    hello: 'A CAPABILITY\r\n',
    offers: /A OK [^\r]*\r\n$/,
    asks: 'B STARTTLS\r\n',
    go: /^B OK begin TLS now\r\n$/,
    injected: 'C LOGIN vera@practice.test amber-pane\r\n',
    probe: 'D SELECT INBOX\r\n',
    forgotten: /^D BAD log in first/,
    word: /STARTTLS/,
  },
] as const;

describe.each(PROTOCOLS)('$name', (protocol) => {
  const { name, hello, offers, asks, go, injected, probe, forgotten, word } = protocol;
  const greeting = /\r\n$/;

  it('goes over to TLS when asked, and does not offer it again', async () => {
    const wire = await Wire.dial(server.ports[name]);
    await wire.hear(greeting);
    wire.say(hello);
    expect(await wire.hear(offers)).toMatch(word);
    wire.say(asks);
    expect(await wire.hear(greeting)).toMatch(go);
    await wire.secure(server.certificate.pem);
    wire.say(hello);
    expect(await wire.hear(offers)).not.toMatch(word);
    wire.close();
  });

  it('forgets what came in clear with the question', async () => {
    const wire = await Wire.dial(server.ports[name]);
    await wire.hear(greeting);
    wire.say(hello);
    await wire.hear(offers);
    wire.say(asks + injected);
    expect(await wire.hear(greeting)).toMatch(go);
    await wire.secure(server.certificate.pem);
    wire.say(probe);
    expect(await wire.hear(greeting)).toMatch(forgotten);
    wire.close();
  });

  it('speaks TLS from the first octet on at a port of its own', async () => {
    const wire = await Wire.dialTls(server.ports[`${name}s`], server.certificate.pem);
    expect(await wire.hear(greeting)).toContain('Glasspost practice server');
    wire.say(hello);
    expect(await wire.hear(offers)).not.toMatch(word);
    wire.close();
  });

  it('is not stopped by what is no TLS', async () => {
    for (const port of [server.ports[name], server.ports[`${name}s`]]) {
      for (const noise of [
        'QUIT\r\n',
        '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03',
        '\x80\x2e\x01\0\x02',
        '\0'.repeat(70_000),
      ]) {
        const wire = await Wire.dial(port);
        if (port === server.ports[name]) {
          await wire.hear(greeting);
          wire.say(hello);
          await wire.hear(offers);
          wire.say(asks);
          await wire.hear(go);
        }
        wire.say(noise);
        await new Promise((resolve) => setTimeout(resolve, 5));
        wire.reset();
      }
    }
    const wire = await Wire.dialTls(server.ports[`${name}s`], server.certificate.pem);
    expect(await wire.hear(greeting)).toContain('Glasspost practice server');
    wire.close();
  });
});

it('offers no TLS where it is told not to, so that a client shows what it does then', async () => {
  const plain = await startPractice({ seed: false, startTls: false });
  for (const { name, hello, offers, asks, word } of PROTOCOLS) {
    const wire = await Wire.dial(plain.ports[name]);
    await wire.hear(/\r\n$/);
    wire.say(hello);
    expect(await wire.hear(offers)).not.toMatch(word);
    wire.say(asks);
    expect(await wire.hear(/\r\n$/)).toMatch(/^(500|-ERR|B BAD) /);
    wire.close();
  }
  await plain.stop();
});
