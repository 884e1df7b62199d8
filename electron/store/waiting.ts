import type { AccountId } from '../../shared/model/ids.ts';
import type { Waiting } from '../../shared/model/operation.ts';
import type { Database } from './database.ts';

/** How much waits for whom; an account for which nothing waits is there with 0. */
export function waiting(db: Database): Waiting[] {
  return db
    .all(
      `SELECT a.id AS account, count(o.id) AS count, count(o.error) AS refused
       FROM account a LEFT JOIN operation o ON o.account = a.id GROUP BY a.id ORDER BY a.position, a.id`,
    )
    .map((row) => ({
      account: row['account'] as AccountId,
      count: Number(row['count']),
      refused: Number(row['refused']),
    }));
}
