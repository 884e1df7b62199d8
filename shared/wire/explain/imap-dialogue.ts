import type { Node } from './imap-parse.ts';

export interface Command {
  tag: string;
  verb: string;
  uid: boolean;
  args: Node[];
  seq: number;
  /** Of AUTHENTICATE: the mechanism and the next step of the client. */
  mechanism: string;
  step: number;
}

/** A command whose next line still belongs to it, with how many literals it had. */
export interface Writing {
  command: Command;
  literals: number;
}

/** Which commands ask for which untagged data (RFC 9051 section 7). */
const ASKED: Record<string, RegExp> = {
  EXISTS: /^(?:SELECT|EXAMINE)$/u,
  RECENT: /^(?:SELECT|EXAMINE)$/u,
  FLAGS: /^(?:SELECT|EXAMINE)$/u,
  FETCH: /^(?:FETCH|STORE|SELECT|EXAMINE)$/u,
  EXPUNGE: /^(?:EXPUNGE|MOVE|CLOSE|REPLACE)$/u,
  VANISHED: /^(?:EXPUNGE|MOVE|SELECT|EXAMINE|FETCH)$/u,
  CAPABILITY: /^(?:CAPABILITY|LOGIN|AUTHENTICATE|STARTTLS)$/u,
  ENABLED: /^ENABLE$/u,
  LIST: /^(?:LIST|XLIST|SELECT|CREATE|NOTIFY)$/u,
  LSUB: /^LSUB$/u,
  XLIST: /^XLIST$/u,
  STATUS: /^(?:STATUS|LIST|NOTIFY)$/u,
  SEARCH: /^SEARCH$/u,
  ESEARCH: /^(?:SEARCH|SORT)$/u,
  SORT: /^SORT$/u,
  THREAD: /^THREAD$/u,
  NAMESPACE: /^NAMESPACE$/u,
  ID: /^ID$/u,
  QUOTA: /QUOTA/u,
  QUOTAROOT: /^GETQUOTAROOT$/u,
  ACL: /^GETACL$/u,
  MYRIGHTS: /^(?:MYRIGHTS|LIST)$/u,
  LISTRIGHTS: /^LISTRIGHTS$/u,
  METADATA: /METADATA|^LIST$/u,
  OK: /^(?:SELECT|EXAMINE|COPY|MOVE|FETCH|SEARCH)$/u,
  NO: /./u,
  BAD: /./u,
  BYE: /^LOGOUT$/u,
};

/** What is known of a connection while its lines are explained. */
export class Dialogue {
  greeted: boolean;
  /** The beginning was missed: not everything can be put to its place. */
  readonly late: boolean;
  readonly open = new Map<string, Command>();
  writing: Writing | undefined;
  reading: Reading | undefined;
  /** How many messages the open mailbox holds, as far as told. */
  exists: number | undefined;

  constructor(late: boolean) {
    this.greeted = late;
    this.late = late;
  }

  /** The running command that such data answers. */
  askedFor(word: string): Command | undefined {
    const pattern = ASKED[word];
    return pattern ? [...this.open.values()].find((one) => pattern.test(one.verb)) : undefined;
  }
}

/** What the server has said so far of an answer that is cut up by literals, and how many items of it were told. */
export interface Reading {
  text: string;
  items: number;
  pieces: number;
}
