import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleVictim } from './bundle.ts';
import { runTrials } from './trials.ts';

/** Kills here; `npm run crash` takes as many as you like. */
const TRIALS = 25;

let program: string;
let drop: () => void;
beforeAll(async () => {
  ({ program, drop } = await bundleVictim());
});
afterAll(() => drop());

it(`every promise holds after ${TRIALS} kills at random moments`, async () => {
  const seed = Math.floor(Math.random() * 1e9);
  const { count, violation } = await runTrials({ program, trials: TRIALS, seed, lanes: 2 });
  expect(violation).toBeUndefined();
  expect(count).toBe(TRIALS);
}, 180_000);
