// `npm run measure-search -- --profile DIR`: how long searches take in a profile that generate-profile made. Each kind of
// query is asked with many different words; each answer is the 50 newest keys and their rows.
import './node-version.mjs';
import { parseArgs } from 'node:util';
import { openStore } from '../electron/store/sqlite-store.ts';
import { parseQuery } from '../shared/search/parse.ts';
import { dice, vocabulary } from './synthetic-mail.mjs';

const { values } = parseArgs({
  options: { profile: { type: 'string' }, rounds: { type: 'string', default: '60' } },
});
if (!values.profile) {
  console.error('usage: npm run measure-search -- --profile DIR [--rounds N]');
  process.exit(2);
}
const store = openStore(values.profile, 'reader');
const roll = dice(1);
const words = { ru: vocabulary('ru', 30_000), en: vocabulary('en', 30_000) };
/** A word among the ranks from `a` to `b`. @param {number} a @param {number} b */
const word = (a, b) => words[roll(2) === 0 ? 'ru' : 'en'][a + roll(b - a)] ?? '';
const ru = (/** @type {number} */ top) => words.ru[roll(top)] ?? '';

/** @type {Record<string, (at: number) => string>} */
const kinds = {
  'a word in few letters': () => word(20_000, 30_000),
  'a word in hundreds': () => word(1000, 3000),
  'a common word': () => word(0, 40),
  'two common words': () => `${ru(40)} ${ru(40)}`,
  'a prefix of 2 letters': () => word(100, 30_000).slice(0, 2),
  'a prefix of 3 letters': () => word(100, 30_000).slice(0, 3),
  'a prefix of 4 letters': () => word(100, 30_000).slice(0, 4),
  'a phrase': () => `"${ru(60)} ${ru(60)}"`,
  'from: and a common word': () => `from:oleg ${word(0, 60)}`,
  'an address': (at) => `person${at % 16}.${at % 10}@example.org`,
  'is:unread and a common word': () => `is:unread ${word(0, 60)}`,
  'is:unread and a word in hundreds': () => `is:unread ${word(1000, 3000)}`,
  'in: a mailbox and a common word': () => `in:Семья ${word(0, 60)}`,
  'in: a mailbox, before a year': (at) => `in:Семья before:${2018 + (at % 8)}`,
  'is:flagged': () => 'is:flagged',
  'a word and not another': () => `${word(0, 60)} -${word(0, 60)}`,
  'one or another': () => `${word(0, 60)} OR ${word(1000, 3000)}`,
  'nothing is found, of common words': () => `is:draft ${word(0, 20)}`,
};
const percent = (/** @type {number[]} */ times, /** @type {number} */ share) =>
  (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(2).padStart(8);

/** @param {string} name @param {(at: number) => string} make @param {'newest' | 'best'} order */
function measure(name, make, order) {
  const times = [];
  let found = 0;
  for (let at = 0; at < Number(values.rounds); at++) {
    const query = parseQuery(make(at), Date.now());
    const start = performance.now();
    const { keys } = store.search(query, { limit: 50, order });
    store.rows(keys);
    times.push(performance.now() - start);
    found += keys.length;
  }
  times.sort((a, b) => a - b);
  const mean = (found / times.length).toFixed(0).padStart(3);
  console.log(
    `${name.padEnd(36)} ${mean} found  p50 ${percent(times, 0.5)} ms  p95 ${percent(times, 0.95)} ms`,
  );
}
for (const [name, make] of Object.entries(kinds)) measure(name, make, 'newest');
for (const name of ['a word in hundreds', 'a common word', 'a phrase'])
  measure(`ranked: ${name}`, kinds[name] ?? (() => ''), 'best');
store.close();
