// A. TLS and what comes before it: cases 1 to 23.
import { pbkdf2Sync, createHmac } from 'node:crypto';
import { STRANGER, type HostileCase, type Rule, type Scene, type Turn } from '../script.ts';

const NO_TLS = ['no-starttls'] as const satisfies HostileCase['told'];
const BROKEN = ['connection-lost', 'timeout', 'not-a-mail-server', 'tls-failed', 'server-refused'] as const;
const REFERRAL = `imap://vera@${STRANGER.host}:${STRANGER.port}/INBOX`;

/** No connection got as far as a login. */
const noLogin = ({ said }: Scene): string[] =>
  said.filter((line) => /^(?:LOGIN|AUTHENTICATE)/iu.test(line)).map((line) => `it went on: ${line}`);
const notFollowed = ({ strangers }: Scene): string[] =>
  strangers > 0 ? ['it connected to a server that another one named'] : [];
/** Names and counts that were told in clear are nowhere. */
const nothingReached = ({ mailboxes, letters }: Scene): string[] => [
  ...mailboxes
    .filter(({ path }) => path.includes('Injected'))
    .map(({ path }) => `mailbox ${path} came from before TLS`),
  ...(letters.length === 5 ? [] : [`${letters.length} letters instead of 5`]),
];
/** The list of abilities that was given in clear was forgotten: it offered PLAIN alone. */
const newAbilities = ({ said }: Scene): string[] => {
  const login = said.find((line) => /^(?:LOGIN|AUTHENTICATE)/iu.test(line)) ?? 'none';
  return login.startsWith('AUTHENTICATE CRAM-MD5')
    ? []
    : [`it logged in by ${login.split(' ').slice(0, 2).join(' ')}`];
};
const dropAbility = (...names: string[]): Rule['edit'] => {
  const pattern = new RegExp(` (?:${names.join('|')})(?=[ \\]\\r])`, 'gu');
  return (line) => line.replace(pattern, '');
};
const starttls = (rule: Omit<Rule, 'on'>): HostileCase['script'] => ({
  rules: [{ on: /^STARTTLS/iu, ...rule }],
});
/** In a segment of its own. */
const apart = (text: string) => async (turn: Turn) => {
  turn.say('TAG OK begin\r\n');
  await new Promise((resolve) => setTimeout(resolve, 100));
  turn.say(text);
};

/** RFC 9051 section 7: what a server may say unasked, with a name that must turn up nowhere. */
const UNTAGGED = [
  '* LIST (\\Marked) "/" Injected',
  '* LSUB () "/" Injected',
  '* STATUS Injected (MESSAGES 99)',
  '* SEARCH 91 92 93',
  '* FLAGS (\\Seen Injected)',
  '* 99 EXISTS',
  '* 99 RECENT',
  '* 1 EXPUNGE',
  '* 1 FETCH (UID 91 FLAGS (\\Deleted) RFC822.SIZE 5 BODY[HEADER] {14}\r\nSubject: bad\r\n)',
];

const unasked: HostileCase[] = UNTAGGED.flatMap((line) => {
  const name = line.replace(/^\* (?:\d+ )?(\w+).*$/su, '$1');
  return [
    {
      number: 10,
      name: `untagged ${name} with the greeting`,
      script: { greeting: `* OK hello\r\n${line}\r\n` },
      told: ['fine'],
      judge: nothingReached,
    },
    {
      number: 10,
      name: `untagged ${name} before STARTTLS is answered`,
      script: { rules: [{ on: /^CAPABILITY/iu, times: 9, before: `${line}\r\n` }] },
      told: ['fine'],
      judge: nothingReached,
    },
  ];
});

const CERTIFICATES = [
  [14, 'a certificate that it signed itself', 'selfSigned', 'certificate-untrusted'],
  [15, 'a certificate that is out of date', 'expired', 'certificate-expired'],
  [16, 'a certificate for another name', 'otherName', 'certificate-other-name'],
  [17, 'a certificate of an unknown authority', 'otherAuthority', 'certificate-untrusted'],
] as const;

const certificates: HostileCase[] = CERTIFICATES.flatMap(([number, name, tls, code]) =>
  (['tls', 'starttls'] as const).map((security) => ({
    number,
    name: `${name}, ${security}`,
    security,
    script: { tls },
    told: [code],
    judge: noLogin,
  })),
);

const HANDSHAKES = [
  [18, 'TLS 1.1 and older only', 'old'],
  [19, 'the handshake stalls', 'stall'],
  [20, 'the connection is reset in the handshake', 'reset'],
] as const;

const handshakes: HostileCase[] = HANDSHAKES.flatMap(([number, name, tls]) =>
  (['tls', 'starttls'] as const).map((security) => ({
    number,
    name: `${name}, ${security}`,
    security,
    script: { tls },
    told: [...BROKEN],
    judge: noLogin,
  })),
);

const scramOnly: Rule = {
  on: /^CAPABILITY/iu,
  instead: '* CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256 AUTH=PLAIN\r\nTAG OK\r\n',
};
const say64 = (text: string): string => `+ ${Buffer.from(text).toString('base64')}\r\n`;
const heard64 = (text: string): string => Buffer.from(text, 'base64').toString();
const nonceOf = (line: string): string => /r=([^,]*)/u.exec(heard64(line.split(' ').at(-1) ?? ''))?.[1] ?? '';
const onlyScram = ({ said }: Scene): string[] =>
  said
    .filter((line) => /^LOGIN|^AUTHENTICATE (?!SCRAM)/iu.test(line))
    .map((line) => `a weaker login: ${line.slice(0, 30)}`);

/** A server that does not know the password, and makes up the proof that it does. */
async function impostor({ line, say, hear }: Turn): Promise<void> {
  say(say64(`r=${nonceOf(line)}abc,s=c2FsdHNhbHQ=,i=4096`));
  await hear();
  const key = pbkdf2Sync('something else', 'saltsalt', 4096, 32, 'sha256');
  say(say64(`v=${createHmac('sha256', key).update('Server Key').digest('base64')}`));
  await hear();
  say('TAG OK come in\r\n');
}

export const beforeTls: HostileCase[] = [
  {
    number: 1,
    name: 'STARTTLS is missing from the abilities',
    script: {
      greeting: '* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello\r\n',
      rules: [{ on: /^CAPABILITY/iu, edit: dropAbility('STARTTLS') }],
    },
    told: [...NO_TLS],
    judge: noLogin,
  },
  {
    number: 2,
    name: 'STARTTLS is answered NO',
    script: starttls({ instead: 'TAG NO\r\n' }),
    told: [...NO_TLS],
  },
  {
    number: 2,
    name: 'STARTTLS is answered BAD',
    script: starttls({ instead: 'TAG BAD\r\n' }),
    told: [...NO_TLS],
  },
  {
    number: 3,
    name: 'STARTTLS is answered OK and clear text goes on',
    script: starttls({
      talk: apart('* OK still here\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n'),
      next: 'hang',
    }),
    told: [...BROKEN],
  },
  { number: 4, name: 'PREAUTH', script: { greeting: '* PREAUTH you are in\r\n' }, told: [...NO_TLS] },
  {
    number: 4,
    name: 'PREAUTH with abilities',
    script: { greeting: '* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] you are in\r\n' },
    told: [...NO_TLS],
    judge: ({ clear }) => clear.map((line) => `it spoke to it: ${line}`),
  },
  {
    number: 5,
    name: 'BYE in the place of the greeting',
    script: { greeting: '* BYE not today\r\n', afterGreeting: 'close' },
    told: [...BROKEN],
  },
  ...[
    ['a tagged greeting', 'a1 OK hello\r\n'],
    ['an empty greeting', '\r\n\r\n'],
    ['a greeting of another protocol', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['a greeting in binary', Buffer.from([22, 3, 1, 0, 200, 1, 0, 0, 13, 10])],
  ].map(([name, greeting]): HostileCase => ({
    number: 6,
    name: String(name),
    script: { greeting: greeting ?? '', afterGreeting: 'hang' },
    told: [...BROKEN],
  })),
  {
    number: 7,
    name: 'more in the segment of STARTTLS’s OK',
    script: starttls({ instead: 'TAG OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n' }),
    told: [...BROKEN],
    judge: noLogin,
  },
  {
    number: 8,
    name: 'the same in front of STARTTLS’s OK',
    script: starttls({ before: '* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n', times: 9 }),
    told: ['fine'],
    judge: newAbilities,
  },
  {
    number: 9,
    name: 'other abilities before TLS',
    script: {
      greeting: '* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED AUTH=PLAIN X-EVIL] hello\r\n',
      rules: [{ on: /^CAPABILITY(?!.)/iu, times: 1, before: '' }],
    },
    told: ['fine'],
    judge: newAbilities,
  },
  ...unasked,
  {
    number: 11,
    name: 'an alert before TLS',
    script: {
      greeting: '* OK [ALERT] Renew your account at http://evil.example/ now\r\n',
      rules: [
        { on: /^CAPABILITY/iu, edit: dropAbility('STARTTLS') },
        { on: /^STARTTLS/iu, instead: 'TAG NO [ALERT] Visit http://evil.example/\r\n' },
      ],
    },
    told: [...NO_TLS],
    judge: ({ mailboxes }) => (JSON.stringify(mailboxes).includes('evil') ? ['the alert got in'] : []),
  },
  {
    number: 12,
    name: 'a referral in the greeting',
    script: { greeting: `* BYE [REFERRAL ${REFERRAL}] try there\r\n`, afterGreeting: 'close' },
    told: [...BROKEN],
    judge: notFollowed,
  },
  {
    number: 12,
    name: 'a referral at the login',
    script: {
      rules: [{ on: /^AUTHENTICATE|^LOGIN/iu, instead: `TAG NO [REFERRAL ${REFERRAL}] try there\r\n` }],
    },
    security: 'tls',
    told: ['server-refused'],
    judge: notFollowed,
  },
  {
    number: 12,
    name: 'a referral for a mailbox',
    script: { rules: [{ on: /^SELECT/iu, instead: `TAG NO [REFERRAL ${REFERRAL}] moved\r\n` }] },
    security: 'tls',
    told: ['server-refused'],
    judge: notFollowed,
  },
  {
    number: 13,
    name: 'LOGINDISABLED without TLS',
    script: {
      rules: [{ on: /^CAPABILITY/iu, instead: '* CAPABILITY IMAP4rev1 LOGINDISABLED\r\nTAG OK\r\n' }],
      greeting: '* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hello\r\n',
    },
    security: 'none',
    told: ['no-login'],
    judge: noLogin,
  },
  {
    number: 13,
    name: 'LOGINDISABLED under TLS',
    script: {
      rules: [{ on: /^CAPABILITY/iu, instead: '* CAPABILITY IMAP4rev1 LOGINDISABLED\r\nTAG OK\r\n' }],
    },
    told: ['no-login'],
    judge: noLogin,
  },
  {
    number: 13,
    name: 'only AUTH=PLAIN, without TLS',
    script: {
      greeting: '* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN LOGINDISABLED] hello\r\n',
      rules: [{ on: /^CAPABILITY/iu, instead: '* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nTAG OK\r\n' }],
    },
    told: [...NO_TLS],
    judge: noLogin,
  },
  ...certificates,
  ...handshakes,
  {
    number: 21,
    name: 'autoconfig over plain http',
    told: [],
    elsewhere: 'settings are typed, not looked up: there is no autoconfig yet',
  },
  {
    number: 22,
    name: 'SCRAM with 2^31 rounds',
    script: {
      rules: [
        scramOnly,
        {
          on: /^AUTHENTICATE SCRAM/iu,
          talk: async ({ line, say, hear }) => {
            say(say64(`r=${nonceOf(line)}abc,s=c2FsdA==,i=2147483648`));
            await hear();
            say('TAG BAD\r\n');
          },
        },
      ],
    },
    told: ['server-refused'],
    judge: onlyScram,
  },
  {
    number: 22,
    name: 'SCRAM with a wrong server signature',
    script: { rules: [scramOnly, { on: /^AUTHENTICATE SCRAM/iu, talk: impostor }] },
    told: ['server-unproven'],
    judge: onlyScram,
  },
  {
    number: 22,
    name: 'SCRAM let in without a proof',
    script: {
      rules: [
        scramOnly,
        {
          on: /^AUTHENTICATE SCRAM/iu,
          talk: async ({ line, say, hear }) => {
            say(say64(`r=${nonceOf(line)}abc,s=c2FsdA==,i=4096`));
            await hear();
            say('TAG OK come in\r\n');
          },
        },
      ],
    },
    told: ['server-unproven'],
    judge: onlyScram,
  },
  {
    number: 23,
    name: 'a token for another host',
    told: [],
    elsewhere: 'tokens are used but not fetched yet; one belongs to its account',
  },
];
