import { letter, text } from './letter.ts';
import type { SampleLetter } from './letter.ts';
import { BOOKKEEPING, LENA, OLEG, POSTMASTER, VERA } from './people.ts';
import type { When } from './when.ts';

/** Letters to learn from: a forged sender, a relay that refused, a copy that the others do not see. */
export function lessons(when: When): readonly SampleLetter[] {
  return [
    letter({
      from: BOOKKEEPING,
      to: [VERA],
      subject: 'Срочно: изменились реквизиты для оплаты',
      date: when.daysAgo(2, '03:12'),
      zoneHours: 0,
      id: '8f3a1c.urgent@cdn.practice.test',
      forgedBy: 'cdn.practice.test',
      extra: ['Reply-To: <oplata@cdn.practice.test>'],
      body: text(
        `Уважаемый клиент!

С сегодняшнего дня наши реквизиты изменились. Оплатите счёт № 2041 по новым
реквизитам до конца дня, они придут в ответ на это письмо.

Бухгалтерия «Стеклоторг»

(Урок: имя и адрес в From может написать кто угодно. Посмотрите в заголовке
Authentication-Results, Received и Reply-To: письмо пришло не оттуда.)
`,
        { encoding: 'base64' },
      ),
    }),
    letter({
      flags: ['\\Seen'],
      from: POSTMASTER,
      to: [VERA],
      subject: 'A stranger was refused: why this server is no open relay',
      date: when.daysAgo(3, '22:40'),
      zoneHours: 0,
      id: 'relay-refused-17@practice.test',
      extra: ['Auto-Submitted: auto-generated'],
      body: text(TRANSCRIPT, { encoding: '7bit' }),
    }),
    letter({
      mailbox: 'Sent',
      flags: ['\\Seen'],
      received: false,
      from: VERA,
      to: [OLEG],
      subject: 'Размеры для Лены',
      date: when.daysAgo(3, '09:20'),
      id: 'sizes-for-lena@practice.test',
      extra: [`Bcc: ${LENA.name} <${LENA.email}>`],
      body: text(`Олег, отправляю размеры: 2140 на 1480, стекло 8 мм.

Лена получила это письмо скрытой копией: в моей копии поле Bcc есть,
в вашей его нет.

Вера
`),
    }),
  ];
}

const TRANSCRIPT = `Somebody tried to send a letter from outside to outside through this server.
Server (S) and client (C) said:

  S: 220 practice.test ESMTP
  C: EHLO relay-test.example.org
  S: 250 practice.test hello
  C: MAIL FROM:<offer@cdn.practice.test>
  S: 250 2.1.0 Accepted
  C: RCPT TO:<somebody@example.org>
  S: 550 5.7.1 relaying denied: only practice.test is served
  C: QUIT
  S: 221 2.0.0 see you

A server that took such a letter would be an open relay: anyone could send
anything to anyone in its name. Try it yourself: log in, write to somebody
at example.org, and read the answer on the wire.
`;
