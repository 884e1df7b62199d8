import { runLane, type Violation } from './lane.ts';
import type { Said } from './steps.ts';
import { World } from './world.ts';

export interface Trials {
  /** See `bundleVictim`. */
  program: string;
  trials: number;
  seed: number;
  /** So many are at work at the same time. */
  lanes: number;
  progress?: ((count: number) => void) | undefined;
}

export interface Outcome {
  /** Kills; steps that were finished between them; files that gave room back, and kills in the middle of that. */
  count: number;
  steps: number;
  freed: number;
  halfway: number;
  violation?: Violation | undefined;
}

/** Kills programs at random moments. A profile whose promises were broken is kept, with all that belongs to it. */
export async function runTrials(given: Trials): Promise<Outcome> {
  const { program, trials, seed, lanes, progress } = given;
  const world = await World.make(Math.ceil(trials / 20) + 2 * lanes + 1);
  let count = 0;
  let steps = 0;
  let freed = 0;
  let halfway = 0;
  const done = (said: Said[]) => {
    steps += said.filter((one) => one.done !== undefined).length;
    freed += said.reduce((sum, one) => sum + Number(one['freed'] ?? 0), 0);
    halfway += said.at(-1)?.['compacting'] === true ? 1 : 0;
    count += 1;
    progress?.(count);
  };
  const all = Array.from({ length: lanes }, (_one, lane) =>
    runLane(world, program, seed + 1_000_000 * lane, Math.ceil((trials - lane) / lanes), done),
  );
  const violation = (await Promise.all(all)).find((one) => one !== undefined);
  await (violation ? world.server.stop() : world.end());
  return { count, steps, freed, halfway, violation };
}
