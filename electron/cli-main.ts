import about from '../package.json' with { type: 'json' };
import { commandLine } from './cli.ts';

// `glasspost` under plain Node: built, or from the sources.
const sources = import.meta.url.endsWith('.ts');
const beside = (file: string) => new URL(file, import.meta.url);
const code = await commandLine(process.argv.slice(2), {
  version: about.version,
  scripts: {
    store: beside(sources ? './store/worker.ts' : './store-worker.js'),
    mime: beside(sources ? './mime/worker.ts' : './mime-worker.js'),
  },
});
// What was printed goes out first; a worker or a socket that is still open has nothing more to do.
await new Promise((resolve) => process.stdout.write('', resolve));
process.exit(code);
