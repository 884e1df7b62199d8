// `npm run generate-profile -- --messages 50000 --profile DIR`: a profile full of mail that nobody wrote, the same each
// time, made by the store itself and searchable. For measuring; its account connects to nothing.
import './node-version.mjs';
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { fold } from '../shared/search/fold.ts';
import { openStore } from '../electron/store/sqlite-store.ts';
import { dice, people, subjects, writer } from './synthetic-mail.mjs';

/** Messages in one transaction. */
const BATCH = 500;
const NEWEST = Date.UTC(2026, 10, 21, 10);
const YEARS = 10;

const { values } = parseArgs({ options: { messages: { type: 'string' }, profile: { type: 'string' } } });
const count = Number(values.messages ?? 50_000);
if (!values.profile || !Number.isSafeInteger(count) || count < 1) {
  console.error('usage: npm run generate-profile -- --messages N --profile DIR');
  process.exit(2);
}
if (fs.existsSync(values.profile) && fs.readdirSync(values.profile).length > 0) {
  console.error(`${values.profile} is not empty`);
  process.exit(1);
}

const roll = dice(2026);
const words = writer(roll);
const person = people(roll);
const subject = subjects(roll, words);
const store = openStore(values.profile, 'writer');
const { account } = store.addAccount({
  name: 'Vera',
  email: 'vera@example.org',
  mode: 'pop3',
  leaveOnServer: 'forever',
});
const names = ['Work', 'Work/Projects', 'Семья', 'Lists', 'Archive'];
store.putMailboxes(account.id, [
  ...store
    .mailboxes(account.id)
    .map(({ path, name, depth, role, selectable }) => ({ path, name, depth, role, selectable })),
  ...names.map((path) => ({
    path,
    name: path.split('/').at(-1) ?? '',
    depth: path.split('/').length - 1,
    role: path === 'Archive' ? /** @type {const} */ ('archive') : /** @type {const} */ ('none'),
    selectable: true,
  })),
]);
const boxes = store.mailboxes(account.id);
const boxOf = (/** @type {string} */ path) => {
  const box = boxes.find((one) => one.path === path);
  if (!box) throw new Error(`no mailbox ${path}`);
  return box.id;
};
// Most mail lies in few places.
const places = ['INBOX', 'INBOX', 'INBOX', 'Lists', 'Lists', 'Archive', 'Sent', ...names].map(boxOf);

let date = NEWEST;
const gap = Math.max(2, Math.floor((2 * YEARS * 365 * 86_400) / count));
const started = performance.now();
for (let made = 0; made < count;) {
  const drawn = places[roll(places.length)];
  // However few they are, some are where the program looks first.
  const mailbox = made > 0 && drawn !== undefined ? drawn : boxOf('INBOX');
  const added = [];
  for (let at = 0; at < BATCH && made < count; at++, made++) {
    date -= (1 + roll(gap)) * 1000;
    added.push(message(made, date));
  }
  store.apply(mailbox, { added, flags: [], removed: [] });
  if (process.stderr.isTTY) process.stderr.write(`\r${made} of ${count}`);
}
store.close();
const seconds = (performance.now() - started) / 1000;
console.log(`${count} messages in ${seconds.toFixed(1)} s`);

/** @param {number} number @param {number} at ms since the epoch */
function message(number, at) {
  const language = roll(2) === 0 ? 'ru' : 'en';
  const from = person();
  const to = roll(4) === 0 ? person() : { name: 'Vera', address: 'vera@example.org' };
  const { text: about, answers } = subject(number, language);
  // A word that hardly any letter has.
  const rare = roll(20_000) === 0 ? '\nqwertyzebra' : '';
  const body = words(language, 20 + roll(200)) + rare;
  const file = roll(10) === 0 ? `${words(language, 1)}-${roll(1000)}.pdf` : undefined;
  const bytes = letter({ number, at, from, to, about, answers, body, file });
  return {
    uidl: `u${number}`,
    flags: flags(at),
    received: at,
    size: bytes.length,
    bytes,
    whole: true,
    digest: {
      snippet: body.replaceAll('\n', ' ').slice(0, 160),
      attachments: file === undefined ? 0 : 1,
      search: {
        subject: fold(about),
        from: fold(`${from.name} ${from.address}`),
        to: fold(`${to.name} ${to.address}`),
        cc: '',
        body: fold(body),
        files: fold(file ?? ''),
      },
    },
  };
}

/** What is old was mostly read. @param {number} at */
function flags(at) {
  /** @type {import('../shared/model/message.ts').Flag[]} */
  const set = [];
  if (roll(100) >= (NEWEST - at < 90 * 86_400_000 ? 40 : 4)) set.push('seen');
  if (roll(50) === 0) set.push('flagged');
  if (roll(8) === 0) set.push('answered');
  return set;
}

/**
 * @typedef {{ name: string, address: string }} Person
 * @param {{ number: number, at: number, from: Person, to: Person, about: string, answers: number | undefined, body: string, file: string | undefined }} given
 */
function letter({ number, at, from, to, about, answers, body, file }) {
  const id = (/** @type {number} */ one) => `<${one}@generated.example.org>`;
  const head = [
    `From: ${from.name} <${from.address}>`,
    `To: ${to.name} <${to.address}>`,
    `Subject: ${about}`,
    `Date: ${new Date(at).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: ${id(number)}`,
    ...(answers === undefined ? [] : [`In-Reply-To: ${id(answers)}`, `References: ${id(answers)}`]),
    'MIME-Version: 1.0',
  ];
  const text = ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit', '', body];
  const parts =
    file === undefined
      ? text
      : [
          'Content-Type: multipart/mixed; boundary="=_part"',
          '',
          '--=_part',
          ...text,
          '--=_part',
          `Content-Type: application/pdf; name="${file}"`,
          'Content-Transfer-Encoding: base64',
          `Content-Disposition: attachment; filename="${file}"`,
          '',
          'JVBERi0xLjQK',
          '--=_part--',
        ];
  return Buffer.from(`${[...head, ...parts].join('\r\n').replace(/\r?\n/gu, '\r\n')}\r\n`);
}
