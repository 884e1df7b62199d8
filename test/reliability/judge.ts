// What must hold after a trial of a crash point; each broken promise as a sentence.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { archives } from '../../electron/archive/archives.ts';
import { segmentFiles } from '../../electron/store/segment-files.ts';
import { sha256, type Inspection } from './inspect.ts';
import type { Said, Step } from './steps.ts';
import type { Person, Sent, World } from './world.ts';

/** One trial: who it was, what was done, what there was before. */
export interface Trial {
  world: World;
  at: string;
  profile: string;
  person: Person;
  steps: Step[];
  collected: Sent[];
  mirrored: Sent[];
  archived: Sent[];
}

/** Every letter is on its server or here, with the same bytes; unless it was deleted on purpose. */
export function lost({ world, person, steps, collected, mirrored }: Trial, { held }: Inspection): string[] {
  const deleted = deletedBy(steps);
  return [[person.pop, collected] as const, [person.imap, mirrored] as const].flatMap(([email, sent]) => {
    const here = held.filter((one) => one.email === email).map((one) => one.sha);
    const known = new Set([...here, ...world.letters(email).map((one) => one.sha)]);
    return sent
      .filter(({ token, sha }) => !known.has(sha) && !deleted.has(`${email} ${token}`))
      .map(({ token }) => `${token} of ${email} is nowhere`);
  });
}

function importers(steps: Step[]): Set<string> {
  return new Set(steps.flatMap((step) => (step.do === 'import' ? [step.email] : [])));
}

/** What somebody asked to be deleted, as `email token`. */
function deletedBy(steps: Step[]): Set<string> {
  return new Set(steps.flatMap((step) => (step.do === 'remove' ? [`${step.email} ${step.token}`] : [])));
}

/** What a step said that it did is done. */
export function broken(
  { person, steps, collected, archived }: Trial,
  found: Inspection,
  said: Said[],
): string[] {
  const problems: string[] = [];
  const done = new Set(said.map((one) => one.done));
  const deleted = deletedBy(steps);
  const holds = (email: string, role: string, sent: Sent[]) => {
    const here = new Set(
      found.held.filter((one) => one.email === email && one.role === role).map((one) => one.sha),
    );
    for (const { token, sha } of sent)
      if (!here.has(sha) && !deleted.has(`${email} ${token}`))
        problems.push(`${token} was stored and is not here`);
  };
  const [first] = steps;
  if (done.has('sync') && first?.do === 'sync' && first.email === person.pop)
    holds(person.pop, 'inbox', collected);
  if (done.has('import') && importers(steps).has(person.pop)) holds(person.pop, 'archive', archived);
  if (done.has('settings') && found.settings['wireDock'] !== true) problems.push('a setting is forgotten');
  if (done.has('draft') && !found.drafts.some((one) => one.subject === 'draft')) problems.push('no draft');
  if (done.has('send') && !found.held.some((one) => one.role === 'sent')) problems.push('not in Sent');
  return problems;
}

/** The second time changed nothing that the first had done: one of each, here and on the server. */
export function twice({ world, person, steps, archived }: Trial, found: Inspection): string[] {
  // Asked for by the one that was killed and by the one after it: twice.
  const copied = steps.flatMap((step) => (step.do === 'copy' ? [step.token] : []));
  const names = [
    ...found.held.map((one) => `${one.email} here: ${one.subject} ${one.messageId}`),
    ...world.letters(person.imap).map((one) => `on the server: ${one.token} ${one.id}`),
  ];
  const problems = tooMany(
    names,
    (name) => 1 + 2 * copied.filter((token) => name.includes(`: ${token} `)).length,
  );
  for (const token of copied)
    for (const where of [`${person.imap} here`, 'on the server'])
      if (names.filter((name) => name.startsWith(`${where}: ${token} `)).length !== 3)
        problems.push(`${token} is not copied ${where}`);
  if (found.operations.length > 0) problems.push('the server was not told of everything');
  if (world.letters(person.pop).length > 0) problems.push('not everything was collected');
  for (const email of importers(steps))
    for (const { token, sha } of archived)
      if (!found.held.some((one) => one.email === email && one.sha === sha))
        problems.push(`${token} was not imported`);
  return problems;
}

/** Letters that are there more often than somebody asked for, each by its name. */
export function tooMany(names: string[], allowed: (name: string) => number): string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].flatMap(([name, count]) => (count > allowed(name) ? [`${count} times: ${name}`] : []));
}

/** Of what was deleted nothing is left, and of the work itself neither; only what another program wrote was kept. */
export function uncompacted({ profile, person, steps, at, collected }: Trial): string[] {
  if (!steps.some((step) => step.do === 'compact')) return [];
  const problems: string[] = [];
  const deleted = deletedBy(steps);
  const gone = collected.filter(({ token }) => deleted.has(`${person.pop} ${token}`));
  for (const file of segmentFiles(profile)) {
    const text = readFileSync(join(profile, file), 'latin1');
    // The line before a letter has its hash.
    for (const { token, sha } of gone) if (text.includes(sha)) problems.push(`${token} is still in ${file}`);
  }
  const names = readdirSync(join(profile, 'mail'), { recursive: true, encoding: 'utf8' });
  if (names.some((name) => name.endsWith('.new'))) problems.push('half a copy was left behind');
  const kept = names.filter((name) => /\.mbox\.(?:set-aside|changed|torn)/u.test(name));
  const foreign = at.startsWith('compact.aside') || at === 'compact.kept';
  if (kept.length !== (foreign ? 1 : 0)) problems.push(`kept: ${kept.join(' ')}`);
  return problems;
}

/** A letter is in one place, and was delivered if that is Sent; nobody got it twice. */
export function missent({ world, at, person, steps }: Trial, found: Inspection): string[] {
  if (!steps.some((step) => step.do === 'send')) return [];
  const got = world.letters(person.friend).length;
  const sent = found.held.filter((one) => one.role === 'sent').length;
  const { outbox, drafts } = found;
  const places = sent + outbox.length + drafts.length;
  const problems: string[] = [];
  // Nobody was told that there is a letter before its draft was committed.
  if (places !== (at === 'store.uncommitted:1' ? 0 : 1)) problems.push(`the letter is in ${places} places`);
  if (got > 1) problems.push(`it was delivered ${got} times`);
  if (sent === 1 && got !== 1) problems.push('it is in Sent and was not delivered');
  if (sent === 0 && got === 1 && outbox[0]?.state !== 'maybe-sent')
    problems.push('it was delivered, unknown to us');
  return problems;
}

/** What has the name of an export is a whole one. */
export async function misexported({ steps, collected }: Trial): Promise<string[]> {
  const problems: string[] = [];
  for (const step of steps) {
    if (step.do !== 'export') continue;
    if (!existsSync(step.target)) return [`${step.target} was not exported`];
    const found: string[] = [];
    for await (const one of (await archives.open(step.target)).letters())
      if ('letter' in one) found.push(sha256(one.letter.bytes));
    const expected = collected.map((one) => one.sha);
    if (new Set(found).size !== expected.length || !expected.every((sha) => found.includes(sha)))
      problems.push(`${step.target} is not what was exported`);
    // A Maildir is added to: the letters of the first time may be there, too.
    if (step.format !== 'maildir' && found.length !== expected.length)
      problems.push('letters were exported twice');
  }
  return problems;
}
