// `npm run measure-store -- --profile DIR`: what the store takes in a profile that generate-profile made: its opening, the
// list, counters, searches. Each is asked of the store's threads, as the program asks, and of the store itself: the
// difference is what the messages between threads cost. `--window` starts the program too and waits for the list.
import './node-version.mjs';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openStore } from '../electron/store/sqlite-store.ts';
import { openWorkerStore } from '../electron/store/worker-store.ts';
import { parseQuery } from '../shared/search/parse.ts';
import { measureWindow } from './measure-window.mjs';
import { dice, vocabulary } from './synthetic-mail.mjs';

const { values } = parseArgs({
  options: {
    profile: { type: 'string' },
    rounds: { type: 'string', default: '60' },
    only: { type: 'string' },
    window: { type: 'boolean' },
  },
});
const { profile, only = '' } = values;
const rounds = Number(values.rounds);
if (!profile || !Number.isSafeInteger(rounds) || rounds < 1) {
  console.error('usage: npm run measure-store -- --profile DIR [--rounds N] [--only NAME] [--window]');
  process.exit(2);
}
const PAGE = 100;
const script = new URL('../electron/store/worker.ts', import.meta.url);
const open = (/** @type {string} */ folder) => openWorkerStore(folder, script, 'measure-store');

/** @param {number[]} times @param {number} share */
function at(times, share) {
  return times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
}
const ms = (/** @type {number} */ time) => time.toFixed(time < 100 ? 2 : 0).padStart(8);

const small = mkdtempSync(join(tmpdir(), 'measure-store-'));
const generator = join(import.meta.dirname, 'generate-profile.mjs');
execFileSync(process.execPath, [generator, '--messages', '1', '--profile', small]);
console.log(`${cpus().length} cores, load ${loadavg()[0]?.toFixed(2)}, Node ${process.versions.node}`);
if (values.window) {
  const [none = [], full = []] = await measureWindow([small, profile], Math.min(rounds, 5));
  console.log(
    `from the start to the list: median ${ms(at(full, 0.5))} ms, of one letter ${ms(at(none, 0.5))} ms`,
  );
} else {
  await opening();
  await asking();
}
rmSync(small, { recursive: true });

/** Both threads, until they can be asked, and closed again: in turn with a profile of one letter, so that both see the same machine. */
async function opening() {
  /** @type {Record<string, number[]>} */
  const times = {};
  for (let round = 0; round < Math.min(rounds, 11); round++)
    for (const folder of [small, profile ?? '']) {
      const start = performance.now();
      const store = await open(folder);
      await store.snapshot();
      (times[folder] ??= []).push(performance.now() - start);
      await store.close();
    }
  const [none, full] = [small, profile ?? ''].map((folder) => at(times[folder] ?? [], 0.5));
  console.log(`open, to the first snapshot: median ${ms(full ?? 0)} ms, of one letter ${ms(none ?? 0)} ms\n`);
}

async function asking() {
  const threads = await open(profile ?? '');
  const direct = openStore(profile ?? '', 'reader');
  const { mailboxes } = direct.snapshot();
  const [largest] = mailboxes.toSorted((a, b) => b.total - a.total);
  if (!largest) throw new Error('there is no mailbox');
  const { ids } = direct.order({ kind: 'mailbox', mailbox: largest.id });
  console.log(`${'the largest mailbox'.padEnd(36)} ${largest.total} of ${direct.newestKey()} messages`);
  console.log(
    `${'ms; first asked, asked again'.padEnd(40)}   found  1st p50      p95  2nd p50      p95  threads`,
  );

  /**
   * @template T
   * @param {string} name
   * @param {number} times
   * @param {(round: number) => (store: typeof threads | typeof direct) => Promise<T> | T} make
   * @param {(result: T) => number} count
   */
  const measure = async (name, times, make, count) => {
    if (!name.includes(only)) return;
    /** @type {Record<'first' | 'again' | 'own', number[]>} */
    const all = { first: [], again: [], own: [] };
    let found = 0;
    for (let round = 0; round < times; round++) {
      const ask = make(round);
      const timed = async (/** @type {typeof threads | typeof direct} */ store) => {
        const start = performance.now();
        const result = await ask(store);
        return { result, time: performance.now() - start };
      };
      const { result, time } = await timed(threads);
      found += count(result) / times;
      all.first.push(time);
      all.again.push((await timed(threads)).time);
      await timed(direct);
      all.own.push((await timed(direct)).time);
    }
    const passing = Math.max(0, at(all.again, 0.5) - at(all.own, 0.5));
    const figures = [
      at(all.first, 0.5),
      at(all.first, 0.95),
      at(all.again, 0.5),
      at(all.again, 0.95),
      passing,
    ];
    console.log(`${name.padEnd(40)} ${found.toFixed(0).padStart(7)} ${figures.map(ms).join(' ')}`);
  };

  const roll = dice(1);
  const order =
    (/** @type {import('../shared/model/mailbox.ts').MailboxView} */ view) =>
    () =>
    /** @param {typeof threads | typeof direct} store */ (store) =>
      store.order(view);
  const length = (/** @type {{ ids: Float64Array }} */ found) => found.ids.length;
  await measure('order: largest mailbox', 15, order({ kind: 'mailbox', mailbox: largest.id }), length);
  await measure('order: all inboxes', 15, order({ kind: 'inboxes' }), length);
  await measure('order: flagged', 15, order({ kind: 'flagged' }), length);
  /** @param {(round: number) => number} from */
  const page = (from) => (/** @type {number} */ round) => {
    const first = from(round);
    const keys = /** @type {import('../shared/model/ids.ts').MessageKey[]} */ ([
      ...ids.subarray(first, first + PAGE),
    ]);
    return (/** @type {typeof threads | typeof direct} */ store) => store.rows(keys);
  };
  const rowCount = (/** @type {unknown[]} */ rows) => rows.length;
  const end = Math.max(0, ids.length - PAGE);
  await measure(
    'page of 100: the first',
    rounds,
    page((n) => Math.min(end, n * PAGE)),
    rowCount,
  );
  await measure(
    'page of 100: in the middle',
    rounds,
    page((n) => Math.floor(end / 2) - (n % 20) * PAGE),
    rowCount,
  );
  await measure(
    'page of 100: the last',
    rounds,
    page((n) => Math.max(0, end - n * PAGE)),
    rowCount,
  );
  await measure(
    'page of 100: anywhere',
    rounds * 3,
    page(() => roll(end + 1)),
    rowCount,
  );
  await measure(
    'mailboxes with their counts',
    rounds,
    () => (store) => store.mailboxes(largest.account),
    rowCount,
  );
  await measure(
    'snapshot',
    rounds,
    () => (store) => store.snapshot(),
    (found) => found.mailboxes.length,
  );
  await measure(
    'how far a mailbox is known',
    rounds,
    () => (store) => store.mark(largest.id),
    () => 1,
  );
  await measure('what was not read yet', rounds, () => (store) => store.undigested(50), rowCount);

  /** @param {(round: number) => string} query @param {'newest' | 'best'} sort */
  const searching = (query, sort) => (/** @type {number} */ round) => {
    const parsed = parseQuery(query(round), Date.now());
    return async (/** @type {typeof threads | typeof direct} */ store) => {
      const { keys } = await store.search(parsed, { limit: 50, order: sort });
      await store.rows(keys);
      return keys;
    };
  };
  for (const [name, query] of Object.entries(kinds(roll)))
    await measure(`search: ${name}`, rounds, searching(query, 'newest'), rowCount);
  const best = Math.min(rounds, 20);
  for (const name of ['a word in hundreds', 'a common word', 'a phrase'])
    await measure(`ranked: ${name}`, best, searching(kinds(roll)[name] ?? (() => ''), 'best'), rowCount);
  direct.close();
  await threads.close();
}

/** What people look for, asked with many different words. @param {import('./synthetic-mail.mjs').Dice} roll */
function kinds(roll) {
  const words = { ru: vocabulary('ru', 30_000), en: vocabulary('en', 30_000) };
  /** A word among the ranks from `a` to `b`. @param {number} a @param {number} b */
  const word = (a, b) => words[roll(2) === 0 ? 'ru' : 'en'][a + roll(b - a)] ?? '';
  const ru = (/** @type {number} */ top) => words.ru[roll(top)] ?? '';
  const hosts = 'example.org example.com mail.example.net lists.example.org shop.example shop.test'.split(
    ' ',
  );
  const address = (/** @type {number} */ n) =>
    `person${n % 16}.${n % 10}@${hosts[((n % 16) + (n % 10)) % hosts.length]}`;
  /** @type {Record<string, (round: number) => string>} */
  const all = {
    'a word in few letters': () => word(20_000, 30_000),
    'a word in hundreds': () => word(1000, 3000),
    'a common word': () => word(0, 40),
    'two common words': () => `${ru(40)} ${ru(40)}`,
    'a prefix of 2 letters': () => word(100, 30_000).slice(0, 2),
    'a prefix of 3 letters': () => word(100, 30_000).slice(0, 3),
    'a prefix of 4 letters': () => word(100, 30_000).slice(0, 4),
    'the middle of a word': () => word(100, 30_000).slice(1, 6),
    'a phrase': () => `"${ru(60)} ${ru(60)}"`,
    'from: and a common word': () => `from:oleg ${word(0, 60)}`,
    'an address': address,
    'from: an address': (n) => `from:${address(n)}`,
    'an address that nobody has': (n) => address(n).replace(/@.*/u, '@shop.example.org'),
    'is:unread and a common word': () => `is:unread ${word(0, 60)}`,
    'is:unread and a word in hundreds': () => `is:unread ${word(1000, 3000)}`,
    'in: a mailbox and a common word': () => `in:Семья ${word(0, 60)}`,
    'in: a mailbox, before a year': (n) => `in:Семья before:${2018 + (n % 8)}`,
    'is:unread': () => 'is:unread',
    'is:flagged': () => 'is:flagged',
    'has:attachment and a common word': () => `has:attachment ${word(0, 60)}`,
    'a word and not another': () => `${word(0, 60)} -${word(0, 60)}`,
    'one or another': () => `${word(0, 60)} OR ${word(1000, 3000)}`,
    'nothing is found': () => `${word(20_000, 30_000)}zzq`,
    'no draft has a common word': () => `is:draft ${word(0, 20)}`,
    'nothing so large, a common word': () => `larger:30M ${word(0, 20)}`,
    'an empty mailbox, a common word': () => `in:trash ${word(0, 20)}`,
  };
  return all;
}
