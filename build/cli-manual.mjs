// Writes docs/cli.md from the table that the parser of the `glasspost` command reads.
import './node-version.mjs';
import fs from 'node:fs';
import path from 'node:path';
import { manual } from '../electron/cli/help.ts';
import { commandTable } from '../electron/cli/table.ts';
import { ROOT } from './process.mjs';

const nobody = () => Promise.reject(new Error('only read here'));
const commands = commandTable({
  practice: nobody,
  console: nobody,
  rebuild: nobody,
  keyboard: () => {
    throw new Error('only read here');
  },
});
fs.writeFileSync(path.join(ROOT, 'docs/cli.md'), manual(commands));
