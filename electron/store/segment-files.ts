import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Every mbox file below `mail`, relative to the profile and as the index names it; in their order. */
export function segmentFiles(profile: string): string[] {
  const foldersOf = (path: string) =>
    existsSync(join(profile, path))
      ? readdirSync(join(profile, path), { withFileTypes: true })
          .filter((one) => one.isDirectory())
          .map((one) => join(path, one.name))
      : [];
  return foldersOf('mail')
    .flatMap(foldersOf)
    .flatMap((folder) =>
      readdirSync(join(profile, folder), { withFileTypes: true })
        .filter((one) => one.isFile() && one.name.endsWith('.mbox'))
        .map((one) => join(folder, one.name)),
    )
    .sort();
}
