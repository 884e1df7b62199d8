// `npm run crash`: kills the program at random moments (`--trials N`, `--seed S`, `--lanes L`) or tears its last writes
// (`--torn [N]`), looks at what is left and tells whether every promise held. The exit code is 0 only then.
import './node-version.mjs';
import path from 'node:path';
import { ROOT, run } from './process.mjs';

// Threads from sources load a parser in WebAssembly, over which V8 trips on processors with protection keys.
const flags = ['--no-memory-protection-keys'];
const program = path.join(ROOT, 'test/reliability/crash-main.ts');
process.exitCode = await run(process.execPath, [...flags, program, ...process.argv.slice(2)]);
