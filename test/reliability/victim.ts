// The process that is killed. Its orders come as JSON, in its one argument: steps to do once or, with a seed, at random
// until it is killed.
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { rebuildProfile } from '../../electron/core.ts';
import { Doer, type Said, type Step } from './steps.ts';
import { randomSteps, type Mix } from './mix.ts';

export interface Orders {
  profile: string;
  steps: Step[];
  mix?: Mix;
  /** The index is made again before anything is opened. */
  rebuild?: boolean;
  /** More steps come on standard input, one a line, until that ends. */
  serve?: boolean;
}

const say = (said: Said) => void writeSync(1, `${JSON.stringify(said)}\n`);
const { profile, steps, mix, rebuild, serve } = JSON.parse(process.argv[2] ?? '') as Orders;
if (rebuild) await rebuildProfile(profile, {});
const doer = await Doer.open(profile, import.meta.dirname, say);
say({ open: true });
for (const step of steps) await doer.run(step);
if (mix) for (const step of randomSteps(mix)) await doer.run(step);
if (serve) for await (const line of createInterface(process.stdin)) await doer.run(JSON.parse(line) as Step);
await doer.core.close();
say({ closed: true });
process.exit(0);
