import { parse, textOf, upper, itemsOf } from '../explain/imap-parse.ts';
import type { Protocol, WireLine } from '../line.ts';

/** What a transcript so far says about a server and a session, for those who help a person to go on. */
export interface Knowledge {
  /** What the server offers, in capitals; empty while it did not say. */
  offers: Set<string>;
  /** The values of an offer: `AUTH` to `PLAIN`, `LOGIN`. */
  values: Map<string, string[]>;
  loggedIn: boolean;
  /** IMAP: a mailbox is open, and whether only for reading. */
  selected: 'none' | 'read-write' | 'read-only';
  /** SMTP: a letter was begun by MAIL. */
  letter: boolean;
  /** Names of mailboxes as they stand on the wire, quoted where they have to be. */
  mailboxes: Set<string>;
  /** IMAP: the client's latest tag. */
  tag: string;
  /** POP3: messages are marked for deletion. */
  marked: boolean;
}

export function knowledgeOf(protocol: Protocol, lines: readonly WireLine[]): Knowledge {
  const known: Knowledge = {
    offers: new Set(),
    values: new Map(),
    loggedIn: false,
    selected: 'none',
    letter: false,
    mailboxes: new Set(),
    tag: '',
    marked: false,
  };
  const learn = { imap: learnImap, pop3: learnPop3, smtp: learnSmtp }[protocol]();
  for (const line of lines) {
    if (line.kind === 'line' && line.direction !== 'none') learn(known, line);
  }
  return known;
}

type Learn = (known: Knowledge, line: WireLine) => void;

function learnSmtp(): Learn {
  const asked: string[] = ['GREETING'];
  return (known, { direction, text }) => {
    if (direction === 'client') {
      asked.push(/^\S*/u.exec(text)?.[0].toUpperCase() ?? '');
      return;
    }
    const verb = asked[0] ?? '';
    if (/^\d{3}(?!-)/u.test(text)) asked.shift();
    if (verb === 'EHLO' && text.startsWith('250')) offer(known, text.slice(4).split(/[ =]+/u));
    if (text.startsWith('235')) known.loggedIn = true;
    if (verb === 'MAIL' && text.startsWith('250')) known.letter = true;
    if (/^(?:RSET|\.|EHLO|DATA)$/u.test(verb) && text.startsWith('25')) known.letter = false;
  };
}

function learnPop3(): Learn {
  const asked: string[] = ['GREETING'];
  let listing = '';
  let challenges = 0;
  return (known, { direction, text }) => {
    if (direction === 'client') {
      // The answer to a challenge is no command.
      if (challenges > 0) challenges -= 1;
      else asked.push(text.trim().toUpperCase());
    } else if (listing !== '') {
      if (listing === 'CAPA' && text !== '.') offer(known, text.trim().split(/ +/u));
      if (text === '.') listing = '';
    } else if (/^\+(?: |$)/u.test(text)) {
      challenges += 1;
    } else {
      const command = asked.shift() ?? '';
      if (!text.startsWith('+OK')) return;
      const verb = command.split(' ')[0] ?? '';
      if (/^(?:PASS|APOP|AUTH)$/u.test(verb)) known.loggedIn = true;
      if (/^(?:CAPA|RETR|TOP)\b|^(?:LIST|UIDL)$/u.test(command)) listing = verb;
      if (verb === 'DELE') known.marked = true;
      if (verb === 'RSET') known.marked = false;
    }
  };
}

function learnImap(): Learn {
  const open = new Map<string, string>();
  let goesOn = false;
  return (known, { direction, text }) => {
    if (direction === 'client') {
      const continued = goesOn;
      goesOn = /\{\d+\+?\}$/u.test(text);
      const [tag = '', verb] = text.split(' ');
      if (continued || verb === undefined) return;
      // The tag of our own STARTTLS is nothing to count on from.
      if (verb.toUpperCase() !== 'STARTTLS') known.tag = tag;
      open.set(tag, verb.toUpperCase());
      return;
    }
    const listed = /^(?:\* CAPABILITY|\S+ OK \[CAPABILITY) ([^\]]*)/iu.exec(text)?.[1];
    if (listed !== undefined) {
      known.offers.clear();
      known.values.clear();
      for (const name of listed.split(' ')) offer(known, name.split('='));
    }
    if (text.startsWith('* PREAUTH')) known.loggedIn = true;
    const mailbox = /^\* (?:LIST|LSUB|XLIST) /iu.test(text) ? nameIn(text) : undefined;
    if (mailbox !== undefined) known.mailboxes.add(mailbox);
    const [tag = '', status = ''] = text.split(' ');
    const verb = open.get(tag);
    if (verb === undefined) return;
    open.delete(tag);
    goesOn = false;
    const ok = status.toUpperCase() === 'OK';
    if (/^(?:LOGIN|AUTHENTICATE)$/u.test(verb) && ok) known.loggedIn = true;
    if (/^(?:SELECT|EXAMINE)$/u.test(verb)) {
      const readOnly = verb === 'EXAMINE' || /\[READ-ONLY\]/iu.test(text);
      known.selected = ok ? (readOnly ? 'read-only' : 'read-write') : 'none';
    }
    if (/^(?:CLOSE|UNSELECT|LOGOUT)$/u.test(verb) && ok) known.selected = 'none';
  };
}

function offer(known: Knowledge, [name = '', ...values]: string[]): void {
  const upperName = name.toUpperCase();
  known.offers.add(upperName);
  if (values.length > 0) known.values.set(upperName, [...(known.values.get(upperName) ?? []), ...values]);
}

/** The mailbox of a LIST line, quoted where it holds more than an atom may. */
function nameIn(text: string): string | undefined {
  const nodes = parse(text.slice(2));
  if (itemsOf(nodes[1]).some((node) => upper(node) === '\\NOSELECT')) return undefined;
  const name = textOf(nodes[3]);
  if (name === '') return undefined;
  return /^[^\s(){%*"\\\]]+$/u.test(name) ? name : `"${name.replace(/["\\]/gu, '\\$&')}"`;
}
