import type { Delta } from '../../shared/model/delta.ts';
import { Changes } from './changes.ts';
import type { Database } from './database.ts';
import type { Segments } from './mbox/segments.ts';
import { crashPoint } from '../fault/crash-point.ts';

/** What every store verb works with. */
export interface Context {
  /** The folder that holds everything of one person. */
  profile: string;
  db: Database;
  segments: Segments;
}

/** Runs a change in one transaction and gives back what it touched, read after the commit. */
export function change<T>(context: Context, work: (changes: Changes) => T): { result: T; delta: Delta } {
  const changes = new Changes();
  const result = context.db.transaction(() => {
    const done = work(changes);
    crashPoint('store.uncommitted');
    return done;
  });
  crashPoint('store.committed');
  return { result, delta: changes.delta(context.db) };
}
