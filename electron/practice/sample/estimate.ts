import { fromUtf8 } from '../bytes.ts';
import { makePdf } from './files.ts';
import { file, letter, multipart, text } from './letter.ts';
import type { SampleLetter } from './letter.ts';
import { LENA, OLEG, VERA } from './people.ts';
import type { When } from './when.ts';

/** The thread of the estimate: four letters between Vera, Oleg and Lena, the last with two files. */
export function estimateThread(when: When): readonly SampleLetter[] {
  const ids = [
    'estimate-1@practice.test',
    'estimate-2@practice.test',
    'estimate-3@glass.example.org',
    'estimate-4@practice.test',
  ] as const;
  const csv = [
    'Позиция;Количество;Цена',
    'Стекло 8 мм, закалённое;6;14100',
    'Петли и доводчики;4;5350',
    'Монтаж, день;2;19000',
    '',
  ].join('\r\n');
  return [
    letter({
      flags: ['\\Seen', '\\Answered'],
      from: OLEG,
      to: [VERA],
      cc: [LENA],
      subject: 'Смета на витрину',
      date: when.daysAgo(3, '08:12'),
      id: ids[0],
      body: text(`Вера, здравствуйте!

Посчитал витрину по эскизу: шесть листов по 6 мм, подсветка по верхней
кромке, распашные двери. Выходит 168 200 рублей с монтажом.

Скажите, нужна ли подсветка: без неё дешевле на двадцать четыре тысячи.

Олег
`),
    }),
    letter({
      mailbox: 'Sent',
      flags: ['\\Seen'],
      received: false,
      from: VERA,
      to: [OLEG],
      cc: [LENA],
      subject: 'Re: Смета на витрину',
      date: when.daysAgo(2, '15:20'),
      id: ids[1],
      inReplyTo: ids[0],
      references: [ids[0]],
      body: text(
        `Олег, спасибо!

> Скажите, нужна ли подсветка: без неё дешевле на двадцать четыре тысячи.

Нужен вариант без подсветки: света в зале хватает. И Лена сомневается,
выдержат ли петли. Лена, что скажете про толщину?

Вера
`,
        { encoding: 'quoted-printable' },
      ),
    }),
    letter({
      flags: ['\\Seen'],
      from: LENA,
      to: [VERA],
      cc: [OLEG],
      subject: 'Re: Смета на витрину',
      date: when.daysAgo(1, '06:57'),
      zoneHours: 1,
      id: ids[2],
      inReplyTo: ids[1],
      references: [ids[0], ids[1]],
      body: text(
        `Hello both,

Tempered 8 mm is fine for the hinges we have. I would not go below 8: the
doors are 2.1 m high and people lean on them.

Two door closers, please, not four.

Lena
`,
        { encoding: '7bit' },
      ),
    }),
    letter({
      flags: ['\\Flagged', '$Work'],
      from: OLEG,
      to: [VERA],
      cc: [LENA],
      subject: 'Смета на витрину, вариант 3',
      date: when.minutesAgo(42),
      id: ids[3],
      inReplyTo: ids[2],
      references: [ids[0], ids[1], ids[2]],
      body: multipart('mixed', '=_estimate_3', [
        text(`Вера, пересчитал с закалённым стеклом 8 мм, как просила Лена. Подсветку
убрал, вместо неё два доводчика.

Стекло 8 мм, закалённое, 6 листов     84 600
Петли и доводчики                     21 400
Монтаж, два дня                       38 000
Итого                                144 000

Чертёж во вложении. Если согласны до вторника, успеваем к открытию.

> Tempered 8 mm is fine for the hinges we have.

Олег
`),
        file(
          'application/pdf',
          'showcase-drawing.pdf',
          makePdf([
            'Showcase, variant 3',
            'Glass 8 mm, tempered, 6 sheets',
            'Doors 2100 x 700 mm, two closers',
          ]),
        ),
        file('text/csv; charset=utf-8', 'Смета на витрину 3.csv', fromUtf8(csv)),
      ]),
    }),
  ];
}
