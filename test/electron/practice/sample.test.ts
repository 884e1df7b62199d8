import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { KOI8_R, WINDOWS_1251 } from '../../../electron/practice/sample/charset.ts';
import { lettersForOleg, lettersForVera } from '../../../electron/practice/sample/seed.ts';
import { NOW } from './talk.ts';

const letters = [...lettersForVera(NOW), ...lettersForOleg(NOW)];

describe('the sample letters', () => {
  it('are RFC 5322: CR LF everywhere, lines within bounds, 7-bit headers with what a letter needs', () => {
    for (const { raw } of letters) {
      const text = Buffer.from(raw).toString('latin1');
      expect(text).not.toMatch(/(?<!\r)\n|\r(?!\n)/);
      const [header = ''] = text.split('\r\n\r\n');
      expect(header).toMatch(/^[\x20-\x7e\r\n]*$/);
      for (const name of ['From', 'To', 'Date', 'Message-ID', 'Subject', 'Content-Type']) {
        expect(header.match(new RegExp(`^${name}:`, 'gm'))).toHaveLength(1);
      }
      for (const line of text.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
      for (const line of header.split('\r\n')) expect(line.length).toBeLessThanOrEqual(160);
    }
  });

  it('lie in the past, in order, and say so themselves', async () => {
    let last = 0;
    for (const { raw, date } of lettersForVera(NOW)) {
      expect(date.getTime()).toBeLessThan(NOW.getTime());
      expect(date.getTime()).toBeGreaterThanOrEqual(last);
      last = date.getTime();
      expect((await simpleParser(Buffer.from(raw))).date?.getTime()).toBe(date.getTime());
    }
  });

  it('name nobody outside the reserved domains', () => {
    for (const { raw } of letters) {
      for (const [, domain = ''] of Buffer.from(raw)
        .toString('latin1')
        .matchAll(/@([a-z0-9.-]+\.[a-z]+)/gi)) {
        expect(domain).toMatch(/(^|\.)(example\.org|practice\.test)$/);
      }
    }
  });

  it('can be read by another parser', async () => {
    const parsed = await Promise.all(lettersForVera(NOW).map(({ raw }) => simpleParser(Buffer.from(raw))));
    const bySubject = (subject: string): (typeof parsed)[number] => {
      const found = parsed.find((one) => one.subject?.startsWith(subject));
      if (!found) throw new Error(`no letter ${subject}`);
      return found;
    };
    expect(bySubject('Две книги').text).toContain('срок возврата двух книг');
    expect(bySubject('Ёлочные').text).toContain('Ещё нужен чёрный шнур');
    expect(bySubject('Акт сверки № 118').text).toContain('лист «Кристалл» 4 мм — счёт № 2041');
    const estimate = bySubject('Смета на витрину, вариант 3');
    expect(estimate.attachments.map((one) => one.filename)).toEqual([
      'showcase-drawing.pdf',
      'Смета на витрину 3.csv',
    ]);
    expect(estimate.attachments[0]?.content.toString('latin1')).toMatch(/^%PDF-1\.4[^]*%%EOF\n$/);
    expect(estimate.references).toHaveLength(3);
    const news = bySubject('Sheet glass');
    expect(news.attachments[0]?.contentId).toBe('<logo.7@cdn.practice.test>');
    expect(news.attachments[0]?.content.subarray(1, 4).toString()).toBe('PNG');
    expect((news.html || '').match(/https:\/\/cdn\.practice\.test\/311\/\w+\.(jpg|gif)/g)).toHaveLength(3);
    expect(bySubject('Not delivered').text).toContain('550 5.1.1');
    const forged = bySubject('Срочно');
    expect(forged.from?.value[0]?.address).toBe('buh@steklotorg.example.org');
    const header = (name: string): string => JSON.stringify(forged.headers.get(name));
    expect(header('authentication-results')).toMatch(/spf=fail .*dkim=none.*dmarc=fail/);
    expect(header('received')).not.toContain('steklotorg');
    expect(bySubject('A stranger was refused').text).toContain('550 5.7.1 relaying denied');
    const sent = bySubject('Размеры для Лены');
    expect(sent.bcc).toMatchObject({ value: [{ address: 'lena@glass.example.org' }] });
    expect(bySubject('[kiln-talk]').headers.has('list')).toBe(true);
    const many = bySubject('Open workshop day').to;
    expect(Array.isArray(many) ? 0 : many?.value.length).toBe(20);
  });
});

describe('the charsets of old', () => {
  const RUSSIAN = 'АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя';
  it('are what the platform decodes', () => {
    expect(new TextDecoder('koi8-r').decode(KOI8_R.encode(RUSSIAN))).toBe(RUSSIAN);
    const more = `${RUSSIAN}№«»–—…\u00a0`;
    expect(new TextDecoder('windows-1251').decode(WINDOWS_1251.encode(more))).toBe(more);
  });
});
