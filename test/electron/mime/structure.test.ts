import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attachmentBytes,
  attachmentsOf,
  digestMessage,
  inlineBytes,
  readBodies,
} from '../../../electron/mime/read.ts';
import { decodePart, leaves, readStructure } from '../../../electron/mime/structure.ts';
import type { StructurePart } from '../../../shared/model/message.ts';

// The same cases each time; another seed finds others.
fc.configureGlobal({ seed: 20_261_121 });

const bytes = (text: string) => Buffer.from(text, 'latin1');
const crlf = (text: string) => text.replace(/\r?\n/gu, '\r\n');

/** The tree as lines: number, type, and the body that the offsets point at. */
function told(raw: Buffer, part = readStructure(raw)): string[] {
  const body = raw.subarray(part.bodyStart, part.end).toString('latin1');
  const own =
    part.children.length > 0
      ? `${part.part} ${part.type}`
      : `${part.part} ${part.type} ${JSON.stringify(body)}`;
  return [own, ...part.children.flatMap((child) => told(raw, child))];
}

const multipart = (type: string, boundary: string, ...parts: string[]) =>
  `Content-Type: multipart/${type}; boundary="${boundary}"\n\n${parts.map((part) => `--${boundary}\n${part}\n`).join('')}--${boundary}--\n`;

const TABLE: readonly (readonly [about: string, raw: string, parts: readonly string[]])[] = [
  ['a plain letter', 'Subject: x\n\nbody\n', ['1 text/plain "body\\r\\n"']],
  ['nothing', '', ['1 text/plain ""']],
  ['no header', '\nbody', ['1 text/plain "body"']],
  ['header only', 'Subject: x\n', ['1 text/plain ""']],
  ['a type that is none', 'Content-Type: what\n\nx', ['1 text/plain "x"']],
  [
    'two parts, with preamble and epilogue',
    `Content-Type: multipart/mixed; boundary=b\n\npreamble\n--b\n\none\n--b \t\nContent-Type: text/html\n\n<p>two\n\n--b--\nepilogue\n--b\n`,
    [' multipart/mixed', '1 text/plain "one"', '2 text/html "<p>two\\r\\n"'],
  ],
  [
    'nested',
    multipart(
      'mixed',
      'a',
      multipart('alternative', 'a.b', '\ntext', 'Content-Type: text/html\n\nhtml'),
      'Content-Type: image/png\n\npng',
    ),
    [
      ' multipart/mixed',
      '1 multipart/alternative',
      '1.1 text/plain "text"',
      '1.2 text/html "html"',
      '2 image/png "png"',
    ],
  ],
  [
    'a boundary that begins another',
    multipart('mixed', 'a', multipart('mixed', 'a1', '\ninner'), '\nouter'),
    [' multipart/mixed', '1 multipart/mixed', '1.1 text/plain "inner"', '2 text/plain "outer"'],
  ],
  [
    'a letter in a letter (RFC 9051 section 6.4.5.1)',
    multipart(
      'mixed',
      'a',
      '\ntext',
      `Content-Type: message/rfc822\n\nSubject: inner\n${multipart('mixed', 'b', '\nx', 'Content-Type: image/gif\n\ny')}`,
      'Content-Type: message/rfc822\n\nSubject: plain\n\nz',
    ),
    [
      ' multipart/mixed',
      '1 text/plain "text"',
      '2 message/rfc822',
      '2 multipart/mixed',
      '2.1 text/plain "x"',
      '2.2 image/gif "y"',
      '3 message/rfc822',
      '3.1 text/plain "z"',
    ],
  ],
  [
    'a digest',
    multipart('digest', 'd', '\nSubject: one\n\nx', 'Content-Type: text/plain\n\ny'),
    [' multipart/digest', '1 message/rfc822', '1.1 text/plain "x"', '2 text/plain "y"'],
  ],
  [
    'no end',
    'Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n',
    [' multipart/mixed', '1 text/plain "one"', '2 text/plain "two\\r\\n"'],
  ],
  [
    'no boundary line',
    'Content-Type: multipart/mixed; boundary=b\n\nall of it\n',
    ['1 multipart/mixed "all of it\\r\\n"'],
  ],
  [
    'no boundary at all',
    'Content-Type: multipart/mixed\n\nall of it\n',
    ['1 multipart/mixed "all of it\\r\\n"'],
  ],
  [
    'an empty boundary',
    'Content-Type: multipart/mixed; boundary=""\n\n--\nx\n----\n',
    ['1 multipart/mixed "--\\r\\nx\\r\\n----\\r\\n"'],
  ],
  [
    'a boundary within a line',
    'Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx --b y\n --b\n--bb\n--b--x\n--b--\n',
    [' multipart/mixed', '1 text/plain "x --b y\\r\\n --b\\r\\n--bb\\r\\n--b--x"'],
  ],
  [
    'empty parts',
    'Content-Type: multipart/mixed; boundary=b\n\n--b\n--b\n\n--b--',
    [' multipart/mixed', '1 text/plain ""', '2 text/plain ""'],
  ],
];

describe('readStructure', () => {
  it.each(TABLE)('%s', (_about, raw, parts) => {
    expect(told(bytes(crlf(raw)))).toEqual(parts);
    // The same with bare line feeds.
    expect(told(bytes(raw))).toEqual(parts.map((part) => part.replaceAll('\\r\\n', '\\n')));
  });

  it('says what a part is', () => {
    const raw = bytes(
      'Content-Type: Text/HTML; charset="KOI8-R"; name=old.html\r\nContent-Transfer-Encoding: BASE64\r\nContent-Disposition: Attachment; filename*=utf-8\'\'%D0%9F.html\r\n\r\nQQ==\r\n',
    );
    expect(readStructure(raw)).toEqual({
      part: '1',
      type: 'text/html',
      name: 'П.html',
      encoding: 'base64',
      charset: 'KOI8-R',
      disposition: 'attachment',
      start: 0,
      bodyStart: raw.indexOf('QQ'),
      end: raw.length,
      children: [],
    });
  });

  it('bounds depth and number', () => {
    const deep = Array.from(
      { length: 2000 },
      (_one, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`,
    );
    const wide = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(30_000)}--b--\r\n`;
    const from = performance.now();
    expect(leaves(readStructure(bytes(deep.join('')))).length).toBeGreaterThan(0);
    const found = leaves(readStructure(bytes(wide)));
    expect(found.length).toBeLessThanOrEqual(10_000);
    expect(found.length).toBeGreaterThan(9000);
    expect(performance.now() - from).toBeLessThan(4000);
  });

  it('of anything: parts lie within their parents, in order', () => {
    const scrap = fc.constantFrom(
      '--b\r\n',
      '--b--\r\n',
      '--c\r\n',
      'Content-Type: multipart/mixed; boundary=b\r\n',
      'Content-Type: multipart/mixed; boundary=c\n',
      'Content-Type: message/rfc822\r\n',
      '\r\n',
      '\n',
      'x',
      '--b',
    );
    const check = (part: StructurePart, from: number, to: number) => {
      expect(part.start).toBeGreaterThanOrEqual(from);
      expect(part.bodyStart).toBeGreaterThanOrEqual(part.start);
      expect(part.bodyStart).toBeLessThanOrEqual(part.end);
      expect(part.end).toBeLessThanOrEqual(to);
      for (const child of part.children) check(child, part.bodyStart, part.end);
    };
    fc.assert(
      fc.property(fc.array(scrap, { maxLength: 30 }), (parts) => {
        const raw = bytes(`Content-Type: multipart/mixed; boundary=b\r\n${parts.join('')}`);
        check(readStructure(raw), 0, raw.length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('decodePart', () => {
  const part = (encoding: string, body: string) => {
    const raw = bytes(`Content-Transfer-Encoding: ${encoding}\r\n\r\n${body}`);
    return decodePart(raw, readStructure(raw)).toString('latin1');
  };
  it.each([
    ['base64', '0J/RgNC4\r\n', 'ÐÑ\u0080Ð¸'.replace('ÐÑ', 'Ð\u009fÑ')],
    ['base64', 'QU!J\r\n D*', 'ABC'],
    ['base64', 'QUI', 'AB'],
    ['BASE64 ', 'QUI=', 'AB'],
    ['quoted-printable', 'a=20b=3D=\r\nc=\nd \t\r\ne', 'a b=cd\r\ne'],
    ['quoted-printable', 'a=ZZ=4\r\n==41', 'a=ZZ=4\r\n=A'],
    ['quoted-printable', 'x= \r\ny', 'xy'],
    ['7bit', 'a=20b\r\n', 'a=20b\r\n'],
    ['x-unknown', 'raw\xff', 'raw\xff'],
  ])('%s %j', (encoding, body, decoded) => {
    expect(part(encoding, body)).toBe(decoded);
  });

  it.each([
    ['white space', `${' '.repeat(300_000)}x`],
    ['equals signs', '='.repeat(500_000)],
    ['soft line ends', '=\r\n'.repeat(200_000)],
    ['white space in pieces', `${' '.repeat(50_000)}x\r\n`.repeat(5)],
  ])('quoted-printable is quick over %s', (_about, body) => {
    const from = performance.now();
    part('quoted-printable', body);
    expect(performance.now() - from).toBeLessThan(2000);
  });

  it('gives back what was encoded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (given) => {
        const body = Buffer.from(given).toString('base64').replace(/.{20}/gu, '$&\r\n');
        const raw = bytes(`Content-Transfer-Encoding: base64\r\n\r\n${body}`);
        expect(decodePart(raw, readStructure(raw)).equals(Buffer.from(given))).toBe(true);
      }),
    );
  });
});

describe('attachments', () => {
  const list = (raw: Buffer) =>
    attachmentsOf(raw, readStructure(raw)).map(({ part, name, type, size, inline }) => ({
      part,
      name,
      type,
      size,
      inline,
    }));

  it('are named as they were meant, decoded, byte for byte', () => {
    const koi = Buffer.from([0xf0, 0xd2, 0xc9]).toString('base64');
    const raw = bytes(
      crlf(
        multipart(
          'mixed',
          'b',
          '\ntext',
          `Content-Type: application/pdf; name="=?koi8-r?B?${koi}?="\nContent-Transfer-Encoding: base64\n\nAAECAw==`,
          "Content-Type: text/plain\nContent-Disposition: attachment;\n filename*0*=utf-8''%D0%9F;\n filename*1*=%D1%80.txt\n\nhello",
          'Content-Type: text/plain; name=notes.txt\n\nnotes',
          'Content-Type: application/octet-stream\nContent-Disposition: attachment; filename=""\n\nx',
          'Content-Type: text/html\nContent-Disposition: attachment\n\n<p>',
        ),
      ),
    );
    expect(list(raw)).toEqual([
      { part: '2', name: 'При', type: 'application/pdf', size: 4, inline: false },
      { part: '3', name: 'Пр.txt', type: 'text/plain', size: 5, inline: false },
      { part: '4', name: 'notes.txt', type: 'text/plain', size: 5, inline: false },
      { part: '5', name: 'part-5.octet', type: 'application/octet-stream', size: 1, inline: false },
      { part: '6', name: 'part-6.html', type: 'text/html', size: 3, inline: false },
    ]);
    expect(Buffer.from(attachmentBytes(raw, '2')?.bytes ?? []).equals(Buffer.from([0, 1, 2, 3]))).toBe(true);
    expect(attachmentBytes(raw, '9')).toBeUndefined();
  });

  it('are found in alternatives and related parts too', () => {
    const raw = bytes(
      crlf(
        multipart(
          'alternative',
          'a',
          '\ntext',
          multipart(
            'related',
            'r',
            'Content-Type: text/html\n\n<img src="cid:pic@x">',
            'Content-Type: image/png\nContent-ID: <pic@x>\n\nPNG',
            'Content-Type: application/zip; name=hidden.zip\n\nPK',
          ),
          'Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR',
        ),
      ),
    );
    expect(list(raw)).toEqual([
      { part: '2.2', name: 'part-2.2.png', type: 'image/png', size: 3, inline: true },
      { part: '2.3', name: 'hidden.zip', type: 'application/zip', size: 2, inline: false },
      { part: '3', name: 'part-3.calendar', type: 'text/calendar', size: 15, inline: false },
    ]);
    expect(Buffer.from(inlineBytes(raw, 'pic@x')?.bytes ?? []).toString()).toBe('PNG');
    expect(Buffer.from(inlineBytes(raw, 'pic%40x')?.bytes ?? []).toString()).toBe('PNG');
    expect(inlineBytes(raw, 'other')).toBeUndefined();
    expect(inlineBytes(raw, '')).toBeUndefined();
  });

  it('a letter in a letter is one attachment, whole', async () => {
    const inner = crlf(
      `Subject: inner\n${multipart('mixed', 'i', '\ninner text', 'Content-Type: image/png; name=x.png\n\nPNG')}`,
    );
    const raw = bytes(
      crlf(multipart('mixed', 'o', '\nouter text', `Content-Type: message/rfc822\n\n${inner}`)),
    );
    expect(list(raw)).toEqual([
      { part: '2', name: 'message-2.eml', type: 'message/rfc822', size: inner.length, inline: false },
    ]);
    expect(Buffer.from(attachmentBytes(raw, '2')?.bytes ?? []).toString()).toBe(inner);
    expect(await digestMessage(raw)).toMatchObject({ snippet: 'outer text', attachments: 1 });
  });
});

describe('texts', () => {
  const read = (raw: string, encoding: BufferEncoding = 'utf8') =>
    readBodies(Buffer.from(crlf(raw), encoding));

  it('in the charset they are in', async () => {
    expect((await read('Content-Type: text/plain; charset=utf-8\n\nПривет')).text).toBe('Привет');
    expect(
      (
        await read(
          'Content-Type: text/plain; charset=windows-1251\nContent-Transfer-Encoding: base64\n\nz/Do4uXy',
        )
      ).text,
    ).toBe('Привет');
    expect(
      (
        await read(
          'Content-Type: text/html; charset=koi8-r\nContent-Transfer-Encoding: quoted-printable\n\n<p>=F0=D2=C9',
        )
      ).html,
    ).toContain('При');
    expect((await read('Content-Type: text/plain; charset=x-none\n\nabc')).text).toBe('abc');
  });

  it('of HTML alone there is a plain text as well', async () => {
    const found = await read(
      'Content-Type: text/html\n\n<p>Hello <b>you</b></p><script>no()</script><style>no{}</style><p>there</p>',
    );
    expect(found.text).toMatch(/Hello you\s+there/u);
    expect(found.text).not.toMatch(/no/u);
  });

  it.each([
    ['a multipart without its boundary', 'Content-Type: multipart/mixed; boundary=x\n\nhello\n'],
    ['a multipart without any', 'Content-Type: multipart/alternative\n\nhello\n'],
    ['a header of more than a megabyte', `X-Long: ${'a'.repeat(1_200_000)}\nSubject: x\n\nhello\n`],
    [
      '1200 levels',
      `${Array.from({ length: 1200 }, (_one, at) => `Content-Type: multipart/mixed; boundary=b${at}\n\n--b${at}\n`).join('')}\nhello\n`,
    ],
    [
      '2000 parts',
      multipart(
        'mixed',
        'b',
        '\nhello',
        ...Array.from({ length: 2000 }, () => 'Content-Type: image/gif\n\nx'),
      ),
    ],
    [
      'HTML 6000 levels deep',
      `Content-Type: text/html\n\n${'<div>'.repeat(6000)}hello${'</div>'.repeat(6000)}`,
    ],
  ])('%s: its words are shown all the same', async (_about, raw) => {
    const from = performance.now();
    const found = await read(raw);
    expect(found.text).toContain('hello');
    expect(performance.now() - from).toBeLessThan(5000);
  });

  it('HTML however deep is HTML, and its words are not lost', async () => {
    const found = await read(
      `Content-Type: text/html\n\n${'<div>'.repeat(6000)}hello${'</div>'.repeat(6000)}`,
    );
    expect(found.html).toContain('hello');
    expect(found.text.trim()).toBe('hello');
  });

  it('a snippet is the first new words', async () => {
    const digest = async (text: string) =>
      (await digestMessage(Buffer.from(crlf(`Content-Type: text/plain; charset=utf-8\n\n${text}`)))).snippet;
    expect(await digest('> quoted\nHello,\n\n  world!  https://example.org/very/long')).toBe('Hello, world!');
    expect(await digest('слово '.repeat(100))).toHaveLength(160);
    expect(await digest('😀'.repeat(200))).toBe('😀'.repeat(160));
    expect(await digest('')).toBe('');
    expect(
      (
        await digestMessage(
          Buffer.from('Content-Type: text/html\r\n\r\n<p>Buy <a href="https://shop.example/x">now</a>!</p>'),
        )
      ).snippet,
    ).toMatch(/^Buy now ?!$/u);
  });

  it('of anything, and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (raw) => {
        const found = await readBodies(raw);
        expect(typeof found.text).toBe('string');
        await digestMessage(raw);
      }),
      { numRuns: 60 },
    );
  });
});
