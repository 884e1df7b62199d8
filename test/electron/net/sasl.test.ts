import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { exchanges } from '../../../electron/net/sasl/choose.ts';
import type { Credentials, Exchange } from '../../../electron/net/sasl/exchange.ts';
import { prepare } from '../../../electron/net/sasl/prepare.ts';
import { Scram } from '../../../electron/net/sasl/scram.ts';
import { Bearer, CramMd5, LoginMechanism, Plain } from '../../../electron/net/sasl/simple.ts';

const WHO: Credentials = { user: 'vera', password: 'secret', host: 'mail.example.org', port: 993 };
const EMPTY = Buffer.alloc(0);

/** What the client says to these challenges. */
async function said(exchange: Exchange, ...challenges: string[]): Promise<string[]> {
  const answers: string[] = [];
  for (const one of challenges) answers.push((await exchange.answer(Buffer.from(one))).toString());
  return answers;
}

describe('the examples of the RFCs', () => {
  it('SCRAM-SHA-1 (RFC 5802 section 5)', async () => {
    const who = { ...WHO, user: 'user', password: 'pencil' };
    const scram = new Scram('sha1', who, 'fyko+d2lbbFgONRv9qkxdawL');
    const answers = await said(
      scram,
      '',
      'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096',
      'v=rmF9pqV8S7suAoZWja4dJRkFsKQ=',
    );
    expect(answers).toEqual([
      'n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL',
      'c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
      '',
    ]);
    scram.finish();
  });

  it('SCRAM-SHA-256 (RFC 7677 section 3)', async () => {
    const who = { ...WHO, user: 'user', password: 'pencil' };
    const scram = new Scram('sha256', who, 'rOprNGfwEbeRWgbNEkqO');
    const answers = await said(
      scram,
      '',
      'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
      'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
    );
    expect(answers[1]).toBe(
      'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    );
    scram.finish();
  });

  it('CRAM-MD5 (RFC 2195 section 2)', async () => {
    const cram = new CramMd5({ ...WHO, user: 'tim', password: 'tanstaaftanstaaf' });
    expect(await said(cram, '<1896.697170952@postoffice.reston.mci.net>')).toEqual([
      'tim b913a602c7eda7a495b4e6e7334d3890',
    ]);
  });

  it('PLAIN (RFC 4616), LOGIN, OAUTHBEARER (RFC 7628) and XOAUTH2', async () => {
    expect(await said(new Plain(WHO), '')).toEqual(['\0vera\0secret']);
    expect(await said(new LoginMechanism(WHO), 'Username:', 'Password:')).toEqual(['vera', 'secret']);
    const token = { ...WHO, user: 'a,b=c', token: 'vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==' };
    expect(await said(new Bearer('OAUTHBEARER', token), '', '{"status":"invalid_token"}')).toEqual([
      `n,a=a=2Cb=3Dc,\x01host=mail.example.org\x01port=993\x01auth=Bearer ${token.token}\x01\x01`,
      '\x01',
    ]);
    expect(await said(new Bearer('XOAUTH2', token), '', '{"status":"400"}')).toEqual([
      `user=a,b=c\x01auth=Bearer ${token.token}\x01\x01`,
      '',
    ]);
  });
});

/** A server's side of SCRAM-SHA-256, honest but for what `twist` changes. */
async function scramWith(
  twist: (first: string) => string,
  final: (proof: string) => string | undefined = (proof) => `v=${proof}`,
): Promise<void> {
  const scram = new Scram('sha256', WHO);
  const bare = (await scram.answer(EMPTY)).toString().slice(3);
  const nonce = /r=(.*)$/u.exec(bare)?.[1] ?? '';
  const salt = Buffer.from('some salt');
  const first = twist(`r=${nonce}xyz,s=${salt.toString('base64')},i=4096`);
  const second = (await scram.answer(Buffer.from(first))).toString();
  const salted = pbkdf2Sync(WHO.password, salt, 4096, 32, 'sha256');
  const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const message = `${bare},${first},${second.replace(/,p=.*$/u, '')}`;
  const last = final(hmac(hmac(salted, 'Server Key'), message).toString('base64'));
  if (last !== undefined) await scram.answer(Buffer.from(last));
  scram.finish();
}

describe('a server that does not play SCRAM by the rules', () => {
  it('lets an honest one through', async () => {
    await expect(scramWith((first) => first)).resolves.toBeUndefined();
  });

  it.each([
    ['2^31 rounds', (first: string) => first.replace('i=4096', 'i=2147483648')],
    ['2 000 001 rounds', (first: string) => first.replace('i=4096', 'i=2000001')],
    ['too few rounds', (first: string) => first.replace('i=4096', 'i=4095')],
    ['no rounds', (first: string) => first.replace('i=4096', 'i=0')],
    ['negative rounds', (first: string) => first.replace('i=4096', 'i=-4096')],
    ['rounds in letters', (first: string) => first.replace('i=4096', 'i=4e3')],
    ['no salt', (first: string) => first.replace(/s=[^,]*/u, 's=')],
    ['another nonce', (first: string) => first.replace(/r=[^,]*/u, 'r=abcdefghijklmnopqrstuvwxyzabcdefgh')],
    ['our nonce and no more', (first: string) => first.replace('xyz,', ',')],
    ['an extension that is required', (first: string) => `m=new,${first}`],
    ['a message without end', (first: string) => `${first},x=${'y'.repeat(10_000)}`],
    ['nothing', () => ''],
  ])('%s: no proof is given', async (_name, twist) => {
    const began = performance.now();
    await expect(scramWith(twist)).rejects.toMatchObject({ name: 'SaslError' });
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it.each([
    ['a wrong signature', () => `v=${createHash('sha256').update('x').digest('base64')}`],
    ['a short signature', () => 'v=AAAA'],
    ['none', () => ''],
    ['none, and it says that we are in', () => undefined],
    ['an error, and it says that we are in', () => 'e=other-error'],
  ])('%s: it is not believed', async (_name, final) => {
    await expect(scramWith((first) => first, final)).rejects.toMatchObject({ code: 'server-unproven' });
  });
});

describe('what is chosen', () => {
  const names = (offered: string[], who: Credentials = WHO) =>
    exchanges(offered, who).map((make) => make().name);

  it('the strongest first, and nothing that was not offered', () => {
    expect(names(['LOGIN', 'plain', 'CRAM-MD5', 'GSSAPI', 'SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256'])).toEqual([
      'SCRAM-SHA-256',
      'CRAM-MD5',
      'PLAIN',
      'LOGIN',
    ]);
    expect(names(['EXTERNAL'])).toEqual([]);
  });

  it('with a token the password is never shown', () => {
    const who = { ...WHO, token: 'abc' };
    expect(names(['PLAIN', 'XOAUTH2', 'OAUTHBEARER'], who)).toEqual(['OAUTHBEARER', 'XOAUTH2']);
    expect(names(['PLAIN', 'LOGIN', 'SCRAM-SHA-256'], who)).toEqual([]);
  });

  it('a server that asks for more than there is gets no more', async () => {
    for (const make of exchanges(['CRAM-MD5', 'PLAIN', 'LOGIN'], WHO)) {
      const exchange = make();
      await expect(said(exchange, 'one', 'two', 'three')).rejects.toMatchObject({ name: 'SaslError' });
    }
  });

  it('a token with line ends, and a password with NUL, are refused before anything is said', () => {
    expect(() => new Bearer('XOAUTH2', { ...WHO, token: 'a\r\nb' })).toThrow('token');
    expect(() => new Plain({ ...WHO, password: 'a\0b' })).toThrow('NUL');
  });
});

describe('SASLprep (RFC 4013 section 3)', () => {
  it.each([
    ['I\u00adX', 'IX'],
    ['user', 'user'],
    ['USER', 'USER'],
    ['\u00aa', 'a'],
    ['\u2168', 'IX'],
    ['a\u00a0b', 'a b'],
    // Not allowed: goes as it is.
    ['\u0007', '\u0007'],
    ['\u06271', '\u06271'],
  ])('%j becomes %j', (given, prepared) => expect(prepare(given)).toBe(prepared));
});
