import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { inject } from 'vitest';

const folder = inject('programs');

/** The programs of the threads, as `openCore` wants them. */
export const scripts = {
  store: pathToFileURL(path.join(folder, 'store-worker.js')),
  mime: pathToFileURL(path.join(folder, 'mime-worker.js')),
};

/** The `glasspost` command, for `node`. */
export const command = path.join(folder, 'cli.js');
