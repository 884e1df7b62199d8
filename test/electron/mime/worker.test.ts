import { afterAll, describe, expect, it } from 'vitest';
import { openWorkerMime } from '../../../electron/mime/worker-mime.ts';
import { MailError } from '../../../shared/contract/mail-error.ts';
import type { MessageKey } from '../../../shared/model/ids.ts';
import type { MessageRow } from '../../../shared/model/message.ts';
import { scripts } from '../../double/programs.ts';

const mime = openWorkerMime(scripts.mime);
afterAll(() => mime.close());

const ROW = { id: 7 as MessageKey } as MessageRow;
const letter = (text: string) => Buffer.from(text.replace(/\n/gu, '\r\n'));

const RICH = letter(`From: Oleg <oleg@example.org>
Reply-To: list@example.org
Cc: c@example.org
Subject: =?utf-8?B?0J/RgNC40LLQtdGC?=
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html; charset=utf-8

<p>Hello <img src="cid:pic"><img src="https://x.example/1.gif"><script>no()</script></p>
--b
Content-Type: image/png
Content-ID: <pic>
Content-Transfer-Encoding: base64

iVBORw0=
--b
Content-Type: application/zip; name=a.zip

PK
--b--
`);

describe('the MIME thread', () => {
  it('reads a message', async () => {
    const content = await mime.read(ROW, RICH);
    expect(content).toMatchObject({
      id: 7,
      cc: [{ address: 'c@example.org' }],
      replyTo: [{ address: 'list@example.org' }],
      hasHtml: true,
      remote: { count: 1, hosts: ['x.example'] },
      problems: [],
    });
    expect(content.text.trim()).toBe('Hello');
    expect(content.headers.find((field) => field.name === 'Subject')).toMatchObject({
      value: 'Привет',
      raw: '=?utf-8?B?0J/RgNC40LLQtdGC?=',
    });
    expect(content.attachments.map((one) => [one.part, one.name, one.inline])).toEqual([
      ['2', 'part-2.png', true],
      ['3', 'a.zip', false],
    ]);
  });

  it('gives the view, the parts, the digest and the quote', async () => {
    expect(await mime.view(7 as MessageKey, RICH, 'html')).toContain('mailview://m7.mail.test/cid/pic');
    expect(Buffer.from((await mime.inline(RICH, 'pic'))?.bytes ?? []).toString('hex')).toBe(
      '89504e47'.slice(0, 8) + '0d',
    );
    expect(Buffer.from((await mime.attachment(RICH, '3'))?.bytes ?? []).toString()).toBe('PK');
    expect(await mime.attachment(RICH, '33')).toBeUndefined();
    expect(await mime.digest(RICH)).toMatchObject({ snippet: 'Hello', attachments: 1 });
    expect((await mime.quote(RICH)).html).not.toMatch(/img|script/u);
  });

  it('leaves the bytes it was given as they are', async () => {
    const copy = Buffer.from(RICH);
    await mime.read(ROW, RICH);
    expect(RICH.equals(copy)).toBe(true);
  });

  it('a letter that takes too much memory or time ends its thread, and the next one is read', async () => {
    const bomb = letter(`Content-Type: text/html\n\n${'<p a=b c=d e=f>x'.repeat(1_000_000)}`);
    await expect(mime.read(ROW, bomb)).rejects.toBeInstanceOf(MailError);
    expect(await mime.digest(RICH)).toMatchObject({ snippet: 'Hello' });
    expect((await mime.read(ROW, RICH)).hasHtml).toBe(true);
  }, 60_000);

  it('says no when it was closed', async () => {
    const other = openWorkerMime(scripts.mime);
    expect(await other.digest(RICH)).toMatchObject({ attachments: 1 });
    await other.close();
    await expect(other.digest(RICH)).rejects.toThrow(/closing/u);
  });
});
