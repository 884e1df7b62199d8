import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Database } from '../database.ts';

/** `0001.mbox`, and after compaction `0001-2.mbox`: the name says of which segment a file is an edition. */
const NAME = /^(\d{4,9})(?:-(\d{1,9}))?\.mbox$/u;

/** What the name of a segment of ours says; nothing for a file that somebody else put there. */
export function editionOf(path: string): { number: number; edition: number } | undefined {
  const [, number, edition = '1'] = NAME.exec(path.split(/[\\/]/u).at(-1) ?? '') ?? [];
  return number === undefined ? undefined : { number: Number(number), edition: Number(edition) };
}

/** Names all editions of one segment, whatever the separator of its path. */
export function lineageOf(path: string): string {
  const number = editionOf(path)?.number;
  return number === undefined ? path : `${path.split(/[\\/]/u).slice(0, -1).join('/')} ${number}`;
}

/** A name for the next edition that no file and no row has: a name once used never means anything else. */
export function nextEdition(profile: string, db: Database, path: string): string {
  const { number = 0, edition = 1 } = editionOf(path) ?? {};
  for (let next = edition + 1; ; next += 1) {
    const name = join(dirname(path), `${String(number).padStart(4, '0')}-${next}.mbox`);
    const taken =
      db.get('SELECT 1 FROM segment WHERE path = ?', name) !== undefined ||
      [name, makingOf(name), asideOf(name)].some((one) => existsSync(join(profile, one)));
    if (!taken) return name;
  }
}

/** The copy while it is being made. */
export function makingOf(path: string): string {
  return `${path}.new`;
}

/** Bytes of the edition before that no letter has. */
export function asideOf(path: string): string {
  return `${path}.set-aside`;
}
