import { closeSync, fsyncSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Facts } from '../checkpoint/facts.ts';
import { readCheckpoint } from '../checkpoint/read.ts';
import { Database, INDEX } from '../database.ts';
import { lockProfile } from '../lock.ts';
import { Segments } from '../mbox/segments.ts';
import { segmentFiles } from '../segment-files.ts';
import { Homes } from './homes.ts';
import { Letters } from './letters.ts';
import { putLeftovers } from './leftovers.ts';
import { readOldIndex, type OldIndex } from './old-index.ts';
import { emptyReport, type Rebuilt } from './report.ts';
import { dropMaking, exchange, finishExchange, makingFolder } from './swap.ts';
import { crashPoint } from '../../fault/crash-point.ts';

export interface RebuildOptions {
  /** Called after each piece of a segment; bytes read and in all, letters put into the index. */
  progress?: (so: { done: number; total: number; messages: number }) => void;
  /** Looked at between two pieces. */
  signal?: AbortSignal;
}

/**
 * Makes the index again from the segments and the checkpoint beside them, and from what can be read of the old index, which
 * may be missing, damaged or of an older schema. Segments are not changed. Until the new index is complete and on disk
 * everything is as it was; the old one is kept beside it.
 * @throws ProfileInUse when a process has the profile; or when the old index was written by a newer program
 */
export async function rebuildIndex(profile: string, options: RebuildOptions = {}): Promise<Rebuilt> {
  const release = lockProfile(profile, 'glasspost rebuild');
  try {
    finishExchange(profile);
    const folder = makingFolder(profile);
    try {
      return await rebuild(profile, folder, options);
    } finally {
      dropMaking(profile);
    }
  } finally {
    release();
  }
}

async function rebuild(
  profile: string,
  folder: string,
  { progress, signal }: RebuildOptions,
): Promise<Rebuilt> {
  const checkpoint = readCheckpoint(profile);
  const old = readOldIndex(profile, makingFolder(profile));
  makingFolder(profile);
  const report = emptyReport(
    checkpoint ? (checkpoint.sound ? 'sound' : 'damaged') : 'none',
    old ? (old.sound ? 'sound' : 'damaged') : 'none',
  );
  const { facts, sound } = factsOf(checkpoint, old);
  const files = segmentFiles(profile);
  const sizes = files.map((file) => statSync(join(profile, file)).size);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const db = new Database(folder, 'writer');
  try {
    const homes = db.transaction(() => new Homes(db, facts, files.map(folderNumber), report));
    const letters = new Letters(
      db,
      { profile, facts, sound, exact: old?.sound ?? false, digests: old?.digests ?? new Map() },
      homes,
      report,
    );
    let before = 0;
    for (const [at, file] of files.entries()) {
      for (const done of letters.take(file)) {
        progress?.({ done: before + done, total, messages: report.messages });
        // Not an immediate: Electron without a window lets those wait until something happens.
        await sleep(0);
        if (signal?.aborted) return { ...report, interrupted: true };
      }
      before += sizes[at] ?? 0;
    }
    db.transaction(() => letters.finish());
    const segments = new Segments(profile, db);
    db.transaction(() => {
      putLeftovers(db, facts, old?.headers ?? [], (id) => segments.read(id), report);
      // The checkpoint is written anew: there is nothing that it has to be told one by one.
      db.run('DELETE FROM changed');
    });
    db.finish();
  } finally {
    db.close();
  }
  crashPoint('rebuild.made');
  syncFile(join(folder, INDEX));
  const kept = exchange(profile);
  return kept === undefined ? report : { ...report, kept };
}

/** A sound index knows best, being ahead of the checkpoint. What is left of a damaged one fills gaps. */
function factsOf(
  checkpoint: ReturnType<typeof readCheckpoint>,
  old: OldIndex | undefined,
): { facts: Facts; sound: boolean } {
  if (old?.sound) return { facts: old.facts, sound: true };
  const facts = checkpoint?.facts ?? new Facts();
  if (old) facts.complete(old.facts);
  return { facts, sound: checkpoint?.sound ?? false };
}

/** Folders are named by the ids of mailboxes: no other mailbox may ever get one of them. */
function folderNumber(file: string): number {
  const folder = file.split(/[\\/]/u)[2] ?? '';
  return /^\d{1,15}$/u.test(folder) ? Number(folder) : 0;
}

function syncFile(path: string): void {
  const fd = openSync(path, 'r+');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
