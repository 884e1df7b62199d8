import type { Protocol, WireLine } from '../line.ts';
import { turnOf } from '../turn.ts';
import { knowledgeOf, type Knowledge } from './knowledge.ts';

/**
 * What a typed line could go on to be, by the commands of the protocol, what the server offers and what was seen.
 * @returns whole lines that begin with what is typed, letter case aside; the likeliest first
 */
export function complete(protocol: Protocol, linesSoFar: readonly WireLine[], typed: string): string[] {
  const turn = turnOf(protocol);
  for (const line of linesSoFar) turn.hear(line);
  const { kind } = turn.expects;
  if (kind === 'done') return fitting(['DONE'], typed);
  if (kind === 'data' || kind === 'sasl' || kind === 'literal') return [];
  const known = knowledgeOf(protocol, linesSoFar);
  // Only the last word is completed; what stands before it is as it was typed.
  const last = /(?:"[^"]*|[^\s(]*)$/u.exec(typed)?.[0] ?? '';
  const before = typed.slice(0, typed.length - last.length);
  const words = { imap: imapWords, pop3: pop3Words, smtp: smtpWords }[protocol](known, before);
  return fitting(
    words.map((word) => before + word),
    typed,
  );
}

function fitting(lines: readonly string[], typed: string): string[] {
  const start = typed.toUpperCase();
  return [...new Set(lines)].filter((line) => line.toUpperCase().startsWith(start) && line !== typed);
}

function smtpWords(known: Knowledge, before: string): string[] {
  const verb = before.trim().split(/\s+/u)[0]?.toUpperCase() ?? '';
  const has = (name: string) => known.offers.has(name);
  switch (verb) {
    case '': {
      if (known.offers.size === 0) return ['EHLO [127.0.0.1]', 'HELO [127.0.0.1]', 'NOOP', 'QUIT'];
      const first = known.letter ? ['RCPT TO:<', 'DATA', 'RSET'] : ['MAIL FROM:<'];
      const login = has('AUTH') && !known.loggedIn ? ['AUTH '] : [];
      const more = [
        'VRFY ',
        ...(has('EXPN') ? ['EXPN '] : []),
        ...(has('ETRN') ? ['ETRN '] : []),
        ...(has('CHUNKING') ? ['BDAT '] : []),
      ];
      return [...login, ...first, 'RSET', 'NOOP', 'HELP', ...more, 'EHLO [127.0.0.1]', 'QUIT'];
    }
    case 'AUTH':
      return /^AUTH\s+$/iu.test(before) ? (known.values.get('AUTH') ?? []) : [];
    case 'EHLO':
    case 'HELO':
      return ['[127.0.0.1]'];
    case 'MAIL':
      if (/^MAIL\s+$/iu.test(before)) return ['FROM:<'];
      return [
        ...(has('SIZE') ? ['SIZE='] : []),
        ...(has('8BITMIME') ? ['BODY=8BITMIME', 'BODY=7BIT'] : []),
        ...(has('BINARYMIME') ? ['BODY=BINARYMIME'] : []),
        ...(has('SMTPUTF8') ? ['SMTPUTF8'] : []),
        ...(has('DSN') ? ['RET=HDRS', 'RET=FULL', 'ENVID='] : []),
        ...(has('REQUIRETLS') ? ['REQUIRETLS'] : []),
      ];
    case 'RCPT':
      if (/^RCPT\s+$/iu.test(before)) return ['TO:<'];
      return has('DSN') ? ['NOTIFY=SUCCESS,FAILURE,DELAY', 'NOTIFY=NEVER', 'ORCPT='] : [];
    case 'BDAT':
      return /\d\s+$/u.test(before) ? ['LAST'] : [];
    default:
      return [];
  }
}

function pop3Words(known: Knowledge, before: string): string[] {
  const verb = before.trim().toUpperCase();
  if (verb === 'AUTH') return known.values.get('SASL') ?? [];
  if (verb !== '') return [];
  if (!known.loggedIn)
    return ['CAPA', 'USER ', 'PASS ', 'AUTH ', 'APOP ', 'UTF8', 'LANG', 'NOOP', 'QUIT'].filter(
      (word) => word !== 'UTF8' || known.offers.has('UTF8'),
    );
  return ['STAT', 'LIST', 'UIDL', 'TOP ', 'RETR ', 'DELE ', 'RSET', 'NOOP', 'CAPA', 'QUIT'];
}

/** Commands by the state that they need (RFC 9051 section 3), with the capability that offers them. */
const ANYTIME = ['CAPABILITY', 'NOOP', 'LOGOUT', 'ID '];
const OUTSIDE = ['LOGIN ', 'AUTHENTICATE '];
const INSIDE = [
  'SELECT ',
  'EXAMINE ',
  'LIST "" "*"',
  'STATUS ',
  'NAMESPACE',
  'IDLE',
  'APPEND ',
  'CREATE ',
  'DELETE ',
  'RENAME ',
  'SUBSCRIBE ',
  'UNSUBSCRIBE ',
  'LSUB "" "*"',
  'ENABLE ',
  'GETQUOTAROOT ',
  'GETQUOTA ',
  'NOTIFY ',
  'GETMETADATA ',
  'MYRIGHTS ',
];
const OPENED = [
  'FETCH ',
  'UID ',
  'SEARCH ',
  'STORE ',
  'COPY ',
  'MOVE ',
  'EXPUNGE',
  'CLOSE',
  'UNSELECT',
  'SORT ',
  'THREAD ',
  'CHECK',
];
const BY_UID = ['FETCH ', 'STORE ', 'SEARCH ', 'COPY ', 'MOVE ', 'EXPUNGE ', 'SORT ', 'THREAD '];
const NEEDS: Record<string, RegExp> = {
  ID: /^ID$/u,
  NAMESPACE: /^(?:NAMESPACE|IMAP4REV2)$/u,
  IDLE: /^(?:IDLE|IMAP4REV2)$/u,
  ENABLE: /^(?:ENABLE|IMAP4REV2)$/u,
  GETQUOTAROOT: /^QUOTA$/u,
  GETQUOTA: /^QUOTA$/u,
  NOTIFY: /^NOTIFY$/u,
  GETMETADATA: /^METADATA/u,
  MYRIGHTS: /^ACL$/u,
  MOVE: /^(?:MOVE|IMAP4REV2)$/u,
  UNSELECT: /^(?:UNSELECT|IMAP4REV2)$/u,
  SORT: /^SORT$/u,
  THREAD: /^THREAD$/u,
};
const ITEMS = [
  'FLAGS',
  'UID',
  'ENVELOPE',
  'BODYSTRUCTURE',
  'RFC822.SIZE',
  'INTERNALDATE',
  'BODY.PEEK[]',
  'BODY.PEEK[HEADER]',
  'BODY.PEEK[TEXT]',
  'BODY[]',
  'ALL',
  'FAST',
  'FULL',
];
const KEYS = [
  'ALL',
  'UNSEEN',
  'SEEN',
  'FLAGGED',
  'ANSWERED',
  'DELETED',
  'DRAFT',
  'FROM ',
  'TO ',
  'SUBJECT ',
  'BODY ',
  'TEXT ',
  'SINCE ',
  'BEFORE ',
  'ON ',
  'LARGER ',
  'SMALLER ',
  'HEADER ',
  'UID ',
  'KEYWORD ',
  'NOT ',
  'OR ',
];
const FLAGS = ['\\Seen', '\\Flagged', '\\Answered', '\\Deleted', '\\Draft'];
const COUNTS = ['MESSAGES', 'UNSEEN', 'RECENT', 'UIDNEXT', 'UIDVALIDITY', 'HIGHESTMODSEQ', 'SIZE'];

function imapWords(known: Knowledge, before: string): string[] {
  const words = before.trim() === '' ? [] : before.trim().split(/\s+/u);
  if (words.length === 0) return [`${nextTag(known.tag)} `];
  const offered = (word: string) => {
    const needs = NEEDS[word.trim()];
    return !needs || known.offers.size === 0 || [...known.offers].some((name) => needs.test(name));
  };
  if (words.length === 1) {
    const states = [
      ...(known.selected === 'none' ? [] : OPENED),
      ...(known.loggedIn ? INSIDE : OUTSIDE),
      ...ANYTIME,
    ];
    return states.filter(offered);
  }
  const uid = words[1]?.toUpperCase() === 'UID';
  const [verb = '', ...args] = words.slice(uid ? 2 : 1);
  if (uid && verb === '') return BY_UID.filter(offered);
  const mailboxes = ['INBOX', ...known.mailboxes];
  switch (verb.toUpperCase()) {
    case 'SELECT':
    case 'EXAMINE':
    case 'DELETE':
    case 'SUBSCRIBE':
    case 'UNSUBSCRIBE':
    case 'RENAME':
    case 'GETQUOTAROOT':
    case 'MYRIGHTS':
    case 'GETMETADATA':
      return args.length === 0 ? mailboxes : [];
    case 'APPEND':
      return args.length === 0 ? mailboxes : FLAGS;
    case 'STATUS':
      return args.length === 0 ? mailboxes : before.includes('(') ? COUNTS : ['(MESSAGES UNSEEN UIDNEXT)'];
    case 'COPY':
    case 'MOVE':
      return args.length === 1 ? mailboxes : [];
    case 'AUTHENTICATE':
      return args.length === 0 ? (known.values.get('AUTH') ?? []) : [];
    case 'ENABLE':
      return [...known.offers]
        .filter((name) => /^(?:CONDSTORE|QRESYNC|UTF8|IMAP4REV2|UIDONLY)$/u.test(name))
        .map((name) => (name === 'UTF8' ? 'UTF8=ACCEPT' : name));
    case 'FETCH':
      return args.length === 0 ? ['1:*'] : ITEMS;
    case 'STORE':
      return args.length === 0
        ? []
        : args.length === 1
          ? ['+FLAGS (', '-FLAGS (', 'FLAGS (', '+FLAGS.SILENT (', '-FLAGS.SILENT (']
          : FLAGS;
    case 'SEARCH':
      return KEYS;
    case 'SORT':
      return args.length === 0
        ? ['(REVERSE DATE) UTF-8 ALL', '(SUBJECT) UTF-8 ALL', '(SIZE) UTF-8 ALL']
        : KEYS;
    case 'THREAD':
      return args.length === 0 ? (known.values.get('THREAD') ?? []).map((name) => `${name} UTF-8 ALL`) : KEYS;
    case 'ID':
      return args.length === 0 ? ['NIL'] : [];
    default:
      return [];
  }
}

/** The tag after the one that was used last: `a1`, `a2`; `a`, `b`. */
export function nextTag(tag: string): string {
  const number = /^(.*?)(\d+)$/u.exec(tag);
  if (number) return `${number[1] ?? ''}${Number(number[2]) + 1}`;
  if (/^[a-y]$/iu.test(tag)) return String.fromCharCode(tag.charCodeAt(0) + 1);
  return 'a1';
}
