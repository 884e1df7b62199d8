import { afterAll, expect, it } from 'vitest';
import { TornBench, type Image } from './torn.ts';

/** Images looked at here; `npm run crash -- --torn` looks at all of them. */
const COUNT = 200;

const bench = new TornBench();
afterAll(() => bench.drop());

it('a last write that did not come through costs nothing that was acknowledged', async () => {
  const all = [...bench.images()];
  const some = all.filter((_one, at) => at % Math.ceil(all.length / COUNT) === 0);
  expect(new Set(some.map((one: Image) => one.what)).size).toBe(4);
  expect(all.length).toBeGreaterThan(2000);
  const problems: string[] = [];
  for (const image of some) problems.push(...(await bench.check(image)));
  expect(problems).toEqual([]);
}, 120_000);
