import { makeIdentities } from './identities.ts';
import { play, Victim, type Played } from './play.ts';
import type { HostileCase } from './script.ts';

/** Cases that do not fill memory are played so many at a time in one process. */
const LANES = 4;
/** And of those that do, each in a process of its own. */
const HEAVY = 2;

/** @param programs see `bundlePrograms` */
export async function playAll(
  cases: readonly HostileCase[],
  programs: string,
  tell: (played: Played) => void = () => undefined,
): Promise<Played[]> {
  const made = await makeIdentities();
  const { identities, authorities } = made;
  const all: Played[] = [];
  const done = (played: Played) => {
    all.push(played);
    tell(played);
  };
  try {
    const light = cases.filter((one) => !one.heavy);
    const victim = new Victim(programs, authorities);
    const lane = async () => {
      for (let one = light.shift(); one; one = light.shift()) done(await play(one, victim, identities));
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    if (victim.died !== undefined) throw new Error(victim.died);
    await victim.end();
    const heavy = cases.filter((one) => one.heavy);
    const alone = async () => {
      for (let one = heavy.shift(); one; one = heavy.shift()) {
        const other = new Victim(programs, authorities);
        done(await play(one, other, identities));
        await other.end();
      }
    };
    await Promise.all(Array.from({ length: HEAVY }, alone));
  } finally {
    made.drop();
  }
  return all;
}
