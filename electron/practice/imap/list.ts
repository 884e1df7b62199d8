import { DELIMITER, canonicalName } from '../account.ts';
import type { Account } from '../account.ts';
import { Complaint } from './complaint.ts';
import type { Command, Context } from './context.ts';
import { accountOf, ok } from './context.ts';
import type { Args } from './args.ts';
import { fromWire, writeMailboxName } from './name.ts';
import { parseStatusItems, writeStatus } from './status.ts';

const MAX_PATTERN = 400;

type ListRequest = {
  readonly subscribedOnly: boolean;
  readonly specialUseOnly: boolean;
  readonly patterns: readonly string[];
  readonly returnSubscribed: boolean;
  readonly status: readonly string[] | undefined;
};

/** RFC 9051, section 6.3.9, as far as RETURN (SPECIAL-USE STATUS (...)) of RFC 6154 and RFC 5819 needs it. */
export const list: Command = {
  when: 'logged in',
  usage: 'LIST "" "*"',
  run: (context, args) => {
    const request = parseList(args);
    if (request.patterns.length === 1 && request.patterns[0] === '') {
      // The empty pattern asks for the delimiter only.
      context.untagged(`LIST (\\Noselect) "${DELIMITER}" ""`);
      return ok('that is the hierarchy delimiter');
    }
    answerList(context, request);
    return ok('LIST completed');
  },
};

/** RFC 3501, section 6.3.9. */
export const lsub: Command = {
  when: 'logged in',
  usage: 'LSUB "" "*"',
  run: (context, args) => {
    args.space('the reference name, usually ""');
    const reference = args.listMailbox('the reference name');
    args.space('a name or a pattern');
    const pattern = matcher(fromWire(reference) + patternFromWire(args.listMailbox('a name or a pattern')));
    args.end();
    const all = subscribed(accountOf(context));
    // Where % stops above a name that is subscribed, the level it stopped at is shown instead.
    const levels = new Set(all.flatMap(parentsOf).filter((name) => !all.includes(name) && pattern(name)));
    for (const name of all)
      if (pattern(name)) context.untagged(`LSUB () "${DELIMITER}" ${writeMailboxName(name)}`);
    for (const name of levels) context.untagged(`LSUB (\\Noselect) "${DELIMITER}" ${writeMailboxName(name)}`);
    return ok('LSUB completed');
  },
};

function parentsOf(name: string): string[] {
  const levels = name.split(DELIMITER);
  return levels.slice(1).map((_, depth) => levels.slice(0, depth + 1).join(DELIMITER));
}

function parseList(args: Args): ListRequest {
  args.space('the reference name, usually ""');
  const select = args.peek('(')
    ? args.list('selection options', () => args.atom('a selection option').toUpperCase())
    : [];
  const odd = select.find(
    (option) => !['SUBSCRIBED', 'SPECIAL-USE', 'REMOTE', 'RECURSIVEMATCH'].includes(option),
  );
  if (odd !== undefined)
    throw new Complaint(`${odd} is no selection option; there are SUBSCRIBED and SPECIAL-USE`);
  if (select.length > 0) args.space('the reference name');
  const reference = fromWire(args.listMailbox('the reference name'));
  args.space('a name or a pattern such as "*"');
  const pattern = (): string => args.listMailbox('a name or a pattern');
  const given = args.peek('(') ? args.list('patterns', pattern) : [pattern()];
  let status: readonly string[] | undefined;
  let returnSubscribed = false;
  if (args.skip(' RETURN')) {
    args.space('the list of return options');
    args.list('return options', () => {
      const option = args.atom('a return option').toUpperCase();
      if (option === 'STATUS') {
        args.space('the status items');
        status = parseStatusItems(args);
      } else if (option === 'SUBSCRIBED') returnSubscribed = true;
      else if (option !== 'SPECIAL-USE' && option !== 'CHILDREN') {
        throw new Complaint(
          `${option} is no return option; there are SPECIAL-USE, SUBSCRIBED, CHILDREN and STATUS`,
        );
      }
      return option;
    });
  }
  args.end();
  return {
    subscribedOnly: select.includes('SUBSCRIBED'),
    specialUseOnly: select.includes('SPECIAL-USE'),
    patterns: given.map((one) => (one === '' ? '' : reference + patternFromWire(one))),
    returnSubscribed,
    status,
  };
}

function answerList(context: Context, request: ListRequest): void {
  const account = accountOf(context);
  const tests = request.patterns.map(matcher);
  const names = request.subscribedOnly ? subscribed(account) : account.names;
  for (const name of names) {
    if (!tests.some((test) => test(name))) continue;
    const mailbox = account.find(name);
    const use = account.specialUse(name);
    if (request.specialUseOnly && use === undefined) continue;
    const attributes = [
      mailbox ? undefined : '\\NonExistent',
      account.hasChildren(name) ? '\\HasChildren' : '\\HasNoChildren',
      use,
    ];
    if ((request.returnSubscribed || request.subscribedOnly) && account.subscriptions.has(name))
      attributes.push('\\Subscribed');
    const shown = attributes.filter((attribute) => attribute !== undefined).join(' ');
    context.untagged(`LIST (${shown}) "${DELIMITER}" ${writeMailboxName(name)}`);
    if (request.status && mailbox) context.untagged(writeStatus(name, mailbox, request.status));
  }
}

function subscribed(account: Account): readonly string[] {
  const known = account.names.filter((name) => account.subscriptions.has(name));
  return [...known, ...[...account.subscriptions].filter((name) => !account.find(name))];
}

/** `*` and `%` are no part of a shift, so the text between them is decoded piece by piece. */
function patternFromWire(pattern: string): string {
  return pattern.replace(/[^*%]+/g, (piece) => fromWire(piece));
}

/** `*` matches anything, `%` anything but the delimiter (RFC 9051, section 6.3.9). */
function matcher(pattern: string): (name: string) => boolean {
  // Where in the pattern one may be, for all of them at once: no pattern can make this slow.
  const wanted = Array.from(
    canonicalName(pattern).replace(/[*%]{2,}/g, (run) => (run.includes('*') ? '*' : '%')),
  );
  if (wanted.length > MAX_PATTERN)
    throw new Complaint(`a pattern has at most ${MAX_PATTERN} characters here`);
  const isWild = (at: number): boolean => wanted[at] === '*' || wanted[at] === '%';
  const withSkips = (places: readonly number[]): Set<number> =>
    new Set(places.flatMap((at) => (isWild(at) ? [at, at + 1] : [at])));
  return (name) => {
    let places = withSkips([0]);
    for (const character of name) {
      const next: number[] = [];
      for (const at of places) {
        if (wanted[at] === '*' || (wanted[at] === '%' && character !== DELIMITER)) next.push(at);
        else if (wanted[at] === character) next.push(at + 1);
      }
      places = withSkips(next);
    }
    return places.has(wanted.length);
  };
}
