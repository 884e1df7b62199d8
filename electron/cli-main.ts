import { readFileSync } from 'node:fs';
import { commandLine } from './cli.ts';

// `glasspost` under plain Node, from the sources of a checkout.
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const code = await commandLine(process.argv.slice(2), {
  version,
  scripts: {
    store: new URL('./store/worker.ts', import.meta.url),
    mime: new URL('./mime/worker.ts', import.meta.url),
  },
});
// A worker or a socket that is still open has nothing more to do.
process.exitCode = code;
process.exit();
