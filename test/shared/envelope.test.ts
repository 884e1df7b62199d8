import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEnvelope } from '../../shared/mail/envelope.ts';

// The same cases each time; another seed finds others.
fc.configureGlobal({ seed: 20_261_121 });

const LETTER = `Return-Path: <vera@example.org>
Received: from x by y; Fri, 1 Jan 2021 00:00:00 +0000
From: =?utf-8?Q?=D0=92=D0=B5=D1=80=D0=B0?= <vera@example.org>
To: "Oleg, at work" <oleg@example.org>,
 b@example.org
Cc: c@example.org
Subject: =?koi8-r?B?8NLJ18XU?=
 =?koi8-r?B?LCDNydI=?=
Date: Sat, 21 Nov 2026 10:42:00 +0300
Message-ID: <1@example.org>
In-Reply-To: "the letter" <0@example.org>
References: <a@example.org>
 <0@example.org>
Content-Type: multipart/mixed; boundary=x

Subject: not this one
`;

describe('readEnvelope', () => {
  const expected = {
    subject: 'Привет, мир',
    from: [{ name: 'Вера', address: 'vera@example.org' }],
    to: [
      { name: 'Oleg, at work', address: 'oleg@example.org' },
      { name: '', address: 'b@example.org' },
    ],
    cc: [{ name: '', address: 'c@example.org' }],
    messageId: '<1@example.org>',
    inReplyTo: '<0@example.org>',
    references: '<a@example.org> <0@example.org>',
    date: Date.UTC(2026, 10, 21, 7, 42),
    mixed: true,
  };

  it('reads a header block with LF', () => {
    expect(readEnvelope(Buffer.from(LETTER))).toEqual(expected);
  });

  it('reads the same with CRLF', () => {
    expect(readEnvelope(Buffer.from(LETTER.replaceAll('\n', '\r\n')))).toEqual(expected);
  });

  it('gives empty things for what is missing', () => {
    const empty = {
      subject: '',
      from: [],
      to: [],
      cc: [],
      messageId: '',
      inReplyTo: '',
      references: '',
      date: undefined,
      mixed: false,
    };
    expect(readEnvelope(new Uint8Array())).toEqual(empty);
    expect(readEnvelope(Buffer.from('\r\nFrom: body@example.org\r\n'))).toEqual(empty);
    expect(readEnvelope(Buffer.from('no header at all'))).toEqual(empty);
  });

  it('shows every From there is', () => {
    const found = readEnvelope(Buffer.from('From: a@example.org\r\nFrom: b@example.net\r\n\r\n'));
    expect(found.from.map((one) => one.address)).toEqual(['a@example.org', 'b@example.net']);
  });

  it('bounds the references', () => {
    const raw = `References: ${'<12345678@example.org>\r\n '.repeat(200_000)}\r\n\r\n`;
    expect(readEnvelope(Buffer.from(raw)).references.length).toBeLessThanOrEqual(16_000);
  });

  it('throws at no bytes', () => {
    const name = fc.constantFrom(
      'From',
      'To',
      'Cc',
      'Subject',
      'Date',
      'Message-ID',
      'References',
      'Content-Type',
    );
    const field = fc.tuple(name, fc.uint8Array({ maxLength: 60 }));
    fc.assert(
      fc.property(fc.array(field, { maxLength: 8 }), (fields) => {
        const raw = Buffer.concat(
          fields.flatMap(([key, value]) => [Buffer.from(`${key}: `), value, Buffer.from('\r\n')]),
        );
        const found = readEnvelope(raw);
        expect(found.subject).not.toMatch(/[\u0000-\u001f]/u);
        expect(found.messageId).toMatch(/^(<[^<>\s]+>)?$/u);
      }),
    );
  });
});
