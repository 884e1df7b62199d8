import { letter, text } from './letter.ts';
import type { SampleLetter } from './letter.ts';
import { IGOR, LENA, OLEG, VERA } from './people.ts';
import type { When } from './when.ts';

/** What lies in Vera's other mailboxes. */
export function lettersElsewhere(when: When): readonly SampleLetter[] {
  return [
    letter({
      mailbox: 'Витрина',
      flags: ['\\Seen'],
      from: OLEG,
      to: [VERA],
      subject: 'Замеры ниши',
      date: when.daysAgo(12, '11:15'),
      id: 'niche-measures@practice.test',
      body: text(`Вера, замерил нишу: 2140 на 1480, глубина 420. Правая стена завалена
на шесть миллиметров, учту в раме.

Олег
`),
    }),
    letter({
      mailbox: 'Витрина',
      flags: ['\\Seen', '\\Flagged'],
      from: LENA,
      to: [VERA, OLEG],
      subject: 'Hinges: which load, which glass',
      date: when.daysAgo(9, '07:32'),
      zoneHours: 1,
      id: 'hinges-load@glass.example.org',
      body: text(`The maker gives 35 kg a pair. A door of 8 mm is 31 kg, of 10 mm 39 kg.

Lena
`),
    }),
    letter({
      mailbox: 'Projects/Glass',
      flags: ['\\Seen'],
      from: IGOR,
      to: [VERA],
      subject: 'Образцы окраски: три пробы',
      date: when.daysAgo(20, '14:03'),
      id: 'colour-trials@example.org',
      body: text(
        `Три пробы готовы: кобальт, медь, дымчатая. Медь в печи чуть поплыла,
следующую держу на десять градусов ниже.

Игорь
`,
        { encoding: 'base64' },
      ),
    }),
    letter({
      mailbox: 'Archive',
      flags: ['\\Seen', '\\Answered'],
      from: LENA,
      to: [VERA],
      subject: 'Price list, valid until the end of the year',
      date: when.daysAgo(61, '08:00'),
      zoneHours: 1,
      id: 'price-list@glass.example.org',
      body: text(`Prices stay as they are until the end of the year. Transport is extra.

Lena
`),
    }),
    letter({
      mailbox: 'Sent',
      flags: ['\\Seen'],
      received: false,
      from: VERA,
      to: [LENA],
      subject: 'Samples',
      date: when.daysAgo(4, '16:45'),
      id: 'samples-request@practice.test',
      body: text(`Dear Lena, could you add a piece of the blue one to the samples?

Vera
`),
    }),
    letter({
      mailbox: 'Drafts',
      flags: ['\\Seen', '\\Draft'],
      received: false,
      from: VERA,
      to: [OLEG],
      subject: 'Чертёж для музея',
      date: when.daysAgo(1, '17:10'),
      id: 'draft-drawing@practice.test',
      body: text(`Олег, музею нужен чертёж до вторника. Успеете

`),
    }),
    letter({
      mailbox: 'Junk',
      from: { name: 'Prize office', email: 'winner@cdn.practice.test' },
      to: [VERA],
      subject: 'Your glass is worth a fortune!!!',
      date: when.daysAgo(7, '02:14'),
      zoneHours: 0,
      id: 'prize-1@cdn.practice.test',
      body: text('Answer within one hour and send a photograph of your window.\n'),
    }),
  ];
}

/** What Oleg has. */
export function lettersOfOleg(when: When): readonly SampleLetter[] {
  return [
    letter({
      flags: ['\\Seen'],
      from: VERA,
      to: [OLEG],
      cc: [LENA],
      subject: 'Re: Смета на витрину',
      date: when.daysAgo(2, '15:20'),
      id: 'estimate-2@practice.test',
      inReplyTo: 'estimate-1@practice.test',
      references: ['estimate-1@practice.test'],
      body: text(`Олег, спасибо!

> Скажите, нужна ли подсветка: без неё дешевле на двадцать четыре тысячи.

Нужен вариант без подсветки: света в зале хватает. И Лена сомневается,
выдержат ли петли. Лена, что скажете про толщину?

Вера
`),
    }),
    letter({
      from: LENA,
      to: [OLEG],
      subject: 'Closers',
      date: when.daysAgo(1, '08:20'),
      zoneHours: 1,
      id: 'closers@glass.example.org',
      body: text('Two closers are on the way to you, 60 kg each.\n\nLena\n', { encoding: '7bit' }),
    }),
    letter({
      from: IGOR,
      to: [OLEG],
      subject: 'Винты на 40',
      date: when.minutesAgo(300),
      id: 'screws-40@example.org',
      body: text('Олег, винты на 40 есть, две коробки. Заходи.\n\nИгорь\n', { encoding: 'quoted-printable' }),
    }),
  ];
}
