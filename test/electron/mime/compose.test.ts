import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { composeMessage } from '../../../electron/mime/compose.ts';
import { attachmentBytes, attachmentsOf } from '../../../electron/mime/read.ts';
import { readStructure } from '../../../electron/mime/structure.ts';
import type { Composition } from '../../../electron/app/ports.ts';
import { parseFields } from '../../../shared/mail/header.ts';
import type { Draft } from '../../../shared/model/draft.ts';
import type { AccountId, DraftId } from '../../../shared/model/ids.ts';

// The same cases each time; another seed finds others.
fc.configureGlobal({ seed: 20_261_121 });

const DATE = Date.UTC(2026, 10, 21, 10, 42);

function composition(draft: Partial<Draft> = {}, attachments: Composition['attachments'] = []): Composition {
  return {
    draft: {
      id: 'd' as DraftId,
      account: 'a' as AccountId,
      to: [{ name: 'Олег Петров', address: 'oleg@example.org' }],
      cc: [],
      bcc: [],
      subject: 'Привет',
      format: 'plain',
      body: 'Добрый день,\n\nдо встречи.\n',
      attachments: [],
      inReplyTo: '',
      references: '',
      updated: 0,
      ...draft,
    },
    from: { name: 'Вера', address: 'vera@example.org' },
    attachments,
    date: DATE,
  };
}

async function compose(draft: Partial<Draft> = {}, attachments: Composition['attachments'] = []) {
  const { bytes, skip, envelope } = await composeMessage(composition(draft, attachments));
  const all = Buffer.from(bytes);
  const sent = all.subarray(skip);
  return { all, sent, skip, envelope, parsed: await simpleParser(sent) };
}

/** Line ends that are none of RFC 5322. */
const strays = (bytes: Buffer) => bytes.toString('latin1').match(/\r(?!\n)|(?<!\r)\n/gu) ?? [];

const names = (bytes: Buffer) => parseFields(bytes).map((field) => field.name.toLowerCase());

describe('composeMessage', () => {
  it('comes back as it was written', async () => {
    const { parsed, sent, envelope } = await compose({
      cc: [{ name: 'Smith, "J"', address: 'j@example.org' }],
      subject: 'Привет из «Почты»: длинная тема, которая не поместится в одну строку и будет сложена',
    });
    expect(parsed.subject).toBe(
      'Привет из «Почты»: длинная тема, которая не поместится в одну строку и будет сложена',
    );
    expect(parsed.from?.value).toEqual([{ name: 'Вера', address: 'vera@example.org' }]);
    expect(parsed.to).toMatchObject({ value: [{ name: 'Олег Петров', address: 'oleg@example.org' }] });
    expect(parsed.cc).toMatchObject({ value: [{ name: 'Smith, "J"', address: 'j@example.org' }] });
    expect(parsed.date?.getTime()).toBe(DATE);
    expect(parsed.text?.trimEnd()).toBe('Добрый день,\n\nдо встречи.');
    expect(parsed.html).toBe(false);
    expect(parsed.messageId).toMatch(/^<[\w-]+@example\.org>$/u);
    expect(envelope).toEqual({ from: 'vera@example.org', to: ['oleg@example.org', 'j@example.org'] });
    expect(strays(sent)).toEqual([]);
    // Nothing that tells about the computer.
    expect(names(sent).toSorted((a, b) => a.localeCompare(b))).toEqual(
      [
        'from',
        'to',
        'cc',
        'subject',
        'message-id',
        'content-transfer-encoding',
        'date',
        'mime-version',
        'content-type',
      ].toSorted((a, b) => a.localeCompare(b)),
    );
  });

  it('Bcc stands in what is kept, never in what is sent', async () => {
    const bcc = [
      { name: 'Тайный Друг', address: 'secret@example.org' },
      ...Array.from({ length: 30 }, (_one, at) => ({ name: `Person ${at}`, address: `p${at}@example.org` })),
    ];
    const { all, sent, skip, envelope } = await compose({ bcc });
    expect(skip).toBeGreaterThan(0);
    expect(names(all)[0]).toBe('bcc');
    expect(names(sent)).not.toContain('bcc');
    expect(sent.toString()).not.toMatch(/secret|p7@|bcc/iu);
    expect((await simpleParser(all)).bcc).toMatchObject({
      value: [{ name: 'Тайный Друг', address: 'secret@example.org' }, ...bcc.slice(1)],
    });
    expect(envelope.to).toHaveLength(32);
    expect(strays(all)).toEqual([]);
    expect(names(all).slice(1)).toEqual(names(sent));
  });

  it('only hidden recipients', async () => {
    const { sent, envelope } = await compose({ to: [], bcc: [{ name: '', address: 'secret@example.org' }] });
    expect(envelope.to).toEqual(['secret@example.org']);
    expect(sent.toString()).not.toContain('secret');
  });

  it('nobody gets it twice', async () => {
    const twice = [{ name: '', address: 'oleg@example.org' }];
    expect((await compose({ to: twice, cc: twice, bcc: twice })).envelope.to).toEqual(['oleg@example.org']);
  });

  it.each(['\r\n', '\n', '\r', '\u2028', '\0', '\r\n\r\n', '\r\n '])(
    'a line end %j in a field adds no field',
    async (end) => {
      const evil = `x${end}X-Evil: yes${end}Bcc: evil@example.net`;
      const { all } = await compose(
        {
          to: [{ name: evil, address: 'oleg@example.org' }],
          cc: [{ name: '', address: `c@example.org${end}X-Evil: yes` }],
          bcc: [{ name: evil, address: 'b@example.org' }],
          subject: evil,
          inReplyTo: `<a@b>${end}X-Evil: yes`,
          references: `<a@b>${end}X-Evil: yes`,
        },
        [{ name: evil, type: `text/plain${end}X-Evil: yes`, bytes: Buffer.from('x') }],
      );
      expect(strays(all)).toEqual([]);
      expect(all.toString('latin1')).not.toMatch(/^(x-evil|bcc: evil)/imu);
      const fields = names(all);
      expect(fields.filter((name) => name === 'bcc')).toHaveLength(1);
      expect(fields).not.toContain('x-evil');
      expect(all.toString('latin1').split('\r\n\r\n')[0]).toContain('MIME-Version');
    },
  );

  it('bytes of attachments are exact, and so are their names', async () => {
    const files = [
      {
        name: 'Отчёт за год.pdf',
        type: 'application/pdf',
        bytes: Buffer.from(Array.from({ length: 1000 }, (_one, at) => at % 256)),
      },
      {
        name: 'a "quoted"; name.txt',
        type: 'text/plain',
        bytes: Buffer.from('bare\nline\rends\r\n.\r\nFrom here\0'),
      },
      { name: `${'очень'.repeat(30)}.txt`, type: 'text/html', bytes: Buffer.from('<p>') },
      { name: 'empty.bin', type: '', bytes: new Uint8Array() },
      { name: 'odd.eml', type: 'message/rfc822', bytes: Buffer.from('Subject: x\n\nFrom\r\nПривет\n') },
      { name: 'proper.eml', type: 'message/rfc822', bytes: Buffer.from('Subject: x\r\n\r\nFrom\r\n.\r\n') },
      { name: 'odd.mime', type: 'multipart/mixed', bytes: Buffer.from('--x\r\n') },
    ];
    const { sent } = await compose({}, files);
    const raw = new Uint8Array(sent);
    const found = attachmentsOf(raw, readStructure(raw));
    expect(found.map((one) => one.name)).toEqual(files.map((file) => file.name));
    const bytes = found.map((one) =>
      Buffer.from(attachmentBytes(raw, one.part)?.bytes ?? []).toString('latin1'),
    );
    expect(bytes).toEqual(files.map((file) => Buffer.from(file.bytes).toString('latin1')));
    expect(found.map((one) => one.type)).toEqual([
      'application/pdf',
      'text/plain',
      'text/html',
      'application/octet-stream',
      'application/octet-stream',
      'message/rfc822',
      'application/octet-stream',
    ]);
    expect(strays(sent)).toEqual([]);
  });

  it('a rich letter has a plain text as well', async () => {
    const { parsed, sent } = await compose({
      format: 'rich',
      body: '<p>Здравствуйте, <b>Олег</b>!</p><ul><li>раз</li><li>два</li></ul><p><a href="https://example.org/">сюда</a></p><blockquote><p>old</p></blockquote>',
    });
    expect(sent.toString()).toContain('multipart/alternative');
    expect(parsed.html).toContain('<b>Олег</b>');
    expect(parsed.text).toContain('Здравствуйте, Олег!');
    expect(parsed.text).toMatch(/\* раз\s+\* два/u);
    expect(parsed.text).toContain('сюда [https://example.org/]');
    expect(strays(sent)).toEqual([]);
  });

  it('an answer names its letter and its thread', async () => {
    const { parsed } = await compose({ inReplyTo: '<b@x>', references: '<a@x> <b@x>' });
    expect(parsed.inReplyTo).toBe('<b@x>');
    expect(parsed.references).toEqual(['<a@x>', '<b@x>']);
    const fresh = await compose();
    expect(names(fresh.sent)).not.toContain('in-reply-to');
  });

  it.each([
    ['bare line ends', 'a\rb\nc\r\nd\n\re'],
    ['dots', '.\r\n..\r\n.\n'],
    ['From', 'From here\nFrom there'],
    ['a line without end', 'x'.repeat(5000)],
    ['smuggling', 'a\n.\r\nMAIL FROM:<x>\r.\r\nRSET\r\n.\n'],
    ['trailing blanks', 'a \nb\t\n-- \nVera'],
    ['nothing', ''],
    ['controls', 'a\u0007b\u001b[0m\u0000c'],
  ])('a body with %s is sent in proper lines, and arrives', async (_about, body) => {
    const { sent, parsed } = await compose({ body });
    expect(strays(sent)).toEqual([]);
    expect(
      Math.max(
        ...sent
          .toString('latin1')
          .split('\r\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(998);
    expect(sent.toString('latin1')).toMatch(/^[\s\S]*\r\n\r\n/u);
    expect((parsed.text ?? '').trimEnd()).toBe(body.replace(/\r\n?/gu, '\n').trimEnd());
  });

  it('whatever is written', async () => {
    const scrap = fc.constantFrom(
      '\r',
      '\n',
      '\r\n',
      '.',
      'a',
      'ж',
      ' ',
      'From ',
      '\r\n.\r\n',
      '=',
      '😀',
      'x'.repeat(200),
    );
    const text = fc.array(scrap, { maxLength: 15 }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(
        text,
        text,
        fc.constantFrom('plain' as const, 'rich' as const),
        async (body, subject, format) => {
          const { all, sent } = await compose({
            body,
            subject,
            format,
            bcc: [{ name: subject, address: 'b@example.org' }],
          });
          expect(strays(all)).toEqual([]);
          expect(names(sent)).not.toContain('bcc');
          expect(names(sent)).toContain('mime-version');
        },
      ),
      { numRuns: 100 },
    );
  });
});
