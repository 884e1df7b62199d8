// One person's mail, and a program that is killed again and again while it works with it.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inspect } from './inspect.ts';
import { victim } from './kill.ts';
import { Ledger } from './ledger.ts';
import { random } from './mix.ts';
import { Doer, type Said, type Step } from './steps.ts';
import type { Person, World } from './world.ts';

/** ms that a victim is at work at most; and of every tenth, that it has to open the profile. */
const LONGEST = 1200;
const OPENING = 600;
/** ms between two letters that arrive while it lives. */
const POST = 120;
/** Kills of one profile before all is brought in step and counted. */
const KILLS = 20;

export interface Violation {
  trial: number;
  seed: number;
  /** ms, from its start or from when it had opened the profile; nothing when it ended in order. */
  killed?: object;
  profile: string;
  problems: string[];
  said: Said[];
}

/** @returns the first broken promise, if there is one */
export async function runLane(
  world: World,
  program: string,
  seed: number,
  trials: number,
  done: (said: Said[]) => void,
): Promise<Violation | undefined> {
  const next = random(seed);
  for (let trial = 0; trial < trials;) {
    const { profile, person } = world.profile();
    const folder = join(world.folder, `files-${person.pop}`);
    mkdirSync(folder);
    const archive = world.archive(`archive-${person.pop}`, ['first', 'second', 'third']);
    const ledger = new Ledger(world, person, archive.letters);
    const post = () => {
      ledger.delivered(person.pop, world.deliver(person.pop, ledger.token(), 40 + next() * 9000));
      ledger.delivered(person.imap, world.deliver(person.imap, ledger.token(), 40 + next() * 9000));
    };
    for (let count = 0; count < 4; count += 1) post();
    for (let kill = 0; kill < KILLS && trial < trials; kill += 1, trial += 1) {
      const mix = { seed: seed + trial, ...person, folder, archive: archive.path, tokens: ledger.tokens };
      const killed = next() < 0.1 ? { start: next() * OPENING } : { open: next() * LONGEST };
      const timer = setInterval(post, POST);
      const death = await victim(program, { profile, steps: [], mix }, {}, killed);
      clearInterval(timer);
      ledger.heard(death.said);
      const found = inspect(profile);
      const problems = [...found.problems, ...(await ledger.check(found))];
      if (death.by !== 'SIGKILL') problems.push(`it ended by itself: ${death.by} ${death.stderr}`);
      if (problems.length > 0) return { trial, seed, killed, profile, problems, said: death.said };
      done(death.said);
    }
    const said: Said[] = [];
    const doer = await Doer.open(profile, dirname(program), (one) => said.push(one));
    for (const step of quiet(person)) await doer.run(step);
    await doer.core.close();
    ledger.heard(said);
    const found = inspect(profile);
    const problems = [...found.problems, ...(await ledger.check(found)), ...ledger.settled(found)];
    if (problems.length > 0) return { trial, seed, profile, problems, said };
  }
  return undefined;
}

/** All is told to the servers and collected, what may have been sent is sent again. */
function quiet({ pop, imap }: Person): Step[] {
  const sync: Step[] = [pop, imap, pop, imap].map((email) => ({ do: 'sync', email }));
  return [...sync, { do: 'resend', email: imap }, ...sync];
}
