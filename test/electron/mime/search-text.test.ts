import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { htmlWords } from '../../../electron/mime/html-words.ts';
import { digestMessage } from '../../../electron/mime/read.ts';
import { passage, searchText } from '../../../electron/mime/search-text.ts';
import { readStructure } from '../../../electron/mime/structure.ts';
import { parseQuery } from '../../../shared/search/parse.ts';

const raw = (text: string) => Buffer.from(text.replace(/\r?\n/gu, '\r\n'));
const read = (text: string) => searchText(raw(text), readStructure(raw(text)));
const multipart = (type: string, boundary: string, ...parts: string[]) =>
  `Content-Type: multipart/${type}; boundary="${boundary}"\n\n${parts.map((part) => `--${boundary}\n${part}\n`).join('')}--${boundary}--\n`;
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('what can be found of a letter', () => {
  it('its people, its subject, its text', () => {
    expect(
      read(
        'Bcc: Тайный <secret@example.org>\nFrom: =?utf-8?B?0JLQtdGA0LA=?= <vera@example.org>\nTo: a@b.test, Ёж <e@b.test>\nCc: c@d.test\nSubject: =?utf-8?Q?Caf=C3=A9?=\nContent-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: base64\n\n8NLJ18XU\n',
      ),
    ).toEqual({
      subject: 'cafe',
      from: 'вера vera example org',
      to: 'a b test еж e b test',
      cc: 'c d test тайный secret example org',
      body: 'привет',
      files: '',
    });
  });

  it('all parts, letters within the letter, names of files', () => {
    const inner = `From: Inner <in@x.test>\nSubject: within\n${multipart('mixed', 'b', '\ninner text', 'Content-Type: image/png; name="inner.png"\n\nPNG')}`;
    const found = read(
      `Subject: x\n${multipart(
        'mixed',
        'a',
        '\nouter text',
        `Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${base64('<p>second <b>p</b>art</p>')}`,
        `Content-Type: message/rfc822\n\n${inner}`,
        `Content-Type: text/calendar\n\nSUMMARY:Meeting`,
        `Content-Type: application/pdf\nContent-Disposition: attachment; filename*=utf-8''%D1%81%D1%87%D1%91%D1%82.pdf\n\nunseen`,
      )}`,
    );
    for (const words of [
      'outer text',
      'second part',
      'within',
      'inner in x test',
      'inner text',
      'summary meeting',
    ])
      expect(found.body).toContain(words);
    expect(found.body).not.toMatch(/unseen|png/u);
    expect(found.files).toBe('inner png счет pdf');
  });

  it('of two alternatives the plain one, and the other too where that one says nothing', () => {
    const html = (text: string) => `Content-Type: text/html\n\n<p>${text}</p>`;
    expect(
      read(multipart('alternative', 'a', `\n${'plain words '.repeat(60)}`, html('same words'))).body,
    ).not.toContain('same');
    const stub = read(multipart('alternative', 'a', '\nsee the HTML', html('all words'))).body;
    expect(stub).toMatch(/see the html.*all words/u);
  });

  it('not data, nor the rest of long addresses on the web', () => {
    const { body } = read(
      `\nsee https://shop.example/offers?${'track'.repeat(50)} now\n${'QUJD'.repeat(19)}\n${'ab+/'.repeat(19)}\nend`,
    );
    expect(body).toMatch(/^see https shop example offers track\w{1,48} now end$/u);
  });

  it('no more of it than can be kept', () => {
    const { body, files } = read(`\n${'word '.repeat(400_000)}last`);
    expect(body.length).toBeLessThanOrEqual(512 * 1024);
    expect(body).not.toContain('last');
    expect(files).toBe('');
  });

  it('HTML as it is read, not as it is written', () => {
    expect(
      htmlWords(
        '<style>css</style><script>js()</script><h1>Head</h1>one<br>two<td>a<td>b<p>W<b>or</b>d &eacute;<img alt="a picture">',
      )
        .replace(/\s+/gu, ' ')
        .trim(),
    ).toBe('Head one two a b Word é a picture');
    const start = performance.now();
    expect(htmlWords('<div>'.repeat(300_000) + 'deep').trim()).toBe('deep');
    htmlWords('<'.repeat(500_000));
    htmlWords('&amp'.repeat(200_000) + '<img alt="'.repeat(50_000));
    expect(performance.now() - start).toBeLessThan(2000);
    expect(htmlWords('<script>never closed').trim()).toBe('');
  });

  it('anything at all, without an error', () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    const text = fc
      .string({ maxLength: 300 })
      .map((one) => raw(`Content-Type: multipart/alternative; boundary=a\n\n--a\n${one}\n--a\n`));
    fc.assert(
      fc.property(fc.oneof(bytes, text), (given) => {
        expect(searchText(given, readStructure(given)).body.length).toBeLessThanOrEqual(2000);
      }),
      { numRuns: 1000, seed: 20_261_121 },
    );
  });

  it('comes with the digest, and is found again as a passage', async () => {
    const letter = raw('Subject: x\n\nThe first line.\n> The Needle, quoted\n');
    expect((await digestMessage(letter)).search?.body).toBe('the first line the needle quoted');
    expect(passage(letter, parseQuery('needle', 0))).toEqual({
      text: 'The first line. > The Needle, quoted',
      marks: [[22, 28]],
    });
    expect(passage(letter, parseQuery('subject:x', 0))).toBeUndefined();
  });
});
