// Collects one account in a process of its own, so that its memory can be measured: settings as JSON, then a new profile.
import { createHash } from 'node:crypto';
import { openProgram } from '../../reliability/program.ts';
import type { AccountSettings } from '../../../shared/model/account.ts';

const [settings = '', profile = ''] = process.argv.slice(2);
const core = await openProgram(profile);
const { id } = await core.accounts.add(JSON.parse(settings) as AccountSettings, '');
await core.accounts.sync(id);
const { mailbox } = await core.ports.store.roleMailbox(id, 'inbox');
const { ids } = await core.ports.store.order({ kind: 'mailbox', mailbox: mailbox.id });
const hashes: string[] = [];
for (const one of ids) {
  const bytes = await core.accounts.raw(one as never);
  hashes.push(createHash('sha256').update(bytes).digest('hex'));
}
const rows = await core.ports.store.rows([...ids] as never);
await core.close();
const peak = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ hashes, stored: rows.map((row) => row.stored), peak }));
process.exit(0);
