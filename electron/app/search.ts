import type { Argument, Result } from '../../shared/contract/requests.ts';
import { parseQuery } from '../../shared/search/parse.ts';
import type { Ports } from './ports.ts';

/** Finds messages by what a person typed. What can't be understood as anything else is looked for as words. */
export async function searchMessages(
  { store }: Pick<Ports, 'store'>,
  { query: typed, limit, offset = 0, order }: Argument<'message.search'>,
): Promise<Result<'message.search'>> {
  const query = parseQuery(typed, Date.now());
  const { keys, more, complete } = await store.search(query, { limit, offset, order });
  return { rows: await store.rows(keys), more, complete, notes: query.notes };
}

/** Reads letters again for the place that a search found. One that can't be read has none. */
export async function findPassages(
  { store, mime }: Pick<Ports, 'store' | 'mime'>,
  { query: typed, ids }: Argument<'message.passages'>,
): Promise<Result<'message.passages'>> {
  const query = parseQuery(typed, Date.now());
  const found: Result<'message.passages'> = [];
  for (const id of ids) {
    const raw = await store.raw(id).catch(() => undefined);
    const passage = raw && (await mime.passage(raw, query).catch(() => undefined));
    if (passage) found.push({ id, ...passage });
  }
  return found;
}
