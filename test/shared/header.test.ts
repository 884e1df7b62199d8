import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeCharset,
  fieldValue,
  headerEnd,
  parseFields,
  parseParameters,
  readable,
  unfold,
} from '../../shared/mail/header.ts';

// The same cases each time; another seed finds others.
fc.configureGlobal({ seed: 20_261_121 });

const bytes = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(text, encoding);

describe('headerEnd', () => {
  const table: readonly (readonly [raw: string, end: number, body: number])[] = [
    ['', 0, 0],
    ['A: 1', 4, 4],
    ['A: 1\r\n', 6, 6],
    ['A: 1\r\n\r\nx', 6, 8],
    ['A: 1\n\nx', 5, 6],
    ['\r\nx', 0, 2],
    ['\nx', 0, 1],
    ['A: 1\r\n\nx', 6, 7],
    ['A: 1\r\n \r\nB: 2\r\n\r\nx', 15, 17],
  ];
  it.each(table)('%j', (raw, end, body) => {
    expect(headerEnd(bytes(raw))).toEqual({ end, body });
  });

  it('looks only into the span it is given', () => {
    const raw = bytes('A: 1\r\n\r\nB: 2\r\n\r\nx');
    expect(headerEnd(raw, 8, 14)).toEqual({ end: 14, body: 14 });
    expect(headerEnd(raw, 8, 16)).toEqual({ end: 14, body: 16 });
  });
});

describe('parseFields', () => {
  it('keeps order, spelling and repetition', () => {
    const fields = parseFields(bytes('Received: a\r\nreceived: b\r\nSubject : c\r\nX:d\r\n\r\nBody: no\r\n'));
    expect(fields).toEqual([
      { name: 'Received', raw: 'a' },
      { name: 'received', raw: 'b' },
      { name: 'Subject', raw: 'c' },
      { name: 'X', raw: 'd' },
    ]);
  });

  it('leaves out lines that are no fields', () => {
    const names = parseFields(bytes(' lost\nno colon here\n: no name\nA: 1\n\n')).map((one) => one.name);
    expect(names).toEqual(['A']);
  });

  it('reads folded fields alike with CRLF and with LF', () => {
    const folded = 'Subject: one\n two\n\tthree\nTo: a@example.org,\n b@example.org\n\nbody\n';
    const lf = parseFields(bytes(folded));
    const crlf = parseFields(bytes(folded.replaceAll('\n', '\r\n')));
    expect(crlf).toEqual(lf);
    expect(fieldValue(lf, 'SUBJECT')).toBe('one two\tthree');
  });

  it('shows raw UTF-8, and Latin-1 where it is none', () => {
    expect(fieldValue(parseFields(bytes('Subject: Привет\r\n\r\n')), 'subject')).toBe('Привет');
    expect(fieldValue(parseFields(bytes('Subject: café\r\n\r\n', 'latin1')), 'subject')).toBe('café');
  });

  it('does not let one field with stray bytes spoil the others', () => {
    const raw = Buffer.concat([
      bytes('Subject: Привет\r\nX-Old: '),
      bytes('café', 'latin1'),
      bytes('\r\nFrom: Вера <vera@example.org>\r\n\r\n'),
    ]);
    const fields = parseFields(raw);
    expect(fieldValue(fields, 'subject')).toBe('Привет');
    expect(fieldValue(fields, 'x-old')).toBe('café');
    expect(fieldValue(fields, 'from')).toBe('Вера <vera@example.org>');
  });

  it('throws at nothing, and every field it gives is from the header block', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (raw) => {
        const { end, body } = headerEnd(raw);
        expect(end).toBeLessThanOrEqual(body);
        expect(body).toBeLessThanOrEqual(raw.length);
        for (const field of parseFields(raw)) {
          expect(field.name).not.toBe('');
          unfold(field.raw);
          readable(field.raw);
          parseParameters(field.raw);
        }
      }),
    );
  });

  it('is quick over a hundred thousand fields', () => {
    const raw = bytes('X-Field: value\r\n continued\r\n'.repeat(100_000));
    const from = performance.now();
    expect(parseFields(raw)).toHaveLength(100_000);
    expect(performance.now() - from).toBeLessThan(3000);
  });
});

describe('readable', () => {
  it('unfolds, decodes and takes control characters out', () => {
    expect(readable(' =?utf-8?Q?=D0=9F?=\r\n =?utf-8?Q?=D1=80?= x ')).toBe('Пр x');
    expect(readable('=?utf-8?Q?a=0D=0ABcc:_x?=')).toBe('a Bcc: x');
    expect(readable('a\u0000b\u001b[31mc\u007f')).toBe('a b [31mc');
  });
});

describe('parseParameters', () => {
  const table: readonly (readonly [field: string, value: string, parameters: Record<string, string>])[] = [
    ['text/plain', 'text/plain', {}],
    ['TEXT/Plain; Charset=UTF-8', 'text/plain', { charset: 'UTF-8' }],
    ['text/plain; charset="utf-8" ; format=flowed', 'text/plain', { charset: 'utf-8', format: 'flowed' }],
    ['a/b; x="a;b"; y="q\\"uote\\\\"', 'a/b', { x: 'a;b', y: 'q"uote\\' }],
    ['a/b;\r\n boundary="--=_x"', 'a/b', { boundary: '--=_x' }],
    ['a/b; x="never closed', 'a/b', { x: 'never closed' }],
    ['a/b; x=', 'a/b', { x: '' }],
    ['a/b; ; =y; z', 'a/b', {}],
    ['multipart/mixed (a comment); boundary=x', 'multipart/mixed', { boundary: 'x' }],
    ['attachment; filename=two words.txt', 'attachment', { filename: 'two words.txt' }],
    ['attachment; filename=a(1).pdf', 'attachment', { filename: 'a(1).pdf' }],
    ['attachment; filename="=?utf-8?B?0J/RgNC40LLQtdGCLnR4dA==?="', 'attachment', { filename: 'Привет.txt' }],
    ['attachment; filename==?koi8-r?B?8NLJ18XU?=', 'attachment', { filename: 'Привет' }],
    // RFC 2231 section 4.1
    [
      'message/external-body; access-type=URL; URL*0="ftp://"; URL*1="cs.utk.edu/"',
      'message/external-body',
      { 'access-type': 'URL', url: 'ftp://cs.utk.edu/' },
    ],
    [
      "a/x; title*0*=us-ascii'en'This%20is%20even%20more%20; title*1*=%2A%2A%2Afun%2A%2A%2A%20; title*2=\"isn't it!\"",
      'a/x',
      { title: "This is even more ***fun*** isn't it!" },
    ],
    ["attachment; filename*=utf-8''%D0%9F%D1%80.txt", 'attachment', { filename: 'Пр.txt' }],
    ["attachment; filename*=KOI8-R'ru'%F0%D2%C9.txt", 'attachment', { filename: 'При.txt' }],
    ["attachment; filename*=windows-1251''%CF%F0%E8", 'attachment', { filename: 'При' }],
    ["attachment; filename*=''a%20b", 'attachment', { filename: 'a b' }],
    ["attachment; filename*=x-unknown''caf%E9", 'attachment', { filename: 'café' }],
    ['attachment; filename*=plain.txt', 'attachment', { filename: 'plain.txt' }],
    ["attachment; filename*=utf-8''100%25%zz", 'attachment', { filename: '100%%zz' }],
    // Continuations out of order, and a character cut between two of them.
    ["a/b; n*1*=%9F.txt; n*0*=utf-8''%D0", 'a/b', { n: 'П.txt' }],
    ['a/b; n*10=k; n*2=c; n*0=a; n*1=b', 'a/b', { n: 'abck' }],
    ["a/b; n*0*=utf-8''%41; n*1=😀", 'a/b', { n: 'A😀' }],
    // Both forms, as many programs write them for older readers: the extended one is meant (RFC 6266 section 4.3).
    [
      'attachment; filename="Rates.txt"; filename*=utf-8\'\'%e2%82%ac.txt',
      'attachment',
      { filename: '€.txt' },
    ],
    [
      'attachment; filename*=utf-8\'\'%e2%82%ac.txt; filename="Rates.txt"',
      'attachment',
      { filename: '€.txt' },
    ],
    [
      "attachment; filename=short.txt; filename*0*=utf-8''%D0%9F; filename*1=.txt",
      'attachment',
      { filename: 'П.txt' },
    ],
    ['attachment; filename=first.txt; filename=second.txt', 'attachment', { filename: 'first.txt' }],
  ];
  it.each(table)('%s', (field, value, parameters) => {
    expect(parseParameters(field)).toEqual({ value, parameters });
  });

  it('is quick over hostile fields', () => {
    const from = performance.now();
    parseParameters(`a/b; ${'x*'.repeat(100_000)}=1`);
    parseParameters(`a/b; x="${'\\'.repeat(200_001)}`);
    parseParameters(`a/b${'; x*1*=%41'.repeat(20_000)}`);
    parseParameters(`a/b; ${' '.repeat(200_000)}`);
    parseParameters(`a/b ${'('.repeat(100_000)}`);
    expect(performance.now() - from).toBeLessThan(3000);
  });

  it('throws at nothing', () => {
    const scrap = fc.constantFrom(';', '=', '"', '\\', '*', '*0*', "'", '%', '%D0', 'utf-8', 'name', '\r\n ');
    fc.assert(
      fc.property(fc.array(fc.oneof(scrap, fc.string({ maxLength: 5 })), { maxLength: 40 }), (parts) => {
        expect(typeof parseParameters(parts.join('')).value).toBe('string');
      }),
    );
  });
});

describe('decodeCharset', () => {
  it('falls back to UTF-8, then to Latin-1', () => {
    expect(decodeCharset(bytes('Привет'), 'no-such-charset')).toBe('Привет');
    expect(decodeCharset(bytes('café', 'latin1'), 'no-such-charset')).toBe('café');
    expect(decodeCharset(Buffer.from([0xcf, 0xf0]), ' Windows-1251 ')).toBe('Пр');
  });
});
