// `npm run hostile -- imap`: plays every hostile server of the catalogue against the whole program, prints what came of it,
// and exits 1 when a promise was broken. A number or words choose cases (`npm run hostile -- imap 24`); `heavy` those that
// fill memory.
import './node-version.mjs';
import path from 'node:path';
import { ROOT, run } from './process.mjs';

// Threads from sources load a parser in WebAssembly, over which V8 trips on processors with protection keys.
const flags = ['--no-memory-protection-keys'];
const program = path.join(ROOT, 'test/server/hostile/main.ts');
process.exitCode = await run(process.execPath, [...flags, program, ...process.argv.slice(2)]);
