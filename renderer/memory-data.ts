import type { Account, ServerSettings } from '../shared/model/account.ts';
import type { AccountId, ConnectionId, DraftId, MailboxId, MessageKey } from '../shared/model/ids.ts';
import type { Draft } from '../shared/model/draft.ts';
import type { Mailbox, MailboxRole } from '../shared/model/mailbox.ts';
import type { Address, Flag, MessageRow } from '../shared/model/message.ts';
import { MASK, type Protocol, type WireConnection, type WireLine } from '../shared/wire/line.ts';

const server = (host: string, port: number, user: string): ServerSettings => ({
  host,
  port,
  security: 'tls',
  user,
});

export const imapAccount: Account = {
  id: 'a-imap' as AccountId,
  name: 'Вера Соколова',
  email: 'vera@example.org',
  mode: 'imap',
  imap: server('imap.example.org', 993, 'vera@example.org'),
  smtp: server('smtp.example.org', 465, 'vera@example.org'),
  leaveOnServer: 'forever',
};
export const pop3Account: Account = {
  id: 'a-pop3' as AccountId,
  name: 'Вера Соколова',
  email: 'vera@practice.test',
  mode: 'pop3',
  pop3: server('pop.practice.test', 995, 'vera'),
  smtp: server('smtp.practice.test', 465, 'vera'),
  leaveOnServer: 'forever',
};

const box = (id: number, account: Account, path: string, role: MailboxRole, depth = 0): Mailbox => ({
  id: id as MailboxId,
  account: account.id,
  path,
  name: path.split('/').at(-1) ?? path,
  depth,
  role,
  selectable: true,
  total: 0,
  unread: 0,
  delimiter: '/',
});

export const mailboxes: Mailbox[] = [
  box(1, imapAccount, 'INBOX', 'inbox'),
  box(2, imapAccount, 'Витрина', 'none'),
  box(3, imapAccount, 'Lists', 'none'),
  box(4, imapAccount, 'Lists/Changes', 'none', 1),
  box(5, imapAccount, 'Sent', 'sent'),
  box(6, imapAccount, 'Archive', 'archive'),
  box(7, imapAccount, 'Junk', 'junk'),
  box(8, imapAccount, 'Trash', 'trash'),
  {
    ...box(15, imapAccount, 'Lists/Old', 'none', 1),
    excluded: true,
    onServer: { total: 9_120, unread: 41 },
  },
  { ...box(16, imapAccount, 'Newsletters', 'none'), subscribed: false },
  { ...box(17, imapAccount, 'Shared/Workshop', 'none'), owner: 'shared', rights: 'lrs' },
  box(11, pop3Account, 'Inbox', 'inbox'),
  box(12, pop3Account, 'Семья', 'none'),
  box(13, pop3Account, 'Sent', 'sent'),
  box(14, pop3Account, 'Trash', 'trash'),
];

type Seed = [
  box: number,
  from: string,
  subject: string,
  snippet: string,
  hoursAgo: number,
  flags?: string,
  files?: number,
];

const oleg = 'Олег Демидов <o.demidov@steklo.example.org>';
const lena = 'Lena Brandt <lena@example.org>';
const anna = 'Anna Lindqvist <anna.lindqvist@studio.example.net>';
const library = 'Городская библиотека <hello@library.example.net>';
const pavel = 'Павел Орлов <p.orlov@practice.test>';

const seeds: Seed[] = [
  [
    1,
    oleg,
    'Смета на витрину, вариант 3',
    'Вера, пересчитал с закалённым стеклом 8 мм, как просила Лена',
    0.6,
    'u',
    2,
  ],
  [1, lena, 'Glass samples leave on Monday', 'Both crates are packed, the carrier comes at 8', 1.4, 'u'],
  [1, anna, 'Minutes of the Thursday call', 'Four points, one of them is for you', 2.1, 'fa'],
  [11, library, 'Две книги до пятницы', 'Продлить можно ответом на это письмо', 17, 'u'],
  [
    11,
    'Mail delivery system <mailer-daemon@practice.test>',
    'Not delivered to p.orlov@practice.test',
    'His mailbox is full. 552 5.2.2',
    18.5,
  ],
  [11, pavel, 'Фото с выставки, 6 файлов', 'Отобрал лучшие, остальное на диске', 20, 'u', 6],
  [1, lena, 'Re: Tempered 8 mm is fine for the hinges', 'I asked the workshop twice, they are sure', 29, 'a'],
  [
    1,
    'Мария Котова <m.kotova@museum.example.org>',
    'Свет в зале номер два',
    'Электрик придёт в среду, нужен ваш чертёж',
    44,
    'f',
    1,
  ],
  [
    1,
    'Northern Freight <dispatch@freight.example.com>',
    'Your consignment GB-20817 is on its way',
    'Two crates, 84 kg, expected on Tuesday before noon',
    51,
  ],
  [
    11,
    'Тётя Зоя <zoya@practice.test>',
    'Пирог удался!',
    'Спасибо за рецепт, только сахара я положила меньше',
    70,
  ],
  [1, oleg, 'Смета на витрину, вариант 2', 'Без подсветки дешевле на 18 400 ₽', 96, '', 1],
  [1, anna, 'Draft of the leaflet', 'Please look at page two before I send it to the printer', 120, 'a', 1],
  [
    1,
    'Бухгалтерия <buh@example.org>',
    'Закрывающие документы за октябрь',
    'Подпишите, пожалуйста, до пятницы',
    170,
    '',
    3,
  ],
  [
    1,
    'Tomas Ek <tomas@studio.example.net>',
    'Photographs for the catalogue',
    'I can come on the 24th if the light is right',
    220,
  ],
  [11, pavel, 'Re: Приглашение на открытие', 'Буду обязательно, и приведу Машу', 300, 'a'],
  [1, library, 'Новые поступления: свет и стекло', 'Шесть книг, одна из них о витражах', 420],
  [
    1,
    'Reading Group <list@group.example.net>',
    'Next month: The Glass Bead Game',
    'We meet on the first Thursday as ever',
    560,
  ],
  [2, oleg, 'Чертёж витрины', 'Размеры по внутреннему краю', 130, '', 1],
  [2, lena, 'Hinges: which ones?', 'Brass looks better but bends', 200],
  [
    5,
    'Вера Соколова <vera@example.org>',
    'Re: Смета на витрину, вариант 2',
    'Олег, спасибо. Нужен вариант без подсветки',
    90,
  ],
  [
    5,
    'Вера Соколова <vera@example.org>',
    'Приглашение на открытие',
    'Дорогие друзья, 12 декабря в шесть вечера',
    310,
  ],
  [6, anna, 'Contract, signed', 'Attached is the copy with both signatures', 1500, '', 1],
  [
    6,
    'Мария Котова <m.kotova@museum.example.org>',
    'Договор аренды',
    'Подписанный экземпляр у вахтёра',
    2300,
    '',
    1,
  ],
  [8, 'Shop <news@shop.example.com>', 'Everything must go', 'Last days', 200],
  [12, 'Тётя Зоя <zoya@practice.test>', 'Дача в мае', 'Приезжайте на все праздники', 4800],
  [12, pavel, 'Старые снимки', 'Нашёл альбом 1978 года, отсканировал', 5200, '', 12],
];

function address(text: string): Address {
  const match = /^(.*) <(.*)>$/u.exec(text);
  return { name: match?.[1] ?? '', address: match?.[2] ?? text };
}

const letterFlags = { f: 'flagged', a: 'answered', w: 'forwarded' } as const;

function flagsOf(code: string): Flag[] {
  const flags: Flag[] = code.includes('u') ? [] : ['seen'];
  for (const [letter, flag] of Object.entries(letterFlags)) if (code.includes(letter)) flags.push(flag);
  return flags;
}

const me: Address = { name: 'Вера Соколова', address: 'vera@example.org' };

/** Every message of the imitation: the written ones, and fifty thousand made by counting. */
export function makeRows(now: number): Map<MessageKey, MessageRow> {
  const rows = new Map<MessageKey, MessageRow>();
  const add = (id: number, seed: Seed) => {
    const [mailbox, from, subject, snippet, hours, flags = '', files = 0] = seed;
    const account = mailbox > 10 ? pop3Account : imapAccount;
    rows.set(id as MessageKey, {
      id: id as MessageKey,
      account: account.id,
      mailbox: mailbox as MailboxId,
      messageId: `<${id}@practice.test>`,
      subject,
      from: [address(from)],
      to: [mailbox === 5 ? address(oleg) : me],
      date: now - hours * 3600_000,
      size: 4000 + id * 37,
      flags: flagsOf(flags),
      snippet,
      attachments: files,
      stored: true,
    });
  };
  seeds.forEach((seed, index) => add(100_000 + seeds.length - index, seed));
  for (let i = 0; i < 50_000; i += 1) {
    add(50_000 - i, [
      4,
      `Builder ${i % 7} <builder${i % 7}@lists.example.net>`,
      `Change ${50_000 - i}: tidy the store`,
      `Revision ${(i * 7919) % 99991} of the tree`,
      3 + i * 0.9,
      i % 11 === 0 ? 'u' : '',
    ]);
  }
  return rows;
}

/** A letter under way, for the list of drafts and the compose window. */
export const sampleDraft = (id: string, now: number): Draft => ({
  id: id as DraftId,
  account: imapAccount.id,
  to: [address(oleg), address(lena)],
  cc: [],
  bcc: [],
  subject: 'Re: Смета на витрину, вариант 3',
  format: 'rich',
  body: '<p>Олег, спасибо, <strong>вариант 3 принимаем</strong>. Левую створку, пожалуйста, держите 740 мм, правую по чертежу.</p><p>Вера</p><blockquote><p>Вера, пересчитал с закалённым стеклом 8 мм, как просила Лена.</p></blockquote>',
  attachments: [{ id: 1, name: 'Чертёж-740.pdf', type: 'application/pdf', size: 41_200 }],
  inReplyTo: '',
  references: '',
  updated: now - 600_000,
});

const connection = (
  id: number,
  protocol: Protocol,
  account: Account,
  host: string,
  port: number,
  opened: number,
  closed?: number,
): WireConnection => ({
  id: id as ConnectionId,
  protocol,
  account: account.id,
  email: account.email,
  host,
  port,
  security: 'tls',
  purpose: protocol === 'smtp' ? 'send' : 'mail',
  opened,
  ...(closed === undefined ? {} : { closed }),
  bytesIn: 51_204,
  bytesOut: 1_830,
});

/** The connections and lines that stand in the dock at the start. */
export function makeWire(now: number): { connections: WireConnection[]; lines: WireLine[] } {
  const connections = [
    connection(1, 'imap', imapAccount, 'imap.example.org', 993, now - 720_000),
    connection(2, 'pop3', pop3Account, 'pop.practice.test', 995, now - 500_000, now - 498_000),
    connection(3, 'smtp', imapAccount, 'smtp.example.org', 465, now - 400_000, now - 399_000),
  ];
  const script: [number, WireLine['direction'], WireLine['kind'], string, number?][] = [
    [1, 'none', 'note', 'TLS 1.3 agreed with imap.example.org, certificate valid until 14 Feb 2027'],
    [1, 'server', 'line', '* OK IMAP4rev2 ready'],
    [1, 'client', 'line', `A01 AUTHENTICATE PLAIN ${MASK}`],
    [1, 'server', 'line', 'A01 OK [CAPABILITY IMAP4rev2 IDLE UIDPLUS CONDSTORE QRESYNC MOVE] Logged in'],
    [1, 'client', 'line', 'A02 SELECT INBOX'],
    [1, 'server', 'line', '* 1284 EXISTS'],
    [1, 'server', 'line', 'A02 OK [READ-WRITE] Select completed'],
    [1, 'client', 'line', 'A41 UID FETCH 90417 (FLAGS BODY.PEEK[])'],
    [1, 'server', 'line', '* 1284 FETCH (UID 90417 FLAGS () BODY[] {48213}'],
    [
      1,
      'server',
      'block',
      'Return-Path: <o.demidov@steklo.example.org>\r\nFrom: =?utf-8?B?0J7Qu9C10LM=?= <o.demidov@steklo.example.org>\r\nSubject: test\r\n\r\n',
      48_213,
    ],
    [1, 'server', 'line', ')'],
    [1, 'server', 'line', 'A41 OK Fetch completed'],
    [2, 'none', 'note', 'Connected to pop.practice.test:995'],
    [2, 'server', 'line', '+OK ready'],
    [2, 'client', 'line', 'USER vera'],
    [2, 'server', 'line', '+OK'],
    [2, 'client', 'line', `PASS ${MASK}`],
    [2, 'server', 'line', '+OK 214 messages'],
    [2, 'client', 'line', 'QUIT'],
    [3, 'server', 'line', '220 smtp.example.org ESMTP'],
    [3, 'client', 'line', 'EHLO [127.0.0.1]'],
    [3, 'server', 'line', '250-SIZE 26214400'],
    [3, 'server', 'line', '250 8BITMIME'],
    [3, 'none', 'gap', '', 9_120],
    [3, 'client', 'line', 'QUIT'],
    [1, 'client', 'line', 'A42 IDLE'],
    [1, 'server', 'line', '+ idling'],
  ];
  const seq = new Map<number, number>();
  const lines = script.map(([id, direction, kind, text, bytes], index): WireLine => {
    const next = (seq.get(id) ?? 0) + 1;
    seq.set(id, next);
    const at = text.indexOf(MASK);
    return {
      connection: id as ConnectionId,
      seq: next,
      at: now - 700_000 + index * 20_137,
      direction,
      kind,
      text,
      bytes: bytes ?? text.length + 2,
      ...(at < 0 ? {} : { masks: [{ at, min: 33, max: 64 }] }),
    };
  });
  return { connections, lines };
}
