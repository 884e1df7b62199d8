import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { INDEX } from '../database.ts';
import { segmentFiles } from '../segment-files.ts';
import { finishExchange } from './swap.ts';

/** The index of a profile that holds mail is gone: an empty one in its place would look as if the mail were. */
class IndexMissing extends Error {
  readonly code = 'INDEX_MISSING';
}

/** Before the index is opened for writing. @throws IndexMissing */
export function prepareProfile(profile: string): void {
  finishExchange(profile);
  if (existsSync(join(profile, INDEX)) || segmentFiles(profile).length === 0) return;
  throw new IndexMissing(
    'the mail is here, but its index is gone: `glasspost rebuild` makes it again from the letters',
  );
}
