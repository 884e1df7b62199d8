// C. A POP3 server that is hostile behind a good login: cases 49 to 68.
import type { HostileCase, Rule, Scene } from '../script.ts';

const GONE = ['connection-lost', 'timeout', 'server-refused', 'not-a-mail-server'] as const;
const MEBIBYTE = 1024 * 1024;

function* forever(piece: string): Iterable<string> {
  const many = piece.repeat(512);
  for (;;) yield many;
}
function* bytes(count: number): Iterable<Buffer> {
  const block = Buffer.alloc(MEBIBYTE, 'x');
  for (let at = 0; at < count; at += MEBIBYTE) yield block;
}
function* starting(first: string, rest: Iterable<string | Buffer>): Iterable<string | Buffer> {
  yield first;
  yield* rest;
}

/** The first sync meets it, mail is removed from the server when it is here: what can go wrong does. */
const under = (
  number: number,
  name: string,
  told: HostileCase['told'],
  rules: Rule[],
  more: Partial<HostileCase> = {},
): HostileCase => ({
  protocol: 'pop3',
  security: 'tls',
  number,
  name,
  fresh: true,
  removes: true,
  script: { rules },
  told,
  judge: nothingDeletedUnseen,
  ...more,
});

/** What is on the server no more is here, and whole. */
function nothingDeletedUnseen({ onServer, letters }: Scene): string[] {
  const there = new Set(onServer.map(({ subject }) => subject));
  return [0, 1, 2, 3, 4]
    .map((at) => `Letter ${at}`)
    .filter((subject) => !there.has(subject) && !letters.some((one) => one.subject === subject && one.stored))
    .map((subject) => `${subject} was deleted on the server and is not here`);
}
const noDele = ({ said }: Scene): string[] =>
  said.filter((line) => /^DELE/iu.test(line)).map((line) => `it said ${line}`);
const allOnServer = ({ onServer }: Scene): string[] =>
  [0, 1, 2, 3, 4]
    .filter((at) => !onServer.some(({ subject }) => subject === `Letter ${at}`))
    .map((at) => `Letter ${at} was deleted on the server`);
const nothingHere = ({ letters }: Scene): string[] =>
  letters.map(({ subject }) => `${subject} was kept, though it is not whole`);
const both =
  (...judges: NonNullable<HostileCase['judge']>[]): NonNullable<HostileCase['judge']> =>
  (scene) =>
    judges.flatMap((judge) => judge(scene));

/** Of the lines `number rest` of a listing. */
const listing =
  (change: (number: number, rest: string) => string | undefined): NonNullable<Rule['edit']> =>
  (line) => {
    const found = /^(\d+) (.*)\r\n$/u.exec(line);
    if (!found) return line;
    const rest = change(Number(found[1]), found[2] ?? '');
    return rest === undefined ? '' : `${found[1]} ${rest}\r\n`;
  };
const names = (
  number: number,
  name: string,
  change: (number: number, uidl: string) => string | undefined,
  more: Partial<HostileCase> = {},
): HostileCase => under(number, name, ['fine'], [{ on: /^UIDL/iu, edit: listing(change) }], more);

const MANY = 200_000;
function* manyLines(of: (at: number) => string): Iterable<string> {
  yield '+OK\r\n';
  for (let at = 1; at <= MANY; at += 100) {
    let lines = '';
    for (let line = at; line < at + 100; line += 1) lines += `${line} ${of(line)}\r\n`;
    yield lines;
  }
  yield '.\r\n';
}

const broken: HostileCase[] = (
  [
    ['STAT', /^STAT/iu],
    ['LIST', /^LIST/iu],
    ['UIDL', /^UIDL/iu],
    ['RETR', /^RETR/iu],
  ] as const
).flatMap(([name, on]) => [
  under(
    51,
    `the connection ends in the middle of ${name}`,
    [...GONE],
    [{ on, instead: '+OK\r\n1 1', next: 'close' }],
  ),
  under(51, `${name} is never answered`, [...GONE], [{ on, next: 'hang' }]),
  under(
    51,
    `${name} breaks off and nothing more comes`,
    [...GONE],
    [{ on, instead: '+OK\r\n1 1', next: 'hang' }],
  ),
]);

const endless: HostileCase[] = (
  [
    ['CAPA', /^CAPA/iu],
    ['LIST', /^LIST/iu],
    ['UIDL', /^UIDL/iu],
    ['RETR', /^RETR/iu],
  ] as const
).map(([name, on]) =>
  under(
    50,
    `an answer to ${name} without end`,
    [...GONE],
    [{ on, instead: () => starting('+OK\r\n', forever('1 1\r\n')), times: 1 }],
    { heavy: true },
  ),
);

const refusals: HostileCase[] = (
  [
    ['[IN-USE]', 'mailbox-locked'],
    ['[LOGIN-DELAY]', 'mailbox-locked'],
    ['[SYS/TEMP]', 'server-refused'],
    ['[SYS/PERM]', 'server-refused'],
    ['[AUTH]', 'wrong-password'],
  ] as const
).map(([code, told]) =>
  under(
    66,
    `${code} at the login`,
    [told],
    [{ on: /^(?:AUTH|PASS)/iu, instead: `-ERR ${code} not now\r\n`, times: 2 }],
  ),
);

export const pop3UnderTls: HostileCase[] = [
  under(
    49,
    'a line of 1 GiB without its end',
    [...GONE],
    [{ on: /^STAT/iu, instead: () => bytes(1024 * MEBIBYTE), times: 1 }],
    {
      heavy: true,
    },
  ),
  under(49, 'a greeting of 1 GiB', [...GONE], [], {
    script: { greeting: () => bytes(1024 * MEBIBYTE) },
    heavy: true,
  }),
  under(
    49,
    'a listing of one line of 1 GiB',
    [...GONE],
    [{ on: /^LIST/iu, instead: () => starting('+OK\r\n', bytes(1024 * MEBIBYTE)), times: 1 }],
    { heavy: true },
  ),
  ...endless,
  ...broken,
  under(
    53,
    'the last dot is missing, and the connection ends',
    [...GONE],
    [{ on: /^RETR/iu, edit: (line) => (line === '.\r\n' ? '' : line), next: 'close' }],
    { judge: both(nothingDeletedUnseen, nothingHere) },
  ),
  under(
    53,
    'the last dot is missing, and the next answers follow',
    [...GONE],
    [{ on: /^RETR [35]/iu, edit: (line) => (line === '.\r\n' ? '' : line) }],
    { judge: both(nothingDeletedUnseen, allOnServer) },
  ),
  under(54, 'empty bodies', ['fine', ...GONE], [{ on: /^RETR/iu, instead: '+OK\r\n.\r\n' }], {
    judge: both(nothingDeletedUnseen, allOnServer, nothingHere),
  }),
  under(
    54,
    'headers without bodies',
    ['fine', ...GONE],
    [{ on: /^RETR/iu, instead: '+OK\r\nSubject: Letter 9\r\n\r\n.\r\n' }],
    { judge: both(nothingDeletedUnseen, allOnServer, nothingHere) },
  ),
  ...(
    [
      ['too small', '1'],
      ['0', '0'],
      ['negative', '-5'],
      ['too large', '99999'],
      ['of 4 GiB and more', '4294967301'],
      ['of 20 digits', '99999999999999999999'],
      ['in letters', 'big'],
    ] as const
  ).map(([name, size]) =>
    under(55, `sizes that are ${name}`, ['fine'], [{ on: /^LIST/iu, edit: listing(() => size) }]),
  ),
  names(56, 'all messages have one name', () => 'same', { judge: both(nothingDeletedUnseen, allOnServer) }),
  names(56, 'two messages have one name', (number, uidl) => (number < 3 ? 'same' : uidl)),
  under(
    56,
    'what is new has the name of what is here',
    ['fine'],
    [{ on: /^UIDL/iu, edit: listing(() => 'same') }],
    { fresh: false },
  ),
  names(57, 'empty names', () => ''),
  names(57, 'one empty name', (number, uidl) => (number === 2 ? '' : uidl)),
  names(57, 'names of 71 characters', (number) => String(number).padStart(71, 'x')),
  names(57, 'names of 20 000 characters', (number) => String(number).padStart(20_000, 'x')),
  names(57, 'names that are no UTF-8', (number) => `\xff\xfe${String.fromCharCode(200 + number)}`),
  names(57, 'names that are paths', (number) => `../../../${'../'.repeat(number)}etc/passwd`),
  names(57, 'names with NUL and controls', (number) => `a\0\x1b[31m${number}`),
  names(57, 'names with blanks in them', (number) => `a b ${number}`),
  under(
    58,
    'other names each time',
    ['fine'],
    [
      {
        on: /^UIDL/iu,
        edit: (() => {
          let asked = 0;
          return listing((number) => `${(asked += 1)}-${number}`);
        })(),
      },
    ],
    { fresh: false, removes: false },
  ),
  under(
    58,
    'the names go round',
    ['fine'],
    [{ on: /^UIDL/iu, edit: listing((number, uidl) => uidl.replace(/.$/u, String((number % 5) + 1))) }],
    { fresh: false, removes: false },
  ),
  under(
    59,
    'no UIDL',
    ['fine'],
    [
      { on: /^CAPA/iu, edit: (line) => (line.startsWith('UIDL') ? '' : line) },
      { on: /^UIDL/iu, instead: '-ERR no such command\r\n' },
    ],
    { removes: false },
  ),
  under(
    59,
    'no UIDL any more',
    ['fine'],
    [
      { on: /^CAPA/iu, edit: (line) => (line.startsWith('UIDL') ? '' : line) },
      { on: /^UIDL/iu, instead: '-ERR no such command\r\n' },
    ],
    { fresh: false, removes: false },
  ),
  under(
    59,
    'UIDL is refused for once',
    ['server-refused'],
    [{ on: /^UIDL/iu, instead: '-ERR [SYS/TEMP] later\r\n' }],
    { fresh: false, removes: false },
  ),
  under(
    60,
    'fewer messages in LIST than in STAT',
    ['server-refused'],
    [{ on: /^LIST/iu, edit: listing((number, rest) => (number === 2 ? undefined : rest)) }],
    { judge: both(noDele, allOnServer) },
  ),
  under(
    60,
    'more messages in STAT than there are',
    ['server-refused'],
    [{ on: /^STAT/iu, instead: '+OK 7 9999\r\n' }],
    {
      judge: both(noDele, allOnServer),
    },
  ),
  under(
    60,
    'names for messages that are not listed',
    ['server-refused'],
    [{ on: /^UIDL/iu, edit: (line) => (line.startsWith('5 ') ? line.replace('5 ', '17 ') : line) }],
    { judge: both(noDele, allOnServer) },
  ),
  under(
    60,
    'the numbers changed since LIST',
    ['server-refused', 'fine'],
    [
      { on: /^RETR 5/iu, instead: '-ERR no such message\r\n' },
      { on: /^DELE 3/iu, instead: '-ERR no such message\r\n' },
    ],
    { judge: both(nothingDeletedUnseen, allOnServer) },
  ),
  under(
    61,
    'answers for other messages than were asked for',
    ['server-refused'],
    [{ on: /^RETR/iu, ask: (line) => line.replace(/[45]/u, (digit) => (digit === '4' ? '5' : '4')) }],
    { judge: both(noDele, allOnServer) },
  ),
  under(
    60,
    'other numbers since LIST',
    ['server-refused'],
    [
      {
        on: /^(?:RETR|TOP|UIDL) /iu,
        ask: (line) => line.replace(/[1-5]/u, (digit) => String((Number(digit) % 5) + 1)),
        edit: (line) =>
          line.replace(/^\+OK (\d) /u, (_all, digit) => `+OK ${((Number(digit) + 3) % 5) + 1} `),
      },
    ],
    { judge: both(noDele, allOnServer) },
  ),
  under(62, 'the connection ends at QUIT', ['fine'], [{ on: /^QUIT/iu, next: 'reset' }]),
  under(62, 'QUIT is never answered', ['fine'], [{ on: /^QUIT/iu, next: 'hang' }]),
  under(63, 'what is to stay stays, whatever is deleted here', ['fine'], [{ on: /^STAT/iu, before: '' }], {
    fresh: false,
    removes: false,
    deeds: ['delete', 'delete'],
    judge: both(noDele, allOnServer),
  }),
  ...refusals,
  ...(['bytes', 'heaps'] as const).map((packets) =>
    under(67, packets === 'bytes' ? 'one byte in a packet' : 'all answers late and at once', ['fine'], [], {
      script: { packets },
    }),
  ),
  under(
    68,
    '200 000 messages with names of 250 characters',
    ['fine'],
    [
      { on: /^STAT/iu, instead: `+OK ${MANY} ${MANY * 100}\r\n` },
      { on: /^LIST/iu, instead: () => manyLines(() => '100') },
      { on: /^UIDL/iu, instead: () => manyLines((at) => String(at).padStart(243, 'x')) },
      { on: /^RETR/iu, instead: '-ERR no such message\r\n' },
    ],
    { heavy: true, removes: false },
  ),
];
