import type { Attachment, MessageContent, MessageRow, StructurePart } from '../shared/model/message.ts';

const names = ['Смета-3.xlsx', 'Чертёж-витрины.pdf', 'photo-1.jpg', 'photo-2.jpg'];

function attachmentsOf(row: MessageRow): Attachment[] {
  return Array.from({ length: row.attachments ?? 0 }, (_, index) => ({
    part: String(index + 2),
    name: names[index] ?? `photo-${index}.jpg`,
    type: index === 0 ? 'application/vnd.ms-excel' : index === 1 ? 'application/pdf' : 'image/jpeg',
    size: 9_800 + index * 12_300,
    encodedSize: 13_400 + index * 16_900,
    inline: false,
  }));
}

function structureOf(attachments: readonly Attachment[]): StructurePart {
  const leaf = (
    part: string,
    type: string,
    encoding: string,
    start: number,
    size: number,
  ): StructurePart => ({
    part,
    type,
    encoding,
    start,
    bodyStart: start + 120,
    end: start + size,
    children: [],
  });
  const alternative: StructurePart = {
    ...leaf('1', 'multipart/alternative', '7bit', 900, 3_000),
    children: [
      { ...leaf('1.1', 'text/plain', 'quoted-printable', 1_040, 1_200), charset: 'utf-8' },
      { ...leaf('1.2', 'text/html', 'base64', 2_300, 1_500), charset: 'utf-8' },
    ],
  };
  let at = 4_000;
  const files = attachments.map((file): StructurePart => {
    const part = {
      ...leaf(file.part, file.type, 'base64', at, file.encodedSize),
      name: file.name,
      disposition: 'attachment',
    };
    at += file.encodedSize;
    return part;
  });
  return {
    ...leaf('', 'multipart/mixed', '7bit', 0, at + 60),
    bodyStart: 860,
    children: [alternative, ...files],
  };
}

const letter = `Вера, пересчитал с закалённым стеклом 8 мм, как просила Лена. Подсветку убрал, вместо неё два доводчика.

Стекло 8 мм, закалённое, 6 листов   84 600 ₽
Петли и доводчики                   21 400 ₽
Монтаж, два дня                     38 000 ₽
Итого                              144 000 ₽

Чертёж во вложении. Если согласны до вторника, успеваем к открытию.

> Tempered 8 mm is fine for the hinges we have.`;

/** A message opened, in the shape main would give it. */
export function contentOf(row: MessageRow): MessageContent {
  const attachments = attachmentsOf(row);
  const first = row.from[0];
  const field = (name: string, value: string, raw = value) => ({ name, value, raw: ` ${raw}` });
  const failing = row.subject.startsWith('Not delivered');
  return {
    id: row.id,
    row,
    cc: row.subject.startsWith('Смета') ? [{ name: 'Lena Brandt', address: 'lena@example.org' }] : [],
    bcc: [],
    replyTo: [],
    headers: [
      field('Return-Path', `<${first?.address ?? ''}>`),
      field(
        'Received',
        'from mx.example.org (mx.example.org [192.0.2.25]) by mail.example.org with ESMTPS; Sat, 21 Nov 2026 10:42:06 +0300',
        'from mx.example.org (mx.example.org [192.0.2.25])\r\n\tby mail.example.org with ESMTPS;\r\n\tSat, 21 Nov 2026 10:42:06 +0300',
      ),
      field('Received', 'from steklo.example.org by mx.example.org; Sat, 21 Nov 2026 10:42:05 +0300'),
      field(
        'From',
        `${first?.name ?? ''} <${first?.address ?? ''}>`,
        '=?utf-8?B?0J7Qu9C10LMg0JTQtdC80LjQtNC+0LI=?=\r\n <o.demidov@steklo.example.org>',
      ),
      field('To', 'Вера Соколова <vera@example.org>'),
      field('Subject', row.subject, '=?utf-8?Q?=D0=A1=D0=BC=D0=B5=D1=82=D0=B0?='),
      field('Date', new Date(row.date).toUTCString()),
      field('Message-ID', row.messageId),
      field('MIME-Version', '1.0'),
      field('Content-Type', 'multipart/mixed; boundary="glass-7"'),
    ],
    text: row.subject.startsWith('Смета') ? letter : `${row.snippet ?? ''}.\n\nLena`,
    hasHtml: row.id % 2 === 0,
    remote: row.subject.startsWith('Смета')
      ? { count: 3, hosts: ['cdn.practice.test'] }
      : { count: 0, hosts: [] },
    attachments,
    structure: structureOf(attachments),
    problems: failing ? ['The second part ends before its boundary: shown as far as it goes.'] : [],
  };
}

/** The raw bytes of a message of the imitation. */
export function rawOf(row: MessageRow): Uint8Array {
  const head = contentOf(row)
    .headers.map((header) => `${header.name}:${header.raw}`)
    .join('\r\n');
  const filler = Array.from({ length: 2_000 }, (_, i) =>
    btoa(String(i).padStart(30, '0')).repeat(2).slice(0, 76),
  ).join('\r\n');
  return new TextEncoder().encode(
    `${head}\r\n\r\n${contentOf(row).text.replaceAll('\n', '\r\n')}\r\n\r\n${filler}\r\n`,
  );
}
