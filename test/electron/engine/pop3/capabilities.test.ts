import { describe, expect, it } from 'vitest';
import { apopDigest, apopTimestamp } from '../../../../electron/engine/pop3/apop.ts';
import { capabilitiesOf } from '../../../../electron/engine/pop3/capabilities.ts';
import { isAsListed, isCut } from '../../../../electron/engine/pop3/doubts.ts';
import { parseListing } from '../../../../electron/engine/pop3/listing.ts';
import { refusal } from '../../../../electron/engine/pop3/refusal.ts';

const answer = (lines: string[], status: 'ok' | 'error' = 'ok', text = '') => ({
  command: 'CAPA',
  status,
  text,
  lines,
  message: undefined,
});
const server = { host: 'mail.example.test', port: 995 };

describe('what a server says it can do', () => {
  it('is read with its figures, whatever the case', () => {
    const found = capabilitiesOf(
      answer([
        'top',
        'SASL plain CRAM-MD5',
        'EXPIRE 60 USER',
        'LOGIN-DELAY 900',
        'IMPLEMENTATION Some Server 1.0',
      ]),
    );
    expect(found).toMatchObject({
      known: true,
      mechanisms: ['PLAIN', 'CRAM-MD5'],
      expire: 60,
      loginDelay: 900,
      implementation: 'Some Server 1.0',
    });
    expect([found.has('TOP'), found.has('UIDL')]).toEqual([true, false]);
  });

  it.each([
    ['EXPIRE NEVER', { expire: 'never' }],
    ['EXPIRE 0', { expire: 0 }],
  ] as const)('%s', (line, is) => expect(capabilitiesOf(answer([line]))).toMatchObject(is));

  it('promises nothing where it is malformed or refused', () => {
    const odd = capabilitiesOf(answer(['EXPIRE soon', 'LOGIN-DELAY -3', 'IMPLEMENTATION', '', ' ']));
    expect([odd.expire, odd.loginDelay, odd.implementation]).toEqual([undefined, undefined, undefined]);
    expect(capabilitiesOf(answer(['UIDL'], 'error')).has('UIDL')).toBe(false);
  });
});

it.each([
  ['[IN-USE] taken', 'mailbox-locked'],
  ['[LOGIN-DELAY] soon', 'mailbox-locked'],
  ['[SYS/TEMP] later', 'server-refused'],
  ['[SYS/PERM] never', 'server-refused'],
  ['[sys/other] hm', 'server-refused'],
  ['[AUTH] no', 'wrong-password'],
  ['the mailbox [AUTH] is odd', 'not-found'],
  ['[UNKNOWN] no', 'not-found'],
  ['no', 'not-found'],
] as const)('-ERR %s is %s', (text, code) => {
  expect(refusal(answer([], 'error', text), server, 'not-found').failure.code).toBe(code);
});

describe('APOP', () => {
  it('is the example of RFC 1939 section 7', () => {
    const timestamp = apopTimestamp('POP3 server ready <1896.697170952@dbc.mtview.ca.us>');
    expect(apopDigest(timestamp ?? '', 'tanstaaf')).toBe('c4c9334bac560ecc979e58001b3e22fb');
  });
  it.each([
    'ready',
    '<>',
    '<no-at-sign>',
    '<a@b@c>',
    '<a b@c>',
    '<\u00e1@b>',
    '<a\x01@b>',
    '<.a@b>',
    `<a@${'b'.repeat(600)}>`,
  ])('digests nothing that is no message identifier: %j', (greeting) => {
    expect(apopTimestamp(greeting)).toBeUndefined();
  });
});

describe('LIST and UIDL together', () => {
  it.each([
    ['as they should be', ['1 5', '2 6'], ['1 a', '2 b'], [5, 6], ['a', 'b']],
    ['sizes that are none', ['1 -5', '2 big'], ['1 a', '2 b'], [0, 0], ['a', 'b']],
    ['empty names, and one far too long', ['1 5', '2 6'], ['1', `2 ${'x'.repeat(2000)}`], [5, 6], ['', '']],
    ['no names', ['1 5', '2 6'], undefined, [5, 6], ['', '']],
  ])('%s', (_name, sizes, names, bytes, uidls) => {
    const listed = parseListing(2, sizes, names);
    if (typeof listed === 'string') throw new Error(listed);
    expect(listed.map((one) => one.size)).toEqual(bytes);
    expect(listed.map((one) => one.uidl)).toEqual(uidls);
  });
  it.each([
    ['a message too few', ['1 5'], ['1 a']],
    ['a number twice', ['1 5', '1 6'], ['1 a', '2 b']],
    ['a name too few', ['1 5', '2 6'], ['1 a']],
    ['a name for nobody', ['1 5', '2 6'], ['1 a', '3 b']],
    ['two names for one', ['1 5', '2 6'], ['1 a', '1 b']],
  ])('%s: nothing is believed', (_name, sizes, names) => {
    expect(parseListing(2, sizes, names)).toContain('STAT says 2');
  });
});

it('a size with line ends counted as one byte is no doubt; a header alone, or nothing, is no letter', () => {
  const of = (size: number) => ({ number: 1, size, uidl: 'a' });
  const whole = Buffer.from('Subject: a\r\n\r\nb\r\n');
  expect([isAsListed(of(17), whole), isAsListed(of(14), whole), isAsListed(of(15), whole)]).toEqual([
    true,
    true,
    false,
  ]);
  const header = Buffer.from('Subject: a\r\n\r\n');
  expect([isCut(of(500), header), isCut(of(14), header), isCut(of(0), header)]).toEqual([true, false, false]);
  expect([isCut(of(500), Buffer.alloc(0)), isCut(of(500), whole)]).toEqual([true, false]);
});
