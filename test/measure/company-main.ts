// What `npm run company` does: see build/company.mjs.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { startMailServer } from '../server/dovecot.ts';
import { lmtpDeliver } from '../server/lmtp.ts';
import { bundlePrograms, removePrograms } from '../server/programs.ts';
import { keepCompany } from './company.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '300' }, seed: { type: 'string', default: '20261121' } },
});
const server = await startMailServer();
const programs = await bundlePrograms();
const user = { email: 'vera@example.test', password: 'amber' };
fs.writeFileSync(path.join(server.address.usersFolder, user.email), JSON.stringify(user));
const outcome = await keepCompany({
  port: server.address.ports.imap,
  user,
  deliver: async (raw) => {
    await lmtpDeliver(server.address.ports.lmtp, 'sender@example.test', [user.email], raw);
  },
  scripts: {
    store: pathToFileURL(path.join(programs, 'store-worker.js')),
    mime: pathToFileURL(path.join(programs, 'mime-worker.js')),
  },
  seconds: Number(values.seconds),
  seed: Number(values.seed),
});
removePrograms(programs);
await server.stop();
for (const one of outcome.differences) console.error(one);
const { deeds, messages, mailboxes, quiet, kept, differences } = outcome;
console.log(
  `${values.seconds} s, seed ${values.seed}, load ${os.loadavg()[0]?.toFixed(1)}: ${deeds} changes, then ${messages} messages in ${mailboxes} mailboxes; ${
    differences.length > 0 ? `${differences.length} differences` : `all the same after ${quiet} ms`
  }, ${kept} kept`,
);
process.exit(differences.length > 0 ? 1 : 0);
