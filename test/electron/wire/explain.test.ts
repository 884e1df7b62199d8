// Real dialogues of our engines and of a person at a console with real servers: every line of them is explained.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Login } from '../../../electron/app/ports-engine.ts';
import { openConsole } from '../../../electron/engine/console/open.ts';
import { openImap } from '../../../electron/engine/imap/open.ts';
import { marks } from '../../server/marks.ts';
import { openPop3 } from '../../../electron/engine/pop3/session.ts';
import { checkSubmission, submit } from '../../../electron/engine/smtp/submit.ts';
import { startPractice, VERA, type PracticeServer } from '../../../electron/practice/server.ts';
import { Journal } from '../../../electron/wire/journal.ts';
import type { ServerSettings } from '../../../shared/model/account.ts';
import { Explainer } from '../../../shared/wire/explain/explainer.ts';
import type { Explanation } from '../../../shared/wire/explain/explanation.ts';
import { MASK, type Protocol, type WireConnection, type WireLine } from '../../../shared/wire/line.ts';
import { letter } from '../../double/headless.ts';
import { mailServer, type MailServer, type MailUser } from '../../server/mail-server.ts';

let server: MailServer;
let practice: PracticeServer;
beforeAll(async () => {
  server = await mailServer();
  practice = await startPractice();
});
afterAll(() => practice.stop());

let journal: Journal;
let lines: WireLine[];
let connections: Map<number, WireConnection>;
beforeEach(() => {
  // Of this test alone: connections of an earlier one may still have something to say.
  const [own, of] = [[] as WireLine[], new Map<number, WireConnection>()];
  [lines, connections] = [own, of];
  journal = new Journal({
    publish: (batch) => {
      own.push(...batch.lines);
      for (const one of batch.connections) of.set(one.id, one);
    },
  });
});

interface Explained {
  line: WireLine;
  en: Explanation;
  ru: Explanation;
}

async function explained(): Promise<Explained[]> {
  await journal.flush();
  return [...connections.values()].flatMap(({ id, protocol }) => {
    const [en, ru] = [new Explainer(protocol, 'en'), new Explainer(protocol, 'ru')];
    return lines
      .filter((line) => line.connection === id)
      .map((line) => ({ line, en: en.next(line), ru: ru.next(line) }));
  });
}

/** Every line has something of its own said about it, in both languages. */
async function expectAllExplained(least: number): Promise<Explained[]> {
  const all = await explained();
  expect(all.length).toBeGreaterThan(least);
  const vague = all
    .filter(({ en }) => !en.specific)
    .map(({ line, en }) => `${line.direction}: ${line.text} — ${en.text}`);
  expect(vague).toEqual([]);
  const undecided = all.filter(
    ({ line, en }) => line.direction === 'server' && line.kind === 'line' && en.outcome === undefined,
  );
  expect(undecided).toEqual([]);
  for (const { en, ru } of all) {
    expect(en.text).toMatch(/^[^\s].*[.!?”)]$/su);
    expect(ru.text).toMatch(/^[^\s].*[.!?»)]$/su);
    expect(ru.text).toMatch(/[а-яё]/iu);
    expect(`${en.text}${ru.text}`).not.toMatch(/undefined|NaN|\{\d\}|\[object|\.\./u);
  }
  return all;
}

function login(user: MailUser, port: keyof MailServer['ports'], security: 'tls' | 'starttls'): Login {
  const at: ServerSettings = {
    host: '127.0.0.1',
    port: server.ports[port],
    security,
    user: user.email,
    trusted: server.trusted,
  };
  return { email: user.email, server: at, password: user.password, purpose: 'mail' };
}

describe('what our engines say to real servers is explained', () => {
  it('IMAP', async () => {
    const user = server.newUser();
    for (let count = 0; count < 5; count += 1) await server.deliver(user.email, letter(`Letter ${count}`));
    const link = await openImap(login(user, 'imaps', 'tls'), journal);
    await link.list();
    const uids: number[] = [];
    const known = { cursor: undefined, count: 0, maxUid: 0, messages: async () => [] };
    await link.sync('INBOX', known, async (change) => {
      uids.push(...change.added.flatMap((one) => one.uid ?? []));
    });
    expect(uids).toHaveLength(5);
    await link.fetchWhole('INBOX', uids);
    await link.setFlags('INBOX', uids.slice(0, 2), marks(['seen', 'flagged']), marks([]));
    await link.setFlags('INBOX', uids.slice(0, 1), marks([]), marks(['flagged']));
    await link.create('Ящик');
    await link.move('INBOX', uids.slice(0, 1), 'Ящик');
    await link.remove('INBOX', uids.slice(1, 2));
    await link.append('Sent', letter('sent'), ['seen'], Date.now());
    const again = {
      cursor: { uidValidity: 1 },
      count: 5,
      maxUid: Math.max(...uids),
      messages: async () => uids.map((uid) => ({ uid, flags: [] })),
    };
    await link.sync('INBOX', again, async () => undefined);
    let news = 0;
    await link.watch('INBOX', () => (news += 1));
    await sleep(300);
    await server.deliver(user.email, letter('News'));
    await expect.poll(() => news, { timeout: 5000 }).toBeGreaterThan(0);
    await link.close();
    const failing = openImap(login({ ...user, password: 'wrong' }, 'imap', 'starttls'), journal);
    await expect(failing).rejects.toBeDefined();
    const all = await expectAllExplained(80);
    const texts = all.map(({ en }) => en.text);
    expect(texts).toEqual(expect.arrayContaining([expect.stringMatching(/^New mail: 1 message/u)]));
    expect(all.filter(({ en }) => en.answers !== undefined).length).toBeGreaterThan(40);
  });

  it('POP3', async () => {
    const user = server.newUser();
    for (const name of ['one', 'two', 'three']) await server.deliver(user.email, letter(name));
    const link = await openPop3(login(user, 'pop3', 'starttls'), journal);
    await link.stat();
    const listed = await link.list();
    await link.top(1, 0);
    await link.download(listed, async () => undefined);
    await link.noop();
    await link.remove([1]);
    await link.reset();
    await expect(link.remove([77])).rejects.toBeDefined();
    await link.quit();
    await expect(
      openPop3(login({ ...user, password: 'wrong' }, 'pop3s', 'tls'), journal),
    ).rejects.toBeDefined();
    await expectAllExplained(60);
  });

  it('SMTP', async () => {
    const user = server.newUser();
    const to = login(user, 'submission', 'starttls');
    await checkSubmission(to, journal);
    const other = server.newUser('oleg');
    await submit(to, { from: user.email, to: [other.email] }, letter('out'), journal);
    const nobody = submit(to, { from: user.email, to: ['nobody@example.test'] }, letter('out'), journal);
    await expect(nobody).rejects.toBeDefined();
    await expect(checkSubmission({ ...to, password: 'wrong' }, journal)).rejects.toBeDefined();
    await expect(
      checkSubmission({ ...to, server: { ...to.server, port: 1 } }, journal),
    ).rejects.toBeDefined();
    await expectAllExplained(50);
  });
});

/** Says lines one after another, each when the server has answered the one before. */
async function say(protocol: Protocol, at: ServerSettings, said: readonly string[]): Promise<void> {
  const link = await openConsole({ protocol, server: at }, journal, () => undefined);
  for (const line of said) {
    await link.settled();
    await link.send(line);
  }
  await link.settled();
  link.close();
  await link.closed;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
const practiceAt = (protocol: Protocol): ServerSettings => ({
  host: '127.0.0.1',
  port: practice.ports[protocol],
  security: 'none',
  user: VERA.email,
});

const IMAP_TALK = (user: string, password: string): string[] => [
  'a CAPABILITY',
  'b ID NIL',
  'c LOGIN {' + String(user.length) + '}',
  `${user} "wrong"`,
  `d AUTHENTICATE PLAIN`,
  base64(`\0${user}\0${password}`),
  'e NAMESPACE',
  'f LIST "" ""',
  'f1 LIST "" "*" RETURN (SPECIAL-USE SUBSCRIBED STATUS (MESSAGES UNSEEN UIDNEXT))',
  'f2 LSUB "" "*"',
  'f3 LIST (SUBSCRIBED) "" "%" RETURN (CHILDREN)',
  'g STATUS INBOX (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN)',
  'g1 STATUS Nowhere (MESSAGES)',
  'h ENABLE QRESYNC CONDSTORE',
  'i SELECT INBOX',
  'j FETCH 1:* ALL',
  'k UID FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (From Subject)] BODY.PEEK[1]<0.20>)',
  'k1 FETCH 1 (BODY[] FLAGS)',
  'k2 FETCH 1 RFC822.HEADER',
  'k3 FETCH 1 (BODY.PEEK[TEXT] BODY.PEEK[HEADER] UID)',
  'l SEARCH UNSEEN',
  'l1 UID SEARCH RETURN (MIN MAX COUNT ALL) OR SUBJECT "Letter" FROM oleg NOT DELETED',
  'l2 SEARCH SUBJECT "nothing like this"',
  'l3 SEARCH SUBJECT {6}',
  'Letter',
  'm STORE 1 +FLAGS (\\Flagged $Forwarded)',
  'm1 STORE 1 -FLAGS.SILENT (\\Flagged)',
  'm2 STORE 1 FLAGS (\\Seen)',
  'n CREATE "Friends"',
  'n0 CREATE "Friends"',
  'n1 SUBSCRIBE Friends',
  'n2 UNSUBSCRIBE Friends',
  'n3 RENAME Friends Foes',
  'o COPY 1 Foes',
  'o1 COPY 1 Nowhere',
  'o2 UID MOVE 2 Foes',
  'p APPEND Foes (\\Seen) {12}',
  'Subject: x',
  '',
  'q IDLE',
  'DONE',
  'r STORE 1 +FLAGS (\\Deleted)',
  'r1 UID EXPUNGE 1',
  'r2 EXPUNGE',
  's CHECK',
  's1 NOOP',
  's2 UNSELECT',
  't EXAMINE INBOX',
  't1 CLOSE',
  'u DELETE Foes',
  'u1 DELETE Foes',
  'v GETQUOTAROOT INBOX',
  'w SORT (REVERSE DATE) UTF-8 ALL',
  'w1 SELECT INBOX',
  'w2 SORT (REVERSE DATE) UTF-8 ALL',
  'w3 THREAD REFERENCES UTF-8 ALL',
  'x LOGOUT',
];

const POP3_TALK = (user: string, password: string): string[] => [
  'CAPA',
  'AUTH LOGIN',
  '*',
  `USER ${user}`,
  'PASS wrong',
  `USER ${user}`,
  `PASS ${password}`,
  'CAPA',
  'STAT',
  'LIST',
  'LIST 1',
  'LIST 999',
  'UIDL',
  'UIDL 1',
  'TOP 1 2',
  'RETR 1',
  'RETR 999',
  'DELE 1',
  'DELE 1',
  'RSET',
  'NOOP',
  'QUIT',
];

const SMTP_TALK = (user: string, password: string): string[] => [
  'HELP',
  'EHLO [127.0.0.1]',
  `MAIL FROM:<${user}>`,
  'AUTH LOGIN',
  base64(user),
  base64('wrong'),
  `AUTH PLAIN ${base64(`\0${user}\0${password}`)}`,
  `MAIL FROM:<${user}> SIZE=100 BODY=8BITMIME`,
  `RCPT TO:<${user}>`,
  'RCPT TO:<nobody>',
  'DATA',
  'Subject: hello',
  '',
  'text',
  '.',
  'RSET',
  'NOOP',
  'VRFY vera',
  'QUIT',
];

describe('what a person says to servers is explained', () => {
  it('in the practice server', async () => {
    await say('imap', practiceAt('imap'), IMAP_TALK(VERA.email, VERA.password));
    await say('pop3', practiceAt('pop3'), POP3_TALK(VERA.email, VERA.password));
    await say('smtp', practiceAt('smtp'), SMTP_TALK(VERA.email, VERA.password));
    const all = await expectAllExplained(200);
    expect(JSON.stringify(all)).not.toContain(VERA.password);
    expect(all.some(({ line }) => line.text.includes(MASK))).toBe(true);
  });

  it('in Dovecot', async () => {
    const user = server.newUser();
    for (let count = 0; count < 3; count += 1) await server.deliver(user.email, letter(`Letter ${count}`));
    const at = (port: keyof MailServer['ports']) => login(user, port, 'tls').server;
    await say('imap', at('imaps'), IMAP_TALK(user.email, user.password));
    await say('pop3', at('pop3s'), POP3_TALK(user.email, user.password));
    await say('smtp', at('submissions'), SMTP_TALK(user.email, user.password));
    await expectAllExplained(250);
  });
});
