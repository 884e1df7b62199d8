// The segments as another program reads them.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect } from 'vitest';

/** Each letter as another program finds it in a segment: its hash as it is, and without a last line end. */
const PYTHON = `
import hashlib, json, mailbox, re, sys
box = mailbox.mbox(sys.argv[1])
def hashes(key):
    data = re.sub(rb'(?m)^>(>*From )', rb'\\1', box.get_bytes(key))
    return [hashlib.sha256(one).hexdigest() for one in (data, data[:-1] if data.endswith(b'\\n') else data)]
print(json.dumps([hashes(key) for key in box.iterkeys()]))
`;

/** Every segment of a profile, read by Python's mailbox. @returns how many letters; each is what the index says */
export function readByPython(profile: string): number {
  const db = new Sqlite(join(profile, 'glasspost.sqlite'), { readonly: true });
  let count = 0;
  for (const { id, path } of db
    .prepare<[], { id: number; path: string }>('SELECT id, path FROM segment')
    .all()) {
    const rows = db
      .prepare<[number], { sha: string }>(
        'SELECT lower(hex(sha256)) AS sha FROM message WHERE segment = ? ORDER BY offset',
      )
      .all(id);
    const found = JSON.parse(execFileSync('python3', ['-c', PYTHON, join(profile, path)]).toString()) as [
      string,
      string,
    ][];
    expect(found).toHaveLength(rows.length);
    rows.forEach(({ sha }, at) => expect(found[at]).toContain(sha));
    count += rows.length;
  }
  db.close();
  return count;
}
