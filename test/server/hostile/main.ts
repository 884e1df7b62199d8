// What `npm run hostile` does: see build/hostile.mjs.
import { bundlePrograms, removePrograms } from '../programs.ts';
import { playAll } from './all.ts';
import { suites } from './suites.ts';
import type { Played } from './play.ts';

const [name = 'imap', only] = process.argv.slice(2);
const cases = suites[name];
if (!cases) {
  console.error(`there is no ${name}; there is ${Object.keys(suites).join(', ')}`);
  process.exit(2);
}
const began = performance.now();
const programs = await bundlePrograms();
const wanted = cases.filter(
  (one) =>
    only === undefined ||
    String(one.number) === only ||
    one.name.includes(only) ||
    (only === 'heavy' && one.heavy === true),
);
const all = await playAll(wanted, programs, (one) => console.log(row(one)));
removePrograms(programs);
const played = all.filter((one) => one.elsewhere === undefined);
const failed = played.filter((one) => one.problems.length > 0);
const worst = (of: (one: Played) => number) => Math.max(0, ...played.map(of));
console.log(
  `${played.length} played, ${played.length - failed.length} passed, ${all.length - played.length} elsewhere, ` +
    `${Math.round((performance.now() - began) / 1000)} s; at worst told after ${worst((one) => one.told).toFixed(1)} s, ` +
    `well again ${worst((one) => one.healed).toFixed(1)} s after the healing, ${worst((one) => one.grown)} MiB more`,
);
process.exit(failed.length > 0 ? 1 : 0);

function row({ number, name: what, happened, told, healed, grown, problems, elsewhere }: Played): string {
  if (elsewhere !== undefined) return `${String(number).padStart(3)}  ${what}\n     elsewhere: ${elsewhere}`;
  const verdict = problems.length === 0 ? 'ok' : `FAILED: ${problems.join('; ')}`;
  return `${String(number).padStart(3)}  ${what}\n     ${happened} | ${told.toFixed(1)} s, healed ${healed.toFixed(1)} s, +${grown} MiB | ${verdict}`;
}
