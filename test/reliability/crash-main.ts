// `npm run crash -- [--trials N] [--seed S] [--lanes L]`: kills the program at random moments and looks at what is left.
import { parseArgs } from 'node:util';
import { bundleVictim } from './bundle.ts';
import { runTrials } from './trials.ts';

const { values } = parseArgs({
  options: { trials: { type: 'string' }, seed: { type: 'string' }, lanes: { type: 'string' } },
});
const trials = Number(values.trials ?? 300);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
const lanes = Number(values.lanes ?? 2);
const { program, drop } = await bundleVictim();
const began = performance.now();
const shown = process.stdout.isTTY
  ? (count: number) => process.stdout.write(`\r${count} of ${trials}`)
  : undefined;
const { count, violation } = await runTrials({ program, trials, seed, lanes, progress: shown });
drop();
const seconds = Math.round((performance.now() - began) / 1000);
if (violation) {
  console.error(JSON.stringify(violation, undefined, 1));
  console.error(`The profile is as it was left: ${violation.profile}`);
  console.error(`Again: npm run crash -- --trials ${trials} --seed ${seed} --lanes ${lanes}`);
}
console.log(
  `\n${count} kills, seed ${seed}, ${seconds} s: ${violation ? `broken promises: ${violation.problems.length}` : 'every promise held'}`,
);
process.exit(violation ? 1 : 0);
