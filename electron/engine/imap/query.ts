import type { SearchObject } from 'imapflow';
import type { Flag } from '../../../shared/model/message.ts';
import type { ServerQuery } from '../../app/ports-engine.ts';

const FLAGS: Partial<Record<Flag, keyof SearchObject>> = {
  seen: 'seen',
  flagged: 'flagged',
  answered: 'answered',
  draft: 'draft',
  deleted: 'deleted',
};

/**
 * What SEARCH is asked (RFC 9051 section 6.4.4). imapflow takes one value a key: of several, each further one is a search of
 * its own, and a message has to be in all.
 */
export function searchesOf(query: ServerQuery): SearchObject[] {
  const { since, before, larger, smaller } = query;
  const first: SearchObject = {
    all: true,
    ...(since === undefined ? {} : { since: new Date(since) }),
    ...(before === undefined ? {} : { before: new Date(before) }),
    ...(larger === undefined ? {} : { larger }),
    ...(smaller === undefined ? {} : { smaller }),
  };
  for (const [flags, value] of [
    [query.set, true],
    [query.clear, false],
  ] as const) {
    for (const one of flags ?? []) if (FLAGS[one]) Object.assign(first, { [FLAGS[one]]: value });
  }
  const searches = [first];
  const add = (key: 'text' | 'subject' | 'from' | 'to' | 'body' | 'keyword', values: string[] = []) => {
    for (const value of values) {
      const free = searches.find((one) => one[key] === undefined);
      if (free) free[key] = value;
      else searches.push({ [key]: value });
    }
  };
  add('text', query.text);
  add('subject', query.subject);
  add('from', query.from);
  add('to', query.to);
  add('body', query.body);
  add('keyword', query.keywords);
  return searches;
}
