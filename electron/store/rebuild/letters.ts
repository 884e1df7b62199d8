import { closeSync, fstatSync, openSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readEnvelope } from '../../../shared/mail/envelope.ts';
import type { AccountId, MessageKey } from '../../../shared/model/ids.ts';
import type { DamagedMessage } from '../../app/ports-store.ts';
import { unquote } from '../../mbox/quote.ts';
import { placeOf, type Facts, type FactOf } from '../checkpoint/facts.ts';
import type { Database } from '../database.ts';
import { editionOf } from '../compact/editions.ts';
import { readAt } from '../mbox/segments.ts';
import { insertMessage, listDate } from '../message-rows.ts';
import { Copies } from './copies.ts';
import type { Homes } from './homes.ts';
import type { OldIndex } from './old-index.ts';
import type { Rebuilt } from './report.ts';
import { scanSegment, type ScannedMessage, type Stray } from './scan.ts';

/** Letters put into the index in one transaction: so many, or so many bytes. */
const COUNT = 500;
const BYTES = 32 * 1024 * 1024;

export interface Sources {
  profile: string;
  facts: Facts;
  /** Whether a letter that is not listed, below what was known of its segment, was deleted. */
  sound: boolean;
  /** Whether all that was ever committed is known, to the last moment. */
  exact: boolean;
  digests: OldIndex['digests'];
}

/** The segment that is being read. */
interface Segment {
  row: number;
  /** Relative to the profile; the same with `/`; the account's and the mailbox's folder in it. */
  file: string;
  name: string;
  account: string;
  folder: number;
  size: number;
  /** Up to here a letter that is not listed was deleted. */
  covered: number;
  /** From here on nothing was committed, as far as that is known for certain. */
  committed: number;
  strays: Stray[];
}

/** A letter of which nobody said that it is at this place. */
interface Unplaced {
  segment: Segment;
  found: Omit<ScannedMessage, 'bytes'>;
  sha: string;
}

/**
 * Puts the letters of segments into the new index, each where the person had it. A letter is known by its place and hash;
 * where a file was changed by others, by its hash alone.
 */
export class Letters {
  readonly #db: Database;
  readonly #sources: Sources;
  readonly #homes: Homes;
  readonly #report: Rebuilt;
  /** By place; copies of a letter share one. */
  readonly #known = new Map<string, FactOf<'message'>[]>();
  readonly #segments: Map<string, FactOf<'segment'>>;
  readonly #files = new Map<string, Segment>();
  readonly #unplaced: Unplaced[] = [];
  readonly #copies = new Copies();
  /** Letters that are in the new index, by the folder of their file and their bytes. */
  readonly #here = new Set<string>();

  constructor(db: Database, sources: Sources, homes: Homes, report: Rebuilt) {
    this.#db = db;
    this.#sources = sources;
    this.#homes = homes;
    this.#report = report;
    this.#segments = new Map(sources.facts.of('segment').map((one) => [one.file, one]));
    for (const fact of sources.facts.of('message')) {
      const place = placeOf(fact);
      this.#known.set(place, [...(this.#known.get(place) ?? []), fact]);
    }
  }

  /** Takes in one segment, a transaction at a time; yields how far it is read. @param file relative to the profile */
  *take(file: string): Generator<number> {
    const fd = openSync(join(this.#sources.profile, file), 'r');
    try {
      const { size } = fstatSync(fd);
      const segment = this.#add(file, size);
      let batch: ScannedMessage[] = [];
      let bytes = 0;
      const commit = () => {
        this.#db.transaction(() => {
          for (const one of batch) this.#place(segment, one);
        });
        batch = [];
        bytes = 0;
      };
      for (const found of scanSegment(fd, size)) {
        if (!('bytes' in found)) {
          segment.strays.push(found);
          continue;
        }
        this.#copies.found(segment.name, found.mark);
        batch.push(found);
        bytes += found.bytes.length;
        if (batch.length < COUNT && bytes < BYTES) continue;
        commit();
        yield found.end;
      }
      commit();
      yield size;
    } finally {
      closeSync(fd);
    }
  }

  /** Call it after the last segment: finds out about what was not where it was known to be. */
  finish(): void {
    const moved = this.#matchMoved();
    for (const facts of this.#known.values()) for (const fact of facts) this.#putUnmarked(fact);
    const rest = this.#unplaced.filter((one) => {
      const fact = moved.get(one);
      if (fact) this.#putAgain(one, fact);
      else if (one.found.at < one.segment.covered) this.#bury(one);
      else if (this.#wasNeverQueued(one)) this.#leave(one);
      // A commit that never came, and the letter was stored again.
      else if (this.#here.has(bytesOf(one.segment, one.found))) this.#bury(one);
      else return true;
      return false;
    });
    for (const one of rest)
      if (!this.#copies.isCopy(one.segment.name, one.found.mark)) this.#putAgain(one, undefined);
    for (const { name, strays } of this.#files.values())
      for (const { at, length } of strays) this.#report.strays.push({ segment: name, offset: at, length });
  }

  /** It was deleted, nobody knows when: compaction leaves it in its place as if that had been now. */
  #bury({ segment, found }: Unplaced): void {
    const { at, length, mark } = found;
    this.#report.deleted += 1;
    this.#copies.settled(segment.name, mark);
    if (!mark) return;
    this.#db.run(
      'INSERT INTO buried (segment, offset, length, raw_length, sha256, since) VALUES (?, ?, ?, ?, ?, ?)',
      segment.row,
      at,
      length,
      mark.length,
      Buffer.from(mark.sha256, 'hex'),
      Date.now(),
    );
  }

  /** A letter to be sent whose commit never came: its draft is where it was, and nobody was told that it goes. */
  #wasNeverQueued({ segment, found }: Unplaced): boolean {
    const role = this.#sources.facts.get('mailbox', segment.folder)?.role;
    return role === 'outbox' && found.at >= segment.committed;
  }

  #leave({ segment, found: { at, length, mark } }: Unplaced): void {
    segment.strays.push({ at, length });
    this.#copies.settled(segment.name, mark);
  }

  #add(file: string, size: number): Segment {
    const name = file.replaceAll('\\', '/');
    const [, account = '', folder = '', last = ''] = name.split('/');
    const fact = this.#segments.get(name);
    const number = /^\d{1,15}$/u.test(folder) ? Number(folder) : 0;
    // Only to a file of ours more mail is added.
    const mailbox = editionOf(last) ? (fact?.mailbox ?? number) : 0;
    const { id } = this.#db.run(
      'INSERT INTO segment (mailbox, path, size) VALUES (?, ?, ?)',
      mailbox,
      file,
      size,
    );
    const covered = this.#sources.sound ? (fact?.size ?? 0) : 0;
    const committed = this.#sources.exact && fact ? fact.size : Number.MAX_SAFE_INTEGER;
    const segment = { row: id, file, name, account, folder: number, size, covered, committed, strays: [] };
    this.#files.set(name, segment);
    return segment;
  }

  #place(segment: Segment, found: ScannedMessage): void {
    const sha = shaOf(found);
    const key = `${found.at} ${segment.name}`;
    const facts = this.#known.get(key) ?? [];
    const same = facts.filter((one) => one.sha === sha);
    if (same.length === 0) {
      const { bytes: _bytes, ...rest } = found;
      this.#unplaced.push({ segment, found: rest, sha });
      return;
    }
    this.#forget(key, same);
    for (const fact of same) this.#put(segment, found, fact);
  }

  #forget(place: string, facts: readonly FactOf<'message'>[]): void {
    const left = (this.#known.get(place) ?? []).filter((one) => !facts.includes(one));
    if (left.length > 0) this.#known.set(place, left);
    else this.#known.delete(place);
  }

  /** What is known and not at its place may be at another. Then that file was changed, and places in it say nothing. */
  #matchMoved(): Map<Unplaced, FactOf<'message'>> {
    const wanted = new Map<string, FactOf<'message'>[]>();
    for (const fact of [...this.#known.values()].flat())
      wanted.set(fact.sha, [...(wanted.get(fact.sha) ?? []), fact]);
    const moved = new Map<Unplaced, FactOf<'message'>>();
    for (const one of this.#unplaced) {
      const fact = wanted.get(one.sha)?.shift();
      if (!fact) continue;
      moved.set(one, fact);
      this.#forget(placeOf(fact), [fact]);
      one.segment.covered = 0;
      const home = this.#files.get(fact.file);
      if (home) home.covered = 0;
    }
    return moved;
  }

  #putAgain({ segment, found }: Unplaced, fact: FactOf<'message'> | undefined): void {
    const bytes = unquote(this.#read(segment, found.at, found.length));
    this.#put(segment, { ...found, bytes }, fact);
  }

  #put(segment: Segment, found: ScannedMessage, fact: FactOf<'message'> | undefined): void {
    if (!fact) this.#report.recovered += 1;
    const named = this.#insert(segment, found, fact);
    if (found.intact) return;
    const expected = found.mark?.length ?? 0;
    this.#tellDamage(named, fact, {
      problem: found.bytes.length === expected ? 'wrong-hash' : 'wrong-length',
      detail: `${found.bytes.length} bytes instead of ${expected}`,
    });
  }

  /** A letter that is known to be in a place that belongs to no other: the line before it can't be read. */
  #putUnmarked(fact: FactOf<'message'>): void {
    const { at, length } = fact;
    const segment = this.#files.get(fact.file);
    const stray = segment?.strays.find((one) => one.at <= at && one.at + one.length >= at + length);
    if (!segment || !stray) {
      this.#miss(fact);
      return;
    }
    segment.strays = segment.strays
      .flatMap((one) => {
        if (one !== stray) return [one];
        const end = at + length;
        return [
          { at: one.at, length: at - one.at },
          { at: end, length: one.at + one.length - end },
        ];
      })
      .filter((one) => one.length > 0);
    const bytes = unquote(this.#read(segment, at, length));
    const named = this.#insert(segment, { at, length, bytes, intact: false, end: at + length }, fact);
    const detail = 'the line that names its hash can’t be read';
    this.#tellDamage(named, fact, { problem: 'unreadable', detail });
  }

  #read(segment: Segment, at: number, length: number): Buffer {
    const fd = openSync(join(this.#sources.profile, segment.file), 'r');
    try {
      return readAt(fd, at, length);
    } finally {
      closeSync(fd);
    }
  }

  #insert(
    segment: Segment,
    found: ScannedMessage,
    fact: FactOf<'message'> | undefined,
  ): Omit<DamagedMessage, 'problem' | 'detail'> {
    const { bytes, mark } = found;
    const envelope = readEnvelope(bytes);
    const mailbox = this.#homes.mailbox(fact?.mailbox ?? segment.folder, segment.account);
    const place = fact && this.#homes.place(fact.uidMailbox, fact.uid);
    const digest = fact && this.#sources.digests.get(fact.id);
    const id = insertMessage(this.#db, {
      id: fact?.id,
      mailbox,
      uid: place?.uid,
      uidMailbox: place?.mailbox,
      uidl: fact?.uidl ?? undefined,
      date: fact?.date ?? listDate(envelope, found.date ?? Date.now()),
      size: bytes.length,
      flags: fact?.flags ?? 0,
      keywords: fact?.keywords ?? '',
      hidden: fact?.hidden === 1,
      envelope,
      digest: found.intact ? digest : undefined,
      place: {
        segment: segment.row,
        offset: found.at,
        length: found.length,
        // Of a damaged letter what it should be: it stays known as damaged.
        rawLength: mark?.length ?? bytes.length,
        sha256: mark ? Buffer.from(mark.sha256, 'hex') : createHash('sha256').update(bytes).digest(),
      },
    });
    this.#report.messages += 1;
    if (fact) this.#here.add(bytesOf(segment, found));
    this.#copies.settled(segment.name, mark);
    return {
      id: id as MessageKey,
      ...this.#homes.nameOf(mailbox),
      subject: envelope.subject,
      messageId: envelope.messageId,
      segment: segment.name,
      offset: found.at,
    };
  }

  #tellDamage(
    named: Omit<DamagedMessage, 'problem' | 'detail'>,
    fact: FactOf<'message'> | undefined,
    what: Pick<DamagedMessage, 'problem' | 'detail'>,
  ): void {
    this.#report.damaged.push({ ...named, ...what });
    this.#fetchAgain(named.account, fact);
  }

  #miss(fact: FactOf<'message'>): void {
    const mailbox = this.#sources.facts.get('mailbox', fact.mailbox);
    this.#report.missing.push({
      id: fact.id as MessageKey,
      mailbox: mailbox?.path ?? '',
      segment: fact.file,
      offset: fact.at,
    });
    if (mailbox) this.#fetchAgain(mailbox.account as AccountId, fact);
  }

  /** A POP3 server that still has a good copy must be asked for it, and must not be told to delete it. */
  #fetchAgain(account: AccountId, fact: FactOf<'message'> | undefined): void {
    if (fact?.uidl) this.#sources.facts.drop('uidl', [account, fact.uidl]);
  }
}

/** As the index knows it: of a damaged letter, what it should be. */
function shaOf({ bytes, mark }: ScannedMessage): string {
  return (mark?.sha256 ?? createHash('sha256').update(bytes).digest('hex')).slice(0, 16);
}

function bytesOf({ account, folder }: Segment, { at, mark }: Pick<ScannedMessage, 'at' | 'mark'>): string {
  // Without its mark nobody knows what it should be: it is like no other.
  return `${account} ${folder} ${mark ? `${mark.length} ${mark.sha256}` : `at ${at}`}`;
}
