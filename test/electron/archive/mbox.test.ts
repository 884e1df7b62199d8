import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MboxKind } from '../../../electron/app/ports-store.ts';
import { archives } from '../../../electron/archive/archives.ts';
import { LetterNames } from '../../../electron/archive/names.ts';
import { FromLines } from '../../../electron/mbox/from-lines.ts';
import { fromLineDate, postmark, readPostmark } from '../../../electron/mbox/postmark.ts';
import { temporary } from '../store/profile.ts';

fc.configureGlobal({ seed: 20_261_121 });

const LINE = 'From vera@example.org Sat Nov 21 10:42:07 2026\n';
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const AT = Date.UTC(2026, 10, 21, 10, 42, 7);

async function read(content: string | Buffer, name = 'box', told?: MboxKind) {
  const path = join(temporary(), name);
  writeFileSync(path, content);
  const archive = await archives.open(path, told);
  const found = [];
  for await (const one of archive.letters()) found.push(one);
  const letters = found.flatMap((one) => ('letter' in one ? [one.letter] : []));
  return {
    kind: archive.kind,
    texts: letters.map((one) => Buffer.from(one.bytes).toString('latin1')),
    flags: letters.map((one) => one.flags),
    dates: letters.map((one) => one.date),
    done: found.map((one) => one.done),
    undecided: found.filter((one) => 'undecided' in one && one.undecided).length,
  };
}

describe('an mbox of another program', () => {
  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ])('line ends %s stay as they are', async (_about, end) => {
    const lines = (...all: string[]) => all.map((line) => `${line}${end}`).join('');
    const one = lines('Subject: one', '', 'text', '', 'From nowhere', '', 'more');
    const two = lines('Subject: two', '', '>quoted', '');
    const line = LINE.replace('\n', end);
    const found = await read(`${line}${one}${end}${line}${two}${end}`);
    expect(found).toMatchObject({ kind: 'mboxrd', texts: [one, two], dates: [AT, AT] });
  });

  it('quoting is undone by one level', async () => {
    const found = await read(`${LINE}Subject: x\n\n>From a\n>>From b\n> From c\n>Fromage\n\n`);
    expect(found.texts).toEqual(['Subject: x\n\nFrom a\n>From b\n> From c\n>Fromage\n']);
  });

  it('only a line with a date after an empty line begins a message', async () => {
    const text = `Subject: x\n\nwords\nFrom vera Sat Nov 21 10:42:07 2026\n\nFrom here to there\n\nFrom \n`;
    expect((await read(`${LINE}${text}\n${LINE}Subject: y\n\n\n`)).texts).toEqual([text, 'Subject: y\n\n']);
  });

  it('a file whose lines have no date', async () => {
    expect((await read('From a\nSubject: x\n\nfoo\n\nFrom b\nSubject: y\n\nbar\n')).texts).toEqual([
      'Subject: x\n\nfoo\n',
      'Subject: y\n\nbar\n',
    ]);
  });

  it('the last message may end anyhow', async () => {
    for (const end of ['', '\n', '\n\n', '\r\n'])
      expect((await read(`${LINE}Subject: x\n\nfoo${end}`)).texts).toEqual([
        `Subject: x\n\nfoo${end.replace('\n\n', '\n')}`,
      ]);
  });

  it('what is empty has no letters', async () => {
    expect(await read('')).toMatchObject({ kind: 'mboxrd', texts: [] });
    expect((await read(LINE)).texts).toEqual(['']);
    expect((await read(`\n\n${LINE}Subject: x\n\n\n`)).texts).toEqual(['Subject: x\n\n']);
  });

  it.each([
    ['From - Sat Nov 21 10:42:07 2026', AT],
    ['From vera@example.org  Sat Nov  1 10:42:07 2026', Date.UTC(2026, 10, 1, 10, 42, 7)],
    ['From a@b Sat Nov 21 10:42 2026', Date.UTC(2026, 10, 21, 10, 42)],
    ['From a@b Sat Nov 21 12:42:07 +0200 2026', AT],
    ['From a@b Sat Nov 21 12:42:07 2026 +0200', AT],
    ['From a@b Sat Nov 21 10:42:07 GMT 2026', AT],
    ['From "a b"@c Sat Nov 21 10:42:07 1996', Date.UTC(1996, 10, 21, 10, 42, 7)],
    ['From here to eternity', undefined],
    ['From now on, in Nov 21 10:42:07 or so', undefined],
  ])('the date of %s', (line, date) => {
    expect(fromLineDate(line)).toBe(date);
  });

  it('flags as others write them', async () => {
    const all = [
      'Status: RO\nX-Status: AF\n',
      'Status: O\n',
      'X-Status: DT\n',
      'X-Mozilla-Status: 0001\n',
      'X-Mozilla-Status: 1006\nX-Mozilla-Status2: 00000000\n',
      'X-Mozilla-Status: nonsense\n',
    ];
    const texts = all.map((fields) => `${fields}Subject: x\n\n`);
    const found = await read(texts.map((text) => `${LINE}${text}\n`).join(''));
    expect(found.texts).toEqual(texts);
    expect(found.flags.map((flags) => flags.toSorted())).toEqual([
      ['answered', 'flagged', 'seen'],
      [],
      ['deleted', 'draft'],
      ['seen'],
      ['answered', 'flagged', 'forwarded'],
      [],
    ]);
  });
});

/** As each kind of writer puts `>` before lines. */
const WRITERS: Record<MboxKind, (text: string) => string> = {
  mboxo: (text) => text.replaceAll(/^From /gmu, '>From '),
  mboxrd: (text) => text.replaceAll(/^(>*From )/gmu, '>$1'),
  mboxcl: (text) => withLength(text.replaceAll(/^(>*From )/gmu, '>$1')),
  mboxcl2: (text) => withLength(text),
};

function withLength(text: string): string {
  const [header = '', body = ''] = text.split('\n\n', 2);
  return `${header}\nContent-Length: ${body.length}\n\n${body}`;
}

describe('an mbox of which the person says the kind', () => {
  const body = fc
    .array(fc.constantFrom('From a', '>From b', '>>From c', 'words', '> words', '>>>From d'), {
      minLength: 1,
    })
    .map((lines) => `${lines.join('\n')}\n`);

  it.each(['mboxrd', 'mboxcl', 'mboxcl2'] as const)('%s gives every byte back', async (kind) => {
    await fc.assert(
      fc.asyncProperty(fc.array(body, { minLength: 1, maxLength: 4 }), async (bodies) => {
        const texts = bodies.map((one) => `Subject: x\n\n${one}`);
        const found = await read(texts.map((one) => `${LINE}${WRITERS[kind](one)}\n`).join(''), 'box', kind);
        const expected = kind === 'mboxrd' ? texts : texts.map(withLength);
        const bodiesOf = (all: string[]) => all.map((one) => one.split('\n\n', 2)[1]);
        expect(bodiesOf(found.texts)).toEqual(bodiesOf(expected));
        expect(found).toMatchObject({ kind, undecided: 0 });
      }),
      { numRuns: 60 },
    );
  });

  it('mboxo gives back all but lines >From, which were From as far as anybody knows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(body, { minLength: 1, maxLength: 4 }), async (bodies) => {
        const texts = bodies.map((one) => `Subject: x\n\n${one}`);
        const found = await read(
          texts.map((one) => `${LINE}${WRITERS.mboxo(one)}\n`).join(''),
          'box',
          'mboxo',
        );
        expect(found.texts).toEqual(texts.map((one) => one.replaceAll(/^>From /gmu, 'From ')));
        // Written again by such a writer it is the same file.
        expect(found.texts.map(WRITERS.mboxo)).toEqual(texts.map(WRITERS.mboxo));
      }),
      { numRuns: 60 },
    );
  });

  it('without a word from the person what is undecided is withLength, and read as mboxrd', async () => {
    const box = (text: string) => `${LINE}Subject: x\n\n${text}\n\n`;
    const plain = box('>From a');
    expect(await read(plain)).toMatchObject({ kind: 'mboxrd', undecided: 0 });
    expect((await read(plain, 'box', 'mboxo')).texts).toEqual((await read(plain)).texts);
    const either = plain + box('>>From b') + box('>>>From c');
    expect(await read(either)).toMatchObject({
      undecided: 2,
      texts: ['From a', '>From b', '>>From c'].map((text) => `Subject: x\n\n${text}\n`),
    });
    expect(await read(either, 'box', 'mboxo')).toMatchObject({
      kind: 'mboxo',
      undecided: 0,
      texts: ['From a', '>>From b', '>>>From c'].map((text) => `Subject: x\n\n${text}\n`),
    });
  });

  it('Content-Length counts for nothing in mboxo and mboxrd', async () => {
    const text = `Subject: x\nContent-Length: ${4 + LINE.length}\n\nab\n\n`;
    for (const kind of ['mboxo', 'mboxrd'] as const)
      expect((await read(`${LINE}${text}${LINE}\n`, 'box', kind)).texts).toHaveLength(2);
    expect((await read(`${LINE}${text}${LINE}\n`)).texts).toHaveLength(1);
  });

  it('letters of ours are known by their hash, whatever is said', async () => {
    const raw = Buffer.from('Subject: x\n\n>>From a\n');
    const mark = postmark({ length: raw.length, sha256: sha256(raw), date: AT, flags: '' });
    const found = await read(`${mark}${WRITERS.mboxrd(raw.toString())}\n`, 'box', 'mboxo');
    expect(found.texts).toEqual([raw.toString()]);
  });

  it('what is no mbox is none', async () => {
    await expect(read('Subject: x\n\n', 'a.eml', 'mboxo')).rejects.toThrow('no mbox file');
    await expect(archives.open(temporary(), 'mboxrd')).rejects.toThrow('no mbox file');
    expect((await read(`${LINE}Subject: x\n\n\n`, 'a.eml', 'mboxo')).texts).toHaveLength(1);
  });
});

describe('messages with Content-Length', () => {
  const counted = (body: string) => `Subject: x\nContent-Length: ${body.length}\n\n${body}`;

  it('mboxcl2: nothing is quoted, and a line From is text', async () => {
    const texts = [
      counted(`a\n\n${LINE}\n>From quoted by its writer\n`),
      counted('>From also\n'),
      counted(''),
      counted('no line end'),
    ];
    const found = await read(texts.map((text) => `${LINE}${text}\n`).join(''));
    expect(found).toMatchObject({ kind: 'mboxcl2', texts });
  });

  it('mboxcl: quoted all the same', async () => {
    const found = await read(`${LINE}${counted('a\n>From b\n')}\n${LINE}${counted('c\n')}\n`);
    expect(found.kind).toBe('mboxcl');
    expect(found.texts).toEqual([counted('a\n>From b\n').replace('>From', 'From'), counted('c\n')]);
  });

  it('a wrong length is not believed', async () => {
    for (const length of ['3', '9999', '-1', '1e3', 'x']) {
      const text = `Subject: x\nContent-Length: ${length}\n\nlonger than that\n`;
      const found = await read(`${LINE}${text}\n${LINE}${counted('c\n')}\n`);
      expect(found.texts).toEqual([text, counted('c\n')]);
    }
  });
});

describe('one file or a folder', () => {
  it('an .eml may begin with a line From of its own', async () => {
    const text = 'From vera Sat Nov 21 10:42:07 2026\r\nSubject: x\r\n\r\n';
    expect(await read(text, 'a.EML')).toMatchObject({ kind: 'eml', texts: [text] });
    expect(await read('Subject: x\n\nfoo', 'letter.txt')).toMatchObject({ kind: 'eml' });
  });

  it('a folder of .eml by name, others and subfolders apart', async () => {
    const folder = temporary();
    for (const name of ['b.eml', 'a.eml', 'c.txt', '.d.eml']) writeFileSync(join(folder, name), name);
    mkdirSync(join(folder, 'e.eml'));
    symlinkSync('/nowhere', join(folder, 'f.eml'));
    const archive = await archives.open(folder);
    const names = [];
    for await (const one of archive.letters())
      names.push('letter' in one ? Buffer.from(one.letter.bytes).toString() : one.problem.name);
    expect([archive.kind, archive.size, names]).toEqual(['eml-folder', 10, ['a.eml', 'b.eml']]);
  });

  it('a Maildir in the order of delivery, wherever a letter lies', async () => {
    const folder = temporary();
    mkdirSync(join(folder, 'cur'));
    mkdirSync(join(folder, 'new'));
    for (const name of ['new/10.b.host', 'cur/9.a.host:2,PR', 'cur/11.c.host:2,', 'cur/odd;2,S'])
      writeFileSync(join(folder, name), name);
    const found = [];
    for await (const one of (await archives.open(folder)).letters())
      found.push('letter' in one ? [Buffer.from(one.letter.bytes).toString(), one.letter.flags] : one);
    expect(found).toEqual([
      ['cur/9.a.host:2,PR', ['forwarded', 'answered']],
      ['new/10.b.host', []],
      ['cur/11.c.host:2,', []],
      ['cur/odd;2,S', ['seen']],
    ]);
  });

  it('what is no mail says so', async () => {
    await expect(archives.open(join(temporary(), 'nothing'))).rejects.toThrow(/not-found/u);
    await expect(archives.open(temporary())).rejects.toThrow(/bad-request.*no .eml files/u);
    await expect(archives.open('/dev/null')).rejects.toThrow(/neither a file nor a folder/u);
  });
});

describe('lines that begin with From', () => {
  it('are the same however the file is cut', () => {
    const scrap = fc.constantFrom(
      'From ',
      '\n',
      '\r\n',
      'a',
      'Fro',
      'm ',
      `\n${LINE}`,
      'x'.repeat(1200),
      '\n\n',
    );
    fc.assert(
      fc.property(
        fc.array(scrap, { maxLength: 30 }),
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 }),
        (parts, cuts) => {
          const all = Buffer.from(parts.join(''), 'latin1');
          const whole = new FromLines();
          const expected = [...whole.push(all), ...whole.end()];
          const finder = new FromLines();
          const found = [];
          for (let at = 0, cut = 0; at < all.length; cut += 1) {
            const length = cuts[cut % cuts.length] ?? 1;
            found.push(...finder.push(all.subarray(at, at + length)));
            at += length;
          }
          expect([...found, ...finder.end()]).toEqual(expected);
          const text = all.toString('latin1');
          const plain = [...text.matchAll(/^From .*$/gmu)]
            .filter(
              (match) =>
                Buffer.byteLength(match[0]) <= 1000 && (match.index === 0 || text[match.index - 1] === '\n'),
            )
            .map((match) => [match.index, /^(?:\r?\n)?$|\n\r?\n$/u.test(text.slice(0, match.index))]);
          expect(expected.map((line) => [line.at, line.afterBlank])).toEqual(plain);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('ours tell what they were told', () => {
    const mark = { length: 12, sha256: 'a'.repeat(64), flags: 'FS', date: AT };
    expect(readPostmark(postmark(mark).trimEnd())).toEqual(mark);
    expect(readPostmark(LINE)).toBeUndefined();
    for (const date of [Number.NaN, 8.64e15, -8.64e15])
      expect(readPostmark(postmark({ ...mark, date }).trimEnd())).toMatchObject({ length: 12 });
  });
});

describe('names of letters', () => {
  const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu;

  it('are short, safe everywhere, and differ even where case does not count', () => {
    const subject = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      fc.constantFrom(
        'CON',
        '../../etc/passwd',
        'a/b\\c:d',
        '.',
        '..',
        '',
        'x. ',
        '\u202Egnp.exe',
        'щ'.repeat(300),
        '\uD800',
        'Same',
        'same',
        '🙂'.repeat(100),
      ),
    );
    fc.assert(
      fc.property(fc.array(subject, { minLength: 1, maxLength: 20 }), (subjects) => {
        const names = new LetterNames();
        const all = subjects.map((one, at) => names.next(AT + (at > 10 ? 1000 : 0), one));
        for (const name of all) {
          expect(name).toMatch(/^2026-11-21 10\.42\.0[78](?:-\d{6})? .*\S\.eml$/u);
          expect(name).not.toMatch(/[<>:"/\\|?*\p{Cc}\p{Cf}]/u);
          expect(name).not.toMatch(DEVICE);
          expect(Buffer.byteLength(name)).toBeLessThan(255);
        }
        expect(new Set(all.map((name) => name.toLowerCase())).size).toBe(all.length);
        expect(all.toSorted()).toEqual(all);
      }),
      { numRuns: 200 },
    );
    expect(new LetterNames().next(Number.NaN, 'x')).toBe('1970-01-01 00.00.00 x.eml');
  });
});
