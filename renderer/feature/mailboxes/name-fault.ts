import type { Mailbox } from '../../../shared/model/mailbox.ts';

/**
 * What is wrong with the name of a mailbox: the character that it can't have, or `taken`.
 * @param parent the mailbox above it; none is the top
 * @param own its name now, which is not in its own way
 */
export function nameFault(
  typed: string,
  boxes: readonly Mailbox[],
  parent: Mailbox | undefined,
  own: string,
): string | undefined {
  const name = typed.trim();
  if (name === '' || name === own) return undefined;
  const delimiter = parent?.delimiter ?? boxes.find((one) => one.delimiter)?.delimiter;
  // oxlint-disable-next-line no-control-regex -- that is what is looked for
  const bad = /[\u0000-\u001F\u007F%*]/u.exec(name)?.[0];
  if (bad !== undefined) return bad;
  if (delimiter !== undefined && name.includes(delimiter)) return delimiter;
  const path = parent ? `${parent.path}${delimiter ?? ''}${name}` : name;
  const taken = path.toUpperCase() === 'INBOX' || boxes.some((one) => one.path === path);
  return taken ? 'taken' : undefined;
}
