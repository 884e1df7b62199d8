// What `npm run crash` does: see build/crash.mjs.
import { parseArgs } from 'node:util';
import { bundleVictim } from './bundle.ts';
import { TornBench } from './torn.ts';
import { runTrials } from './trials.ts';

const { values } = parseArgs({
  options: {
    trials: { type: 'string' },
    seed: { type: 'string' },
    lanes: { type: 'string' },
    torn: { type: 'boolean' },
  },
});
if (values.torn) await tearAll();
const trials = Number(values.trials ?? 300);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
const lanes = Number(values.lanes ?? 2);
const { program, drop } = await bundleVictim();
const began = performance.now();
const shown = process.stdout.isTTY
  ? (count: number) => process.stdout.write(`\r${count} of ${trials}`)
  : undefined;
const { count, steps, freed, halfway, violation } = await runTrials({
  program,
  trials,
  seed,
  lanes,
  progress: shown,
});
drop();
const seconds = Math.round((performance.now() - began) / 1000);
if (violation) {
  console.error(JSON.stringify(violation, undefined, 1));
  console.error(`The profile is as it was left: ${violation.profile}`);
  console.error(`Again: npm run crash -- --trials ${trials} --seed ${seed} --lanes ${lanes}`);
}
console.log(
  `\n${count} kills, ${steps} steps done between them, ${freed} files compacted, ${halfway} kills in the middle of that, seed ${seed}, ${seconds} s: ${violation ? `broken promises: ${violation.problems.length}` : 'every promise held'}`,
);
process.exit(violation ? 1 : 0);

/** Every image of a torn write; ends the program. */
async function tearAll(): Promise<never> {
  const started = performance.now();
  const bench = new TornBench();
  const problems: string[] = [];
  const kinds = new Map<string, number>();
  for (const image of bench.images()) {
    kinds.set(image.what, (kinds.get(image.what) ?? 0) + 1);
    problems.push(...(await bench.check(image)));
  }
  bench.drop();
  for (const problem of problems) console.error(problem);
  const sorts = [...kinds].map(([what, number]) => `${number} of the ${what}`).join(', ');
  const took = Math.round((performance.now() - started) / 1000);
  console.log(
    `images: ${sorts}; ${took} s: ${problems.length > 0 ? `broken promises: ${problems.length}` : 'every promise held'}`,
  );
  process.exit(problems.length > 0 ? 1 : 0);
}
