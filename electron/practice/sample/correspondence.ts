import { letter, text } from './letter.ts';
import type { Person, SampleLetter } from './letter.ts';
import { ANNA, IGOR, LENA, OLEG, SCHOOL, VERA } from './people.ts';
import type { When } from './when.ts';

/** Letters of every day to Vera: flowed, long, to many, from a list. */
export function correspondence(when: When): readonly SampleLetter[] {
  return [
    letter({
      from: LENA,
      to: [VERA],
      subject: 'Glass samples leave on Monday',
      date: when.minutesAgo(129),
      zoneHours: 1,
      id: 'samples-monday@glass.example.org',
      body: text(
        `Hello Vera,

Both crates are packed, the carrier comes at 8 on Monday and should be at \nyour door on Wednesday. The reeded sheets stand upright in the first \ncrate, the offcuts for the children are in the second one, wrapped in \nred paper.

> Could you add a piece of the blue one?

I have, two palms wide. Please keep it out of the sun until it is \ncut: the coating is fresh.

Lena
-- \nLena Brandt, glass.example.org
`,
        { flowed: true, encoding: '7bit' },
      ),
    }),
    letter({
      flags: ['\\Seen', '\\Flagged', '\\Answered'],
      from: ANNA,
      to: [VERA],
      cc: [OLEG, LENA],
      subject: 'Minutes of the Thursday call',
      date: when.minutesAgo(185),
      zoneHours: 1,
      id: 'minutes-46@museum.example.org',
      body: text(
        `Four points, one of them is for you.

1. The showcase stands by the north window; the floor there carries it.
2. Vera sends the final drawing to the museum by Tuesday.
3. Lena keeps one spare sheet of 8 mm until the opening.
4. The labels are bilingual. Anna writes them, Oleg has them cut.

Next call: Thursday, 15:00.

Anna
`,
        { encoding: '7bit' },
      ),
    }),
    letter({
      flags: ['\\Seen'],
      from: ANNA,
      to: [VERA],
      subject: 'How the old showcases were made: notes from the archive',
      date: when.daysAgo(6, '12:08'),
      zoneHours: 1,
      id: 'archive-notes@museum.example.org',
      body: text(longNotes(), { encoding: '7bit' }),
    }),
    letter({
      from: SCHOOL,
      to: [VERA, OLEG, LENA, IGOR, ANNA, ...parents()],
      subject: 'Open workshop day: who brings what',
      date: when.daysAgo(2, '09:00'),
      id: 'open-day-2@school.example.org',
      body: text(
        `Dear all,

on Saturday from 11 to 16 the workshop is open for the children. So far:

- safety glasses for twenty: the school
- offcuts with ground edges: Lena
- a kiln and patience: Vera
- tea: the parents, please agree among yourselves

Please answer to me only, not to everybody.
`,
        { encoding: 'quoted-printable' },
      ),
    }),
    letter({
      from: { name: 'Marit (kiln talk)', email: 'marit@example.org' },
      to: [{ name: '', email: 'kiln-talk@lists.example.org' }],
      subject: '[kiln-talk] Annealing schedule for 10 mm float',
      date: when.daysAgo(3, '19:26'),
      zoneHours: 2,
      id: 'anneal-10mm@example.org',
      returnPath: 'kiln-talk-bounces@lists.example.org',
      extra: [
        'Sender: kiln-talk-bounces@lists.example.org',
        'Reply-To: kiln-talk@lists.example.org',
        'Precedence: list',
        'List-Id: Talk about kilns and glass <kiln-talk.lists.example.org>',
        'List-Post: <mailto:kiln-talk@lists.example.org>',
        'List-Help: <mailto:kiln-talk-request@lists.example.org?subject=help>',
        'List-Subscribe: <https://lists.example.org/kiln-talk>',
        'List-Unsubscribe: <https://lists.example.org/kiln-talk>,\r\n <mailto:kiln-talk-leave@lists.example.org>',
        'List-Archive: <https://lists.example.org/archive/kiln-talk>',
      ],
      body: text(
        `Does anybody fire 10 mm float in a small front loader? My schedule:

  up      150 C/h to 590, hold 30 min
  up      250 C/h to 790, hold 12 min
  down    free to 560
  anneal  560, hold 90 min
  down    40 C/h to 430, then free

The last two pieces had strain at one corner, always the one by the door.
.. is the door the culprit, or am I too fast at 430?

_______________________________________________
kiln-talk mailing list
`,
        { encoding: '7bit' },
      ),
    }),
    letter({
      from: OLEG,
      to: [VERA],
      subject: 'Доводчики привезли',
      date: when.daysAgo(1, '09:40'),
      id: 'closers-arrived@practice.test',
      body: text(`Вера, доводчики приехали, оба целые. Лежат у меня на верстаке.

Крепёж в комплекте, только винты коротковаты: возьму свои на 40.

Олег
`),
    }),
  ];
}

function parents(): Person[] {
  const names = [
    'Ada',
    'Boris',
    'Carla',
    'Dmitri',
    'Elsa',
    'Farid',
    'Greta',
    'Hanna',
    'Ilya',
    'Jonas',
    'Katya',
    'Leo',
    'Mila',
    'Nils',
    'Olga',
  ];
  return names
    .map((name) => ({ name: `${name} (parent)`, email: `${name.toLowerCase()}@parents.example.org` }))
    .map(quoteComment);
}

/** Brackets would be a comment in an address (RFC 5322, section 3.2.2): such a name goes in quotes. */
function quoteComment(person: Person): Person {
  return { ...person, name: `"${person.name}"` };
}

function longNotes(): string {
  const sections = [
    [
      'The frame',
      'Before 1900 the frames were oak, glued and pegged; no screw was ever set where glass could touch it.',
    ],
    [
      'The glass',
      'Cylinder glass, blown, cut and flattened. Hold it against a straight line and the line begins to swim.',
    ],
    [
      'The putty',
      'Chalk and linseed oil, a week old. It was pressed in with the thumb, and the thumb can still be seen.',
    ],
    [
      'The hinges',
      'Brass, filed by hand, each pair different. Whoever swaps two of them will plane a door for an afternoon.',
    ],
    ['The lock', 'One key for the whole row. The key hung in the porter’s room, so everybody had it.'],
    [
      'The light',
      'There was none inside. The cases stood by the windows, and the curtains were drawn at noon.',
    ],
  ] as const;
  const paragraphs = sections.flatMap(([title, sentence]) => [
    title.toUpperCase(),
    '',
    sentence.replace('’', "'"),
    '',
    ...Array.from({ length: 4 }, (_, index) =>
      [
        `Sheet ${index + 1} of the inventory describes this in more detail: who did the work, how long it`,
        'took, what it cost, and what had to be done again in the year after. The hand is hard to',
        'read, and some of the words are those of the trade, which nobody at the museum knows any',
        'more; I have left them as they stand. If you recognise one, tell me, and I shall put it in',
        'the glossary with your name beside it.',
        '',
      ].join('\n'),
    ),
  ]);
  return [
    'Dear Vera,',
    '',
    'as promised, my notes. They have become long.',
    '',
    ...paragraphs,
    'Anna',
    '',
  ].join('\n');
}
