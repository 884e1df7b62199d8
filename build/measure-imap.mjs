// `npm run measure-imap [-- --messages N --rounds N --bodies SECONDS]`: a new account on a Dovecot of this computer whose INBOX
// holds 50,000 letters: ms until the first screen of rows is stored and told, until all are, and how fast bodies follow.
import './node-version.mjs';
import path from 'node:path';
import { ROOT, run } from './process.mjs';
import { ensureSystemPackages } from './system-deps.mjs';

ensureSystemPackages('test');
const program = path.join(ROOT, 'test/measure/imap.ts');
process.exitCode = await run(process.execPath, [program, ...process.argv.slice(2)]);
