// `npm run company [-- --seconds 300 --seed N]`: two cores, mbsync and mail from outside at one account of a Dovecot of this
// computer, each doing what it likes by a seed; then all rest, and all have to hold the same. The exit code is 0 only then.
import './node-version.mjs';
import path from 'node:path';
import { ROOT, run } from './process.mjs';
import { ensureSystemPackages } from './system-deps.mjs';

ensureSystemPackages('test');
const program = path.join(ROOT, 'test/measure/company-main.ts');
process.exitCode = await run(process.execPath, [program, ...process.argv.slice(2)]);
