import Sqlite from 'better-sqlite3';
import { join } from 'node:path';
import { migration as first } from './migrations/0001-first.ts';
import { migration as second } from './migrations/0002-checkpoint.ts';
import { migration as third } from './migrations/0003-search.ts';
import { migration as fourth } from './migrations/0004-compaction.ts';
import { migration as fifth } from './migrations/0005-imap.ts';
import { migration as sixth } from './migrations/0006-few.ts';
import { migration as seventh } from './migrations/0007-collected.ts';
import { migration as eighth } from './migrations/0008-switch.ts';
import { crashPoint } from '../fault/crash-point.ts';

/** In order of number; a number once released never changes its text. */
const MIGRATIONS = [first, second, third, fourth, fifth, sixth, seventh, eighth];

/** The index's name within a profile. */
export const INDEX = 'glasspost.sqlite';

export type Row = Record<string, unknown>;

/** Nothing may be changed here, and why. */
class Unwritable extends Error {
  readonly code: string;
  constructor(code: 'READ_ONLY' | 'NEWER_INDEX', message: string) {
    super(message);
    this.code = code;
  }
}

/** A connection with its statements kept, so that hot queries are compiled once. */
export class Database {
  readonly #sqlite: Sqlite.Database;
  readonly #statements = new Map<string, Sqlite.Statement>();
  readonly readonly: boolean;
  /** Of the schema; 0 in a file that is no index. */
  readonly version: number;
  /** The schema that its statements meet: that of a copy that is only salvaged is as old as the copy. */
  readonly schema: number;
  /** Written by a program that knows more than this one. */
  readonly newer: boolean;
  readonly #copy: boolean;
  #written: () => void = () => undefined;
  /** The last commit failed. */
  #doubtful = false;

  /**
   * Opens the index of a profile. The writer migrates it; an index newer than this program is opened read-only.
   * @param role the one writer, a reader beside it, one who takes what is left of a copy, or one who only reads a copy that
   * may be of an older schema
   */
  constructor(profile: string, role: 'writer' | 'reader' | 'salvage' | 'copy') {
    const file = join(profile, INDEX);
    this.#sqlite = new Sqlite(file, { readonly: role === 'reader', fileMustExist: role !== 'writer' });
    this.#sqlite.pragma('foreign_keys = ON');
    const version = Number(this.#sqlite.pragma('user_version', { simple: true }));
    this.version = version;
    this.newer = version > (MIGRATIONS.at(-1)?.number ?? 0);
    this.readonly = role !== 'writer' || this.newer;
    this.#copy = role === 'copy';
    if (!this.newer && (role === 'writer' || role === 'copy')) this.#migrate();
    this.schema = Number(this.#sqlite.pragma('user_version', { simple: true }));
    // The words of the search index; of this connection, and nothing but a view.
    if (role !== 'salvage')
      this.#sqlite.exec('CREATE VIRTUAL TABLE temp.word USING fts5vocab(main, search, instance)');
    if (this.readonly) this.#sqlite.pragma('query_only = ON');
  }

  #migrate(): void {
    this.#sqlite.pragma('journal_mode = WAL');
    // A commit here is the permission to delete mail on a server: it must survive a power cut.
    this.#sqlite.pragma('synchronous = FULL');
    const migrate = this.#sqlite.transaction(() => {
      for (const migration of MIGRATIONS.filter((one) => one.number > this.version)) {
        this.#sqlite.exec(migration.sql);
        this.#sqlite.pragma(`user_version = ${migration.number}`);
        crashPoint('migration.step');
      }
    });
    migrate.immediate();
    crashPoint('migration.done');
  }

  all(sql: string, ...values: unknown[]): Row[] {
    return this.#prepare(sql).all(...values) as Row[];
  }

  /** Row by row, as far as they can be read. */
  iterate(sql: string): IterableIterator<Row> {
    return this.#prepare(sql).iterate() as IterableIterator<Row>;
  }

  /** Row by row, for a statement that hardly comes twice: it is not kept. */
  walk(sql: string, ...values: unknown[]): IterableIterator<Row> {
    return this.#sqlite.prepare(sql).iterate(...values) as IterableIterator<Row>;
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
      throw this.#copy
        ? new Unwritable('READ_ONLY', 'this disk can’t be written: the mail on it can be read, not changed')
        : new Unwritable(
            'NEWER_INDEX',
            'this mail was kept by a newer Glasspost: it can be read, not changed',
          );
  }

  transaction<T>(work: () => T): T {
    this.requireWritable();
    let worked = false;
    const all = this.#sqlite.transaction(() => {
      const result = work();
      worked = true;
      return result;
    });
    try {
      return all.immediate();
    } catch (thrown) {
      if (worked) this.#doubtful = true;
      throw thrown;
    }
  }

  /**
   * A commit that failed is undone here, but its log may be on disk: after a crash it would count. Before anything that it
   * refers to is written over, another commit has to take its place in the log.
   */
  settle(): void {
    if (!this.#doubtful) return;
    this.#sqlite.exec(
      `INSERT INTO state (name, value) VALUES ('settled', '1') ON CONFLICT (name) DO UPDATE SET value = value + 1`,
    );
    this.#doubtful = false;
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

  /** Everything is in the one file afterwards, its log is empty. */
  finish(): void {
    this.#sqlite.pragma('wal_checkpoint(TRUNCATE)');
    this.#sqlite.pragma('journal_mode = DELETE');
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
