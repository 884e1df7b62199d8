// B. A server that is hostile behind a good login: cases 24 to 48.
import { constants, deflateRawSync } from 'node:zlib';
import type { HostileCase, Rule, Scene } from '../script.ts';

const GONE = ['connection-lost', 'timeout', 'server-refused'] as const;
const ANY = [...GONE, 'fine'] as const;
const FETCH = /^(?:UID )?FETCH/iu;
const ROWS = /^(?:UID )?FETCH .*HEADER\.FIELDS/iu;
const MEBIBYTE = 1024 * 1024;

function* forever(piece: string): Iterable<string> {
  const many = piece.repeat(64);
  for (;;) yield many;
}
function* times(count: number, piece: (at: number) => string): Iterable<string> {
  for (let at = 0; at < count; at += 1) yield piece(at);
}
function* bytes(count: number): Iterable<Buffer> {
  const block = Buffer.alloc(MEBIBYTE, 'x');
  for (let at = 0; at < count; at += MEBIBYTE) yield block;
}

/** A thousand times as much when it is inflated, without end (RFC 4978). */
function* bomb(piece: string): Iterable<string | Buffer> {
  yield 'TAG OK deflate\r\n';
  const flood = Buffer.alloc(MEBIBYTE, piece);
  const block = deflateRawSync(flood, { finishFlush: constants.Z_SYNC_FLUSH, level: 9 });
  for (;;) yield block;
}

const under = (one: Omit<HostileCase, 'security'>): HostileCase => ({ security: 'tls', ...one });
const first = (
  name: string,
  number: number,
  rule: Omit<Rule, 'on'>,
  told: HostileCase['told'] = [...ANY],
): HostileCase => under({ number, name, fresh: true, script: { rules: [{ on: FETCH, ...rule }] }, told });

/** No letter is on the server that the client may have been led to delete, none is missing. */
const allOnServer = ({ onServer }: Scene): string[] => {
  const subjects = new Set(onServer.map(({ subject }) => subject));
  return [0, 1, 2, 3, 4]
    .filter((at) => !subjects.has(`Letter ${at}`))
    .map((at) => `Letter ${at} was deleted on the server`);
};
const noPlainExpunge = ({ said }: Scene): string[] =>
  said.filter((line) => /^(?:EXPUNGE|CLOSE)\b/iu.test(line)).map((line) => `it said ${line}`);
/** Commands that change by number: another message may have the number by now. */
const byUidOnly = ({ said }: Scene): string[] =>
  said.filter((line) => /^(?:STORE|COPY|MOVE)\b/iu.test(line)).map((line) => `by number: ${line}`);
const noneOf =
  (words: RegExp) =>
  ({ said }: Scene): string[] =>
    said.filter((line) => words.test(line)).map((line) => `it said ${JSON.stringify(line.slice(0, 80))}`);
const noStranger = ({ letters }: Scene): string[] =>
  letters
    .filter(({ subject }) => !/^Letter \d$/u.test(subject))
    .map(({ subject }) => `a letter that was never asked for is here: ${subject}`);

const literals: HostileCase[] = [
  ['of 4 GiB', '{4294967295}\r\nabc'],
  ['of a negative size', '{-1}\r\nabc)\r\nTAG OK\r\n'],
  ['of 20 digits', '{99999999999999999999}\r\nabc'],
  ['of 5 bytes with 3 in it', '{5}\r\nabc)\r\nTAG OK done\r\n'],
].map(([name, literal]) =>
  first(`a literal ${name}`, 24, {
    instead: `* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 5 BODY[] ${literal}`,
    times: 3,
  }),
);

const validity = (name: string, to: string): HostileCase =>
  under({
    number: 30,
    name: `UIDVALIDITY ${name}`,
    script: {
      rules: [{ on: /^SELECT/iu, edit: (line) => line.replace(/^\* OK \[UIDVALIDITY \d+\].*\r\n$/u, to) }],
    },
    deeds: ['flag'],
    told: [...ANY],
    judge: allOnServer,
  });

const names = (name: string, listed: string[], judge?: HostileCase['judge'], number = 37): HostileCase =>
  under({
    number,
    name,
    script: { rules: [{ on: /^LIST/iu, before: listed.map((one) => `* LIST () "/" ${one}\r\n`).join('') }] },
    told: [...ANY],
    ...(judge ? { judge } : {}),
  });
const literal = (text: string | Buffer): string =>
  `{${Buffer.byteLength(text)}}\r\n${Buffer.from(text).toString('latin1')}`;

const OFFERING: Rule = {
  on: /^CAPABILITY|^AUTHENTICATE/iu,
  edit: (line) => line.replace(/(CAPABILITY|\[CAPABILITY) IMAP4rev1/u, '$1 IMAP4rev1 COMPRESS=DEFLATE'),
};

const byes: HostileCase[] = (
  [
    ['after the login', /^NAMESPACE|^LIST/iu],
    ['at SELECT', /^SELECT/iu],
    ['at FETCH', FETCH],
    ['at IDLE', /^IDLE/iu],
  ] as const
).map(([name, on]) =>
  under({
    number: 44,
    name: `BYE ${name}`,
    fresh: true,
    script: { rules: [{ on, instead: '* BYE good night\r\n', next: 'close' }] },
    told: [...GONE],
  }),
);

export const underTls: HostileCase[] = [
  ...literals,
  first('a literal that is announced and does not come', 25, {
    instead: '* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 5000 BODY[] {5000}\r\n',
    next: 'hang',
    times: 3,
  }),
  {
    ...first('a literal of 60 MiB for a letter of 5 bytes', 24, {
      instead: function* () {
        yield `* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 5 BODY[] {${60 * MEBIBYTE}}\r\n`;
        yield* bytes(60 * MEBIBYTE);
        yield ')\r\nTAG OK\r\n';
      },
      times: 1,
    }),
    heavy: true,
  },
  {
    ...first('a literal of 250 MiB for a letter of 5 bytes', 24, {
      instead: function* () {
        yield `* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 5 BODY[] {${250 * MEBIBYTE}}\r\n`;
        yield* bytes(250 * MEBIBYTE);
        yield ')\r\nTAG OK\r\n';
      },
      times: 2,
    }),
    heavy: true,
  },
  {
    ...first('untagged OKs without end', 26, { instead: () => forever('* OK still here\r\n'), times: 1 }, [
      ...GONE,
    ]),
    heavy: true,
  },
  {
    ...first(
      'untagged FETCHes without end',
      26,
      { instead: () => forever('* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n'), times: 1 },
      [...GONE],
    ),
    heavy: true,
  },
  {
    ...under({
      number: 26,
      name: 'untagged EXISTS without end while it idles',
      script: {
        rules: [{ on: /^IDLE/iu, instead: () => forever('* 7 EXISTS\r\n* 5 EXISTS\r\n'), times: 1 }],
      },
      told: [...ANY],
    }),
    heavy: true,
  },
  {
    ...under({
      number: 26,
      name: 'search results without end',
      fresh: true,
      script: {
        rules: [{ on: /^SELECT/iu, instead: () => forever('* SEARCH 1 2 3 4 5 6 7 8 9\r\n'), times: 1 }],
      },
      told: [...GONE],
    }),
    heavy: true,
  },
  {
    ...first('a line of 1 GiB without its end', 27, { instead: () => bytes(1024 * MEBIBYTE), times: 1 }, [
      ...GONE,
    ]),
    heavy: true,
  },
  {
    ...under({
      number: 27,
      name: 'a greeting of 1 GiB',
      fresh: true,
      script: { greeting: () => bytes(1024 * MEBIBYTE) },
      told: [...GONE, 'not-a-mail-server'],
    }),
    heavy: true,
  },
  first('10 000 parentheses in BODYSTRUCTURE', 28, {
    before: `* 1 FETCH (UID 1 BODYSTRUCTURE ${'('.repeat(10_000)}${')'.repeat(10_000)})\r\n`,
    times: 3,
  }),
  first('10 000 parentheses that never close', 28, {
    before: `* 1 FETCH (UID 1 FLAGS ${'('.repeat(10_000)}\r\n`,
    times: 3,
  }),
  under({
    number: 28,
    name: '10 000 parentheses in THREAD',
    script: {
      rules: [
        { on: /^SELECT/iu, before: `* THREAD ${'('.repeat(10_000)}1${')'.repeat(10_000)}\r\n`, times: 3 },
      ],
    },
    told: [...ANY],
  }),
  under({
    number: 29,
    name: 'UIDVALIDITY changes while a deletion waits',
    script: {
      rules: [{ on: /^SELECT/iu, edit: (line) => line.replace(/UIDVALIDITY \d+/u, 'UIDVALIDITY 77') }],
    },
    deeds: ['delete', 'flag'],
    told: [...ANY],
  }),
  validity('missing', ''),
  validity('0', '* OK [UIDVALIDITY 0]\r\n'),
  validity('above 2^32', '* OK [UIDVALIDITY 99999999999]\r\n'),
  validity('no number', '* OK [UIDVALIDITY abc]\r\n'),
  under({
    number: 31,
    name: 'EXPUNGE and EXISTS in the middle of FETCH',
    script: { rules: [{ on: FETCH, before: '* 1 EXPUNGE\r\n* 9 EXISTS\r\n* 2 EXPUNGE\r\n' }] },
    deeds: ['flag'],
    told: [...ANY],
    judge: (scene) => [...byUidOnly(scene), ...allOnServer(scene)],
  }),
  under({
    number: 31,
    name: 'holes in the numbering',
    script: {
      rules: [
        {
          on: FETCH,
          edit: (line) => line.replace(/^\* (\d+) FETCH/u, (_all, at: string) => `* ${Number(at) * 7} FETCH`),
        },
      ],
    },
    deeds: ['flag', 'move'],
    told: [...ANY],
    judge: byUidOnly,
  }),
  under({
    number: 32,
    name: 'FETCH of messages that nobody asked for',
    fresh: true,
    script: {
      rules: [
        {
          on: ROWS,
          before:
            '* 1 FETCH (UID 4242 FLAGS () RFC822.SIZE 20 INTERNALDATE "01-Jan-2026 00:00:00 +0000" BODY[HEADER.FIELDS (SUBJECT)] {22}\r\nSubject: Not asked\r\n\r\n BODY[] {22}\r\nSubject: Not asked\r\n\r\n)\r\n',
        },
      ],
    },
    told: [...ANY],
    judge: noStranger,
  }),
  under({
    number: 32,
    name: 'FETCH of UID 0, twice, backwards',
    fresh: true,
    script: {
      rules: [
        {
          on: FETCH,
          before:
            '* 5 FETCH (UID 5 FLAGS ())\r\n* 5 FETCH (UID 5 FLAGS ())\r\n* 4 FETCH (UID 0 FLAGS ())\r\n* 0 FETCH (UID 1 FLAGS ())\r\n',
        },
      ],
    },
    told: [...ANY],
    judge: noStranger,
  }),
  under({
    number: 33,
    name: 'UIDNEXT goes down',
    script: { rules: [{ on: /^SELECT/iu, edit: (line) => line.replace(/UIDNEXT \d+/u, 'UIDNEXT 1') }] },
    told: [...ANY],
    judge: allOnServer,
  }),
  ...(
    [
      ['goes down', 'HIGHESTMODSEQ 1'],
      ['is huge', 'HIGHESTMODSEQ 99999999999999999999999999'],
      ['is no number', 'HIGHESTMODSEQ many'],
    ] as const
  ).map(([name, to]) =>
    under({
      number: 33,
      name: `HIGHESTMODSEQ ${name}`,
      script: { rules: [{ on: /^SELECT/iu, edit: (line) => line.replace(/HIGHESTMODSEQ \d+/u, to) }] },
      told: [...ANY],
      judge: allOnServer,
    }),
  ),
  ...(
    [
      ['larger', (size: string) => String(Number(size) + 5000)],
      ['smaller', () => '3'],
      ['above 2^53', () => '99999999999999999999'],
    ] as const
  ).map(([name, to]) =>
    first(`RFC822.SIZE ${name} than what comes`, 34, {
      edit: (line) => line.replace(/RFC822\.SIZE (\d+)/u, (_all, size: string) => `RFC822.SIZE ${to(size)}`),
    }),
  ),
  first('bodies that are cut short, once', 34, {
    editData: (data) => (data.length > 900 ? data.subarray(0, 700) : data),
    times: 4,
  }),
  under({
    number: 35,
    name: 'a body changes between two fetches',
    script: {
      rules: [
        {
          on: FETCH,
          editData: (data) => Buffer.from(data.toString('latin1').replaceAll('nobody', 'EVERYB')),
        },
      ],
    },
    told: [...ANY],
  }),
  under({
    number: 36,
    name: 'another message under the same UID',
    script: {
      rules: [
        {
          on: FETCH,
          editData: (data) => Buffer.from(data.toString('latin1').replaceAll(/Letter \d/gu, 'Forged 9')),
        },
      ],
    },
    told: [...ANY],
    judge: noStranger,
  }),
  names('mailbox names that are paths', [
    '../../x',
    '"/abs"',
    '"C:"',
    '"..\\\\..\\\\y"',
    '"~/z"',
    '".."',
    '"."',
    '""',
  ]),
  names(
    'mailbox names with NUL, CR LF and direction marks',
    [literal('a\r\nb NOOP'), literal('nul\0byte'), '"&IC4-exe"', literal('x" y\\z')],
    noneOf(/^b NOOP|\n/u),
  ),
  names('a mailbox name of 10 000 characters', [`"${'n'.repeat(10_000)}"`, `"${'d/'.repeat(2000)}end"`]),
  names('mailbox names that differ by case or form only', [
    'Inbox',
    'inbox',
    '"INBOX/"',
    'archive',
    'ARCHIVE',
    '"&AOk-"',
    '"e&AwE-"',
  ]),
  names(
    'names that are no modified UTF-7',
    ['"&"', '"&AAA"', '"&2AA-"', '"&Jjo!"', Buffer.from('"Привет"').toString('latin1'), '"\xff\xfe"'],
    undefined,
    38,
  ),
  ...(
    [
      ['NIL', 'NIL'],
      ['a backslash', '"\\\\"'],
      ['a quote', '"\\""'],
      ['nothing', '""'],
      ['two characters', '"//"'],
    ] as const
  ).map(([name, to]) =>
    under({
      number: 39,
      name: `the hierarchy delimiter is ${name}`,
      script: { rules: [{ on: /^LIST|^NAMESPACE/iu, edit: (line) => line.replaceAll('"/"', to) }] },
      deeds: ['move'],
      told: [...ANY],
    }),
  ),
  under({
    number: 39,
    name: 'the hierarchy delimiter changes from line to line',
    script: {
      rules: [
        {
          on: /^LIST/iu,
          before:
            '* LIST () "." a.b/c\r\n* LIST () "/" a/b.c\r\n* LIST () "|" "a|b"\r\n* LIST () NIL a.b\r\n',
        },
      ],
    },
    told: [...ANY],
  }),
  {
    ...under({
      number: 40,
      name: 'a million mailboxes',
      script: {
        rules: [
          {
            on: /^LIST/iu,
            before: () => times(1_000_000, (at) => `* LIST () "/" "box ${at}"\r\n`),
            times: 1,
          },
        ],
      },
      told: [...ANY],
    }),
    heavy: true,
  },
  names(
    'mailboxes without end below each other',
    [`"${Array.from({ length: 300 }, () => 'a').join('/')}"`, '"a/a"', '"a/a/a"'],
    undefined,
    40,
  ),
  under({
    number: 41,
    name: 'a mailbox name that would be commands is sent as a literal',
    script: {
      rules: [
        {
          on: /^LIST/iu,
          before: `* LIST () "/" ${literal('box {5+}\r\nX1 DELETE INBOX')}\r\n* LIST () "/" ${literal('quo"te {3}')}\r\n`,
        },
      ],
    },
    told: [...ANY],
    judge: noneOf(/^X1 DELETE|^DELETE|[\r\n]/u),
  }),
  first('flags with spaces, quotes and nothing', 42, {
    edit: (line) => line.replace(/FLAGS \([^)]*\)/u, 'FLAGS ("two words" "" \\\\ $ \\Seen \\Unknown {2}'),
    times: 2,
  }),
  {
    ...first('10 000 keywords', 42, {
      edit: (line) =>
        line.replace(
          /FLAGS \([^)]*\)/u,
          `FLAGS (${Array.from({ length: 10_000 }, (_one, at) => `key${at}`).join(' ')})`,
        ),
    }),
  },
  under({
    number: 43,
    name: 'IDLE that never ends',
    script: { rules: [{ on: /^IDLE/iu, instead: '+ idling\r\n', next: 'hang' }] },
    told: [...ANY],
  }),
  under({
    number: 43,
    name: 'a server that is silent after the login',
    script: { rules: [{ on: /^NAMESPACE|^LIST|^ENABLE/iu, next: 'hang' }] },
    told: [...GONE],
  }),
  under({
    number: 43,
    name: 'a server that is silent at SELECT',
    script: { rules: [{ on: /^SELECT/iu, next: 'hang' }] },
    told: [...GONE],
  }),
  under({
    number: 43,
    name: 'a server that says nothing but that it is still there',
    script: {
      rules: [
        {
          on: /^SELECT/iu,
          talk: async ({ say }) => {
            for (let at = 0; at < 40; at += 1) {
              say('* OK still here\r\n');
              await new Promise((resolve) => setTimeout(resolve, 500));
            }
          },
          next: 'hang',
        },
      ],
    },
    told: [...GONE],
  }),
  ...byes,
  under({
    number: 45,
    name: 'COMPRESS is offered',
    script: {
      rules: [OFFERING],
    },
    told: ['fine'],
    // Nothing is ever inflated as long as this holds: a bomb needs COMPRESS.
    judge: noneOf(/^COMPRESS/iu),
  }),
  ...(
    [
      ['of answers without end', '* OK still here\r\n'],
      ['of one line without end', 'x'],
      ['of search results without end', '* SEARCH 1 2 3 4 5 6 7 8 9\r\n'],
    ] as const
  ).map(([name, piece]) => ({
    ...under({
      number: 45,
      name: `COMPRESS that inflates a thousand times: ${name}`,
      compress: true,
      fresh: true,
      script: { rules: [OFFERING, { on: /^COMPRESS/iu, instead: () => bomb(piece) }] },
      told: [...GONE],
    }),
    heavy: true,
  })),
  ...(
    [
      ['1900', '01-Jan-1900 00:00:00 +0000'],
      ['9999', '31-Dec-9999 23:59:59 +0000'],
      ['of a 13th month', '31-Foo-2026 25:61:61 +9999'],
      ['empty', ''],
    ] as const
  ).map(([name, to]) =>
    first(`an INTERNALDATE ${name}`, 46, {
      edit: (line) => line.replace(/INTERNALDATE "[^"]*"/u, `INTERNALDATE "${to}"`),
    }),
  ),
  under({
    number: 47,
    name: 'APPEND is answered NO after the literal',
    script: { rules: [{ on: /^APPEND/iu, instead: 'TAG NO [OVERQUOTA] no room\r\n' }] },
    deeds: ['send'],
    told: [...ANY],
    judge: ({ letters }) =>
      letters.some(({ subject }) => subject === 'A letter of mine') ? [] : ['the letter is gone'],
  }),
  under({
    number: 47,
    name: 'APPENDUID is wrong',
    script: {
      rules: [
        { on: /^APPEND/iu, edit: (line) => line.replace(/APPENDUID \d+ \d+/u, 'APPENDUID 1 4294967295') },
      ],
    },
    deeds: ['send'],
    told: [...ANY],
    judge: ({ letters }) =>
      letters.some(({ subject }) => subject === 'A letter of mine') ? [] : ['the letter is gone'],
  }),
  under({
    number: 48,
    name: 'no UIDPLUS, and others have marked messages',
    prepare: 'foreign-deleted',
    script: {
      rules: [
        {
          on: /^CAPABILITY|^AUTHENTICATE/iu,
          edit: (line) => line.replaceAll(/ (?:UIDPLUS|MOVE)(?=[ \]\r])/gu, ''),
        },
        { on: /^UID COPY/iu, edit: (line) => line.replace(/\[COPYUID[^\]]*\] /u, '') },
      ],
    },
    deeds: ['move'],
    told: [...ANY],
    judge: (scene) => [...noPlainExpunge(scene), ...allOnServer(scene)],
  }),
];
