import { statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CompactPolicy, CompactStep } from '../../app/ports-store.ts';
import { crashPoint } from '../../fault/crash-point.ts';
import type { Context } from '../context.ts';
import type { Row } from '../database.ts';
import { Copy, NotAsKnown } from './copy.ts';
import { asideOf, editionOf, makingOf, nextEdition } from './editions.ts';
import { itemsFrom } from './items.ts';
import { dismissReplaced, dropBegun, putBegun } from './replaced.ts';
import { giveName, switchOver } from './switch.ts';

const MB = 1024 * 1024;
const DAY = 24 * 60 * 60 * 1000;
const POLICY: CompactPolicy = {
  grace: 7 * DAY,
  least: 8 * MB,
  share: 0.2,
  step: 2 * MB,
};
/** What the line before a letter and the empty line behind it take, about; bytes. */
const AROUND = 140;
/** Left free on the disk for everything else. */
const SPARE = 64 * MB;
const SHORTER = 'the file is shorter than the index says';

interface Run {
  segment: number;
  from: string;
  path: string;
  copy: Copy;
  /** Letters deleted before this need not be kept. */
  before: number;
  /** The old file and its known size when the last piece was done. */
  known: number;
  modified: string;
}

/** Makes new editions of segments in which much was deleted, a small piece at a time between other verbs of the writer. */
export class Compactor {
  readonly #context: Context;
  #run: Run | undefined;
  /** Segments that are not to be tried again before the next start. */
  readonly #leftAlone = new Set<string>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** One piece of work. Nothing that happens to it happens to a letter. */
  step(wish: Partial<CompactPolicy> = {}): CompactStep {
    const policy = { ...POLICY, ...wish };
    this.#context.db.requireWritable();
    const run = this.#run;
    if (run) return this.#carefully(run.from, () => this.#copy(run, policy.step));
    const dismissed = dismissReplaced(this.#context);
    if (dismissed) return dismissed;
    const before = Date.now() - policy.grace;
    const row = this.#candidate(policy, before);
    if (!row) return { state: 'idle' };
    return this.#carefully(String(row['path']), () => this.#begin(row, before));
  }

  close(): void {
    if (this.#run) this.#abandon();
  }

  /** Whatever goes wrong, the letters are where they were, and the next start tries again. */
  #carefully(segment: string, work: () => CompactStep): CompactStep {
    try {
      return work();
    } catch (thrown) {
      this.#abandon();
      this.#leftAlone.add(segment);
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      return thrown instanceof NotAsKnown
        ? { state: 'left-alone', segment, offset: thrown.offset, reason }
        : { state: 'failed', segment, reason };
    }
  }

  #begin(row: Row, before: number): CompactStep {
    const { db, profile } = this.#context;
    const from = String(row['path']);
    if (statSync(join(profile, from)).size < Number(row['size']))
      throw new NotAsKnown(Number(row['size']), SHORTER);
    const { bavail, bsize } = statfsSync(profile);
    if (bavail * bsize < Number(row['size']) - Number(row['dead']) + SPARE)
      throw new Error('there is no room for the copy');
    // A disk that failed may have kept it from going.
    dropBegun(this.#context);
    const segment = Number(row['id']);
    const path = nextEdition(profile, db, from);
    putBegun(this.#context, { segment, path });
    crashPoint('compact.begun');
    const copy = new Copy({
      from: join(profile, from),
      to: makingOf(join(profile, path)),
      aside: asideOf(join(profile, path)),
    });
    crashPoint('compact.made');
    const { modified } = copy.seen();
    this.#run = { segment, from, path, copy, before, known: Number(row['size']), modified };
    return { state: 'working', segment: from };
  }

  /** The segment in which most can be left out. Those of an account that is not here any more are nobody's to touch. */
  #candidate({ least, share }: CompactPolicy, before: number): Row | undefined {
    const { db } = this.#context;
    const now = Date.now();
    // The clock was ahead when they were deleted: they would be kept for as long.
    db.quietly(() => db.run('UPDATE buried SET since = ? WHERE since > ?', now, now + DAY));
    const rows = db.all(
      `SELECT s.id, s.path, s.size, sum(b.length + ${AROUND}) AS dead FROM buried b JOIN segment s ON s.id = b.segment
       WHERE b.since <= ? AND s.id NOT IN (SELECT segment FROM replaced)
       GROUP BY s.id HAVING dead >= ? AND dead >= ? * s.size ORDER BY dead DESC`,
      before,
      least,
      share,
    );
    const accounts = new Set(db.all('SELECT id FROM account').map((row) => String(row['id'])));
    return rows.find((row) => {
      const path = String(row['path']);
      const account = path.split(/[\\/]/u)[1] ?? '';
      return editionOf(path) !== undefined && accounts.has(account) && !this.#leftAlone.has(path);
    });
  }

  #copy(run: Run, limit: number): CompactStep {
    const { db, profile } = this.#context;
    const { segment, from, path, copy, before } = run;
    const working: CompactStep = { state: 'working', segment: from };
    const size = this.#watch(run);
    const items = itemsFrom(db, segment, copy.next, before);
    if (items.length > 0) {
      copy.take(items, limit);
      return working;
    }
    const unread = itemsFrom(db, segment, copy.checked, before);
    if (unread.length > 0) {
      copy.check(unread, limit);
      return working;
    }
    if (!copy.finish(run.known, limit)) return working;
    // From here on nothing can come between: what somebody wrote behind the last letter goes along, all at once.
    copy.finish(size, Number.MAX_SAFE_INTEGER);
    giveName(profile, path);
    this.#watch(run);
    switchOver(this.#context, {
      segment,
      seen: { size, modified: run.modified },
      path,
      size: copy.size,
      places: copy.places,
    });
    crashPoint('compact.switched');
    const { setAside } = copy;
    copy.close();
    this.#run = undefined;
    return { state: 'replaced', segment: from, ...(setAside > 0 ? { setAside } : {}) };
  }

  /** Notices that somebody else writes to the file. @returns its size @throws NotAsKnown */
  #watch(run: Run): number {
    const row = this.#context.db.get('SELECT size FROM segment WHERE id = ?', run.segment);
    const known = Number(row?.['size'] ?? -1);
    const { size, modified } = run.copy.seen();
    if (size < known) throw new NotAsKnown(size, SHORTER);
    if (known === run.known && modified !== run.modified)
      throw new NotAsKnown(size, 'another program writes to the file');
    run.known = known;
    run.modified = modified;
    return size;
  }

  #abandon(): void {
    this.#run?.copy.close();
    this.#run = undefined;
    try {
      dropBegun(this.#context);
    } catch {
      // It is done when the profile is opened the next time.
    }
  }
}
