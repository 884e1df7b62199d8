// `npm run measure-switch [-- --messages N --rounds N]`: an account with 10,000 letters on a Dovecot of this computer goes from
// POP3 to IMAP and back, ten times, with mail arriving in between: s for each change, what was fetched for it, and whether what
// is here is what the server has and what was ours alone.
import './node-version.mjs';
import path from 'node:path';
import { ROOT, run } from './process.mjs';
import { ensureSystemPackages } from './system-deps.mjs';

ensureSystemPackages('test');
const program = path.join(ROOT, 'test/measure/switch.ts');
process.exitCode = await run(process.execPath, [program, ...process.argv.slice(2)]);
