// A. POP3: TLS and what comes before it, and the login: cases 1 to 23.
import { createHmac, pbkdf2Sync } from 'node:crypto';
import { STRANGER, type HostileCase, type Rule, type Scene, type Turn } from '../script.ts';

const NO_TLS = ['no-starttls'] as const satisfies HostileCase['told'];
const BROKEN = ['connection-lost', 'timeout', 'not-a-mail-server', 'tls-failed', 'server-refused'] as const;
const REFERRAL = `pop://vera@${STRANGER.host}:${STRANGER.port}`;
const BOTH = ['tls', 'starttls'] as const;
/** What is the same for both is played with one of them: IMAP's cases play it with both. */
const inTurn = (at: number) => BOTH[at % 2] ?? 'tls';

const pop3 = (one: Omit<HostileCase, 'protocol'>): HostileCase => ({ protocol: 'pop3', ...one });
/** No connection got as far as a login. */
const noLogin = ({ said, clear }: Scene): string[] =>
  [...said, ...clear]
    .filter((line) => /^(?:PASS|AUTH|APOP)\b/iu.test(line))
    .map((line) => `it went on: ${line.slice(0, 30)}`);
const notFollowed = ({ strangers }: Scene): string[] =>
  strangers > 0 ? ['it connected to a server that another one named'] : [];
const stls = (rule: Omit<Rule, 'on'>): HostileCase['script'] => ({ rules: [{ on: /^STLS/iu, ...rule }] });
/** In a segment of its own. */
const apart = (text: string) => async (turn: Turn) => {
  turn.say('+OK begin\r\n');
  await new Promise((resolve) => setTimeout(resolve, 100));
  turn.say(text);
};
const capa = (...lines: string[]): Rule => ({
  on: /^CAPA/iu,
  instead: `+OK\r\n${[...lines, '.'].join('\r\n')}\r\n`,
});
const login = (...rules: Rule[]): HostileCase['script'] => ({ rules });

const CERTIFICATES = [
  [14, 'a certificate that it signed itself', 'selfSigned', 'certificate-untrusted'],
  [15, 'a certificate that is out of date', 'expired', 'certificate-expired'],
  [16, 'a certificate for another name', 'otherName', 'certificate-other-name'],
  [17, 'a certificate of an unknown authority', 'otherAuthority', 'certificate-untrusted'],
] as const;
const certificates = CERTIFICATES.map(([number, name, tls, code], at) => {
  const security = inTurn(at);
  return pop3({
    number,
    name: `${name}, ${security}`,
    security,
    script: { tls },
    told: [code],
    judge: noLogin,
  });
});

const HANDSHAKES = [
  [18, 'TLS 1.1 and older only', 'old'],
  [19, 'the handshake stalls', 'stall'],
  [20, 'the connection is reset in the handshake', 'reset'],
] as const;
const handshakes = HANDSHAKES.map(([number, name, tls], at) => {
  const security = inTurn(at);
  return pop3({
    number,
    name: `${name}, ${security}`,
    security,
    script: { tls },
    told: [...BROKEN],
    judge: noLogin,
  });
});

const GREETINGS: readonly (readonly [name: string, greeting: string | Buffer])[] = [
  ['a greeting that begins like one', '+OKAY hello\r\n'],
  ['an empty greeting', '\r\n\r\n'],
  ['a greeting of another protocol', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
  ['a greeting of IMAP', '* OK IMAP4rev1\r\n'],
  ['a greeting in binary', Buffer.from([22, 3, 1, 0, 200, 1, 0, 0, 13, 10])],
];
const greetings = GREETINGS.map(([name, greeting], at) => {
  const security = inTurn(at);
  return pop3({
    number: 6,
    name: `${name}, ${security}`,
    security,
    script: { greeting, afterGreeting: 'hang' },
    told: [...BROKEN],
    judge: noLogin,
  });
});

const onlyScram = ({ said }: Scene): string[] =>
  said
    .filter((line) => /^(?:USER|PASS)\b|^AUTH (?!SCRAM)/iu.test(line))
    .map((line) => `a weaker login: ${line.slice(0, 30)}`);
const say64 = (text: string): string => `+ ${Buffer.from(text).toString('base64')}\r\n`;
/** What the client said first, after the empty challenge that asks for it. */
const nonceOf = async ({ say, hear }: Turn): Promise<string> => {
  say('+ \r\n');
  return /r=([^,]*)/u.exec(Buffer.from(await hear(), 'base64').toString())?.[1] ?? '';
};
const scram = (
  name: string,
  talk: (turn: Turn) => Promise<void>,
  code: 'server-refused' | 'server-unproven',
) =>
  pop3({
    number: 22,
    name: `SCRAM ${name}`,
    script: login(capa('SASL SCRAM-SHA-256 PLAIN'), { on: /^AUTH SCRAM/iu, talk }),
    told: [code],
    judge: onlyScram,
  });

/** A server that does not know the password, and makes up the proof that it does. */
async function impostor(turn: Turn): Promise<void> {
  turn.say(say64(`r=${await nonceOf(turn)}abc,s=c2FsdHNhbHQ=,i=4096`));
  await turn.hear();
  const key = pbkdf2Sync('something else', 'saltsalt', 4096, 32, 'sha256');
  turn.say(say64(`v=${createHmac('sha256', key).update('Server Key').digest('base64')}`));
  await turn.hear();
  turn.say('+OK come in\r\n');
}

export const pop3BeforeTls: HostileCase[] = [
  pop3({
    number: 1,
    name: 'STLS is no command',
    script: stls({ instead: '-ERR no such command\r\n' }),
    told: [...NO_TLS],
    judge: noLogin,
  }),
  pop3({
    number: 2,
    name: 'STLS is refused for the moment',
    script: stls({ instead: '-ERR [SYS/TEMP] later\r\n' }),
    told: [...NO_TLS],
    judge: noLogin,
  }),
  pop3({
    number: 2,
    name: 'STLS is answered with nothing known',
    script: stls({ instead: '+ go on\r\n' }),
    told: [...NO_TLS],
    judge: noLogin,
  }),
  pop3({
    number: 3,
    name: 'STLS is answered +OK and clear text goes on',
    script: stls({ talk: apart('+OK vera’s mailbox has 2 messages\r\n'), next: 'hang' }),
    told: [...BROKEN],
    judge: noLogin,
  }),
  pop3({
    number: 4,
    name: 'a greeting that says who is logged in',
    script: {
      greeting: '+OK vera is logged in, 2 messages\r\n',
      rules: [{ on: /^STLS/iu, instead: '-ERR not while logged in\r\n' }],
    },
    told: [...NO_TLS],
    judge: noLogin,
  }),
  ...BOTH.map((security) =>
    pop3({
      number: 5,
      name: `-ERR in the place of the greeting, ${security}`,
      security,
      script: { greeting: '-ERR not today\r\n', afterGreeting: 'close' },
      told: ['server-refused'],
      judge: noLogin,
    }),
  ),
  ...greetings,
  pop3({
    number: 7,
    name: 'more in the segment of STLS’s +OK',
    script: stls({ instead: '+OK begin\r\n+OK\r\nUSER\r\n.\r\n' }),
    told: [...BROKEN],
    judge: noLogin,
  }),
  pop3({
    number: 8,
    name: 'the same in front of STLS’s +OK',
    script: stls({ before: '+OK\r\nUSER\r\n.\r\n' }),
    told: [...BROKEN],
    judge: noLogin,
  }),
  pop3({
    number: 9,
    name: 'other abilities before TLS',
    told: [],
    elsewhere: 'nothing is asked before TLS but STLS',
  }),
  ...BOTH.map((security) =>
    pop3({
      number: 10,
      name: `answers to nothing with the greeting, ${security}`,
      security,
      script: { greeting: '+OK hello\r\n+OK 99 99\r\n+OK\r\n1 Injected\r\n.\r\n' },
      told: [...BROKEN],
      judge: noLogin,
    }),
  ),
  pop3({
    number: 11,
    name: 'an alert before TLS',
    script: {
      greeting: '+OK Renew your account at http://evil.example/ now\r\n',
      rules: [{ on: /^STLS/iu, instead: '-ERR [ALERT] Visit http://evil.example/\r\n' }],
    },
    told: [...NO_TLS],
    judge: noLogin,
  }),
  pop3({
    number: 12,
    name: 'another server is named in the greeting',
    script: { greeting: `-ERR [REFERRAL ${REFERRAL}] try there\r\n`, afterGreeting: 'close' },
    told: [...BROKEN],
    judge: notFollowed,
  }),
  pop3({
    number: 12,
    name: 'another server is named at the login',
    security: 'tls',
    script: login({ on: /^AUTH|^PASS/iu, instead: `-ERR [REFERRAL ${REFERRAL}] try there\r\n` }),
    told: ['server-refused', 'wrong-password'],
    judge: notFollowed,
  }),
  pop3({
    number: 13,
    name: 'no login is offered, without TLS',
    security: 'none',
    script: login(capa('UIDL', 'TOP')),
    told: ['no-login'],
    judge: noLogin,
  }),
  pop3({
    number: 13,
    name: 'no login is offered, under TLS',
    script: login(capa('UIDL', 'SASL GSSAPI'), { on: /^USER/iu, instead: '-ERR disabled\r\n' }),
    told: ['no-login'],
    judge: noLogin,
  }),
  ...certificates,
  ...handshakes,
  pop3({
    number: 21,
    name: 'autoconfig over plain http',
    told: [],
    elsewhere: 'settings are typed, not looked up: there is no autoconfig yet',
  }),
  scram(
    'with 2^31 rounds',
    async (turn) => {
      turn.say(say64(`r=${await nonceOf(turn)}abc,s=c2FsdA==,i=2147483648`));
      await turn.hear();
      turn.say('-ERR\r\n');
    },
    'server-refused',
  ),
  scram('with a wrong server signature', impostor, 'server-unproven'),
  scram(
    'let in without a proof',
    async (turn) => {
      turn.say(say64(`r=${await nonceOf(turn)}abc,s=c2FsdA==,i=4096`));
      await turn.hear();
      turn.say('+OK come in\r\n');
    },
    'server-unproven',
  ),
  ...(['CRAM-MD5', 'PLAIN', 'LOGIN'] as const).map((name) =>
    pop3({
      number: 22,
      name: `${name} with challenges without end`,
      script: login(capa(`SASL ${name}`), {
        on: /^AUTH/iu,
        talk: async ({ say, hear }) => {
          for (let line = ''; line !== '*'; line = await hear()) say('+ VXNlcm5hbWU6\r\n');
          say('-ERR at last\r\n');
        },
      }),
      told: ['server-refused'],
    }),
  ),
  pop3({
    number: 22,
    name: 'a challenge that is no base64',
    script: login(capa('SASL CRAM-MD5'), {
      on: /^AUTH/iu,
      talk: async ({ say, hear }) => {
        say('+ <not@base64>\r\n');
        await hear();
        say('-ERR\r\n');
      },
    }),
    told: ['server-refused'],
  }),
  pop3({
    number: 23,
    name: 'a token for another host',
    told: [],
    elsewhere: 'tokens are used but not fetched yet; one belongs to its account',
  }),
];
