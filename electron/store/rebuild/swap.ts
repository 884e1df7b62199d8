import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { INDEX } from '../database.ts';
import { syncDirectory } from '../mbox/segments.ts';
import { crashPoint } from '../../fault/crash-point.ts';

/** Where the new index is made, and what that folder is called once the index in it is complete. */
const MAKING = 'rebuild.tmp';
const READY = 'rebuild.ready';
/** In the folder: the name under which the old index is put aside. */
const ASIDE = 'aside';

/** An empty folder for a new index; what an interrupted attempt left is thrown away. */
export function makingFolder(profile: string): string {
  const folder = join(profile, MAKING);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

export function dropMaking(profile: string): void {
  rmSync(join(profile, MAKING), { recursive: true, force: true });
}

/**
 * The moment in which the new index counts: its folder gets another name. From here on the exchange is only carried out,
 * now or, after a crash, before the profile is opened the next time.
 * @returns the name of the old index, if there is one
 */
export function exchange(profile: string): string | undefined {
  const time = new Date()
    .toISOString()
    .replace(/\.\d+Z$/u, 'Z')
    .replaceAll(':', '.');
  let aside = `${INDEX}.before-rebuild-${time}`;
  while (existsSync(join(profile, aside))) aside += '_';
  writeFileSync(join(profile, MAKING, ASIDE), aside, { flush: true });
  syncDirectory(join(profile, MAKING));
  crashPoint('rebuild.named');
  renameSync(join(profile, MAKING), join(profile, READY));
  crashPoint('rebuild.decided');
  syncDirectory(profile);
  finishExchange(profile);
  return existsSync(join(profile, aside)) ? aside : undefined;
}

/** Carries out an exchange that was decided. Nothing to do is the usual case. */
export function finishExchange(profile: string): void {
  const folder = join(profile, READY);
  if (!existsSync(folder)) return;
  if (existsSync(join(folder, INDEX))) {
    const aside = readFileSync(join(folder, ASIDE), 'utf8');
    // The log of the old index must never be found beside the new one.
    for (const end of ['-wal', '-shm', ''])
      if (existsSync(join(profile, INDEX + end))) {
        renameSync(join(profile, INDEX + end), join(profile, aside + end));
        crashPoint('rebuild.aside');
      }
    syncDirectory(profile);
    renameSync(join(folder, INDEX), join(profile, INDEX));
    crashPoint('rebuild.exchanged');
    syncDirectory(profile);
  }
  rmSync(folder, { recursive: true, force: true });
}
