import Sqlite from 'better-sqlite3';
import { join } from 'node:path';
import { migration as first } from './migrations/0001-first.ts';
import { migration as second } from './migrations/0002-checkpoint.ts';

/** In order of number; a number once released never changes its text. */
const MIGRATIONS = [first, second];

export type Row = Record<string, unknown>;

/** A connection with its statements kept, so that hot queries are compiled once. */
export class Database {
  readonly #sqlite: Sqlite.Database;
  readonly #statements = new Map<string, Sqlite.Statement>();
  readonly readonly: boolean;
  #written: () => void = () => undefined;

  /**
   * Opens the index of a profile. The writer migrates it; an index newer than this program is opened read-only.
   * @param role the one writer, or a reader beside it
   */
  constructor(profile: string, role: 'writer' | 'reader') {
    const file = join(profile, 'glasspost.sqlite');
    this.#sqlite = new Sqlite(file, role === 'reader' ? { readonly: true, fileMustExist: true } : {});
    this.#sqlite.pragma('foreign_keys = ON');
    const newest = MIGRATIONS.at(-1)?.number ?? 0;
    const version = Number(this.#sqlite.pragma('user_version', { simple: true }));
    this.readonly = role === 'reader' || version > newest;
    if (this.readonly) {
      this.#sqlite.pragma('query_only = ON');
      return;
    }
    this.#sqlite.pragma('journal_mode = WAL');
    // A commit here is the permission to delete mail on a server: it must survive a power cut.
    this.#sqlite.pragma('synchronous = FULL');
    const migrate = this.#sqlite.transaction(() => {
      for (const migration of MIGRATIONS.filter((one) => one.number > version)) {
        this.#sqlite.exec(migration.sql);
        this.#sqlite.pragma(`user_version = ${migration.number}`);
      }
    });
    migrate.immediate();
  }

  all(sql: string, ...values: unknown[]): Row[] {
    return this.#prepare(sql).all(...values) as Row[];
  }

  get(sql: string, ...values: unknown[]): Row | undefined {
    return this.#prepare(sql).get(...values) as Row | undefined;
  }

  /** @returns the row id of an insert, and how many rows changed */
  run(sql: string, ...values: unknown[]): { id: number; changes: number } {
    this.requireWritable();
    const done = this.#prepare(sql).run(...values);
    this.#written();
    return { id: Number(done.lastInsertRowid), changes: done.changes };
  }

  /** @throws when nothing may be written here */
  requireWritable(): void {
    if (this.readonly)
      throw new Error('this mail was kept by a newer Glasspost: it can be read, not changed');
  }

  transaction<T>(work: () => T): T {
    this.requireWritable();
    return this.#sqlite.transaction(work).immediate();
  }

  /** @param listener called after each statement that writes; the one before it is not called any more */
  onWrite(listener: () => void): void {
    this.#written = listener;
  }

  /** A transaction of the index's own housekeeping, of which nobody is told. */
  quietly(work: () => void): void {
    const listener = this.#written;
    this.#written = () => undefined;
    try {
      this.transaction(work);
    } finally {
      this.#written = listener;
    }
  }

  close(): void {
    this.#sqlite.close();
  }

  #prepare(sql: string): Sqlite.Statement {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#sqlite.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
