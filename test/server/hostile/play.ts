// Plays one case: an account that works, a server that turns hostile, and honest again.
import { fork, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { once } from 'node:events';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ImapFlow } from 'imapflow';
import { startPractice, type PracticeServer } from '../../../electron/practice/server.ts';
import type { AccountSettings, ServerSettings } from '../../../shared/model/account.ts';
import type { Failure } from '../../../shared/model/failure.ts';
import type { Order, Reply, Verbs } from './client.ts';
import type { Identities } from './identities.ts';
import { STRANGER, type HostileCase, type Scene } from './script.ts';
import { Pop3Talk } from './pop3-talk.ts';
import { HostileServer, type Speaks } from './server.ts';

/** What the product is given in the place of 20 s and a minute. */
const PATIENCE = { connect: 1000, answer: 900 };
/** s: what counts as a hang, and as not working again. */
const HANG = 60;
const HEALED = 30;
const MEBIBYTE = 1024 * 1024;
const MOST_MEMORY = 256 * MEBIBYTE;

export interface Played {
  number: number;
  name: string;
  /** What the person was told. */
  happened: string;
  /** s until the person was told, and from the healing until all worked. */
  told: number;
  healed: number;
  /** MiB that the process grew by; with its neighbours', where several cases share it. */
  grown: number;
  problems: string[];
  elsewhere?: string;
}

/** The program under attack; several cases may be played in it at a time. */
export class Victim {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<
    number,
    { resolve: (value: never) => void; reject: (error: unknown) => void }
  >();
  #orders = 0;
  #lanes = 0;
  died: string | undefined;

  /** @param programs see `bundlePrograms` */
  constructor(programs: string, authorities: string) {
    this.#child = fork(path.join(programs, 'hostile-client.js'), [], {
      execArgv: ['--expose-gc', '--no-memory-protection-keys'],
      env: { ...process.env, NODE_OPTIONS: '', NODE_EXTRA_CA_CERTS: authorities },
      serialization: 'advanced',
    });
    this.#child.on('message', (reply: Reply) => {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if ('failure' in reply) waiting?.reject(new Error(JSON.stringify(reply.failure)));
      else waiting?.resolve(reply.result as never);
    });
    this.#child.on('exit', (code, signal) => {
      this.died = `the program ended: ${signal ?? code}`;
      for (const { reject } of this.#waiting.values()) reject(new Error(this.died));
      this.#waiting.clear();
    });
  }

  lane(): Verbs {
    this.#lanes += 1;
    const lane = this.#lanes;
    const ask = (verb: keyof Verbs) => (given: unknown) => {
      if (this.died !== undefined) return Promise.reject(new Error(this.died));
      this.#orders += 1;
      const id = this.#orders;
      this.#child.send({ id, lane, verb, given } satisfies Order);
      return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    };
    return new Proxy({} as Verbs, { get: (_target, verb: keyof Verbs) => ask(verb) });
  }

  async end(): Promise<void> {
    if (this.died !== undefined) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}

const hash = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Lines that POP3 has to dress, and line ends that are none. */
const AWKWARD = ['.', '..', '.a', '', '.', 'a\n.\nb', 'a\r.\rb', 'a\n.\r', '+OK', '-ERR no'];

/** Letters of 1 KB to 40 KB, each with a word that stands in no other place. */
function letter(subject: string, lines: number, more: readonly string[]): string {
  const body = Array.from({ length: lines }, (_one, at) => `Line ${at} of ${subject}, for nobody else.`);
  return [
    'From: Oleg <oleg@example.test>',
    'To: vera@example.test',
    `Subject: ${subject}`,
    `Message-ID: <${randomBytes(8).toString('hex')}@example.test>`,
    'Date: Fri, 20 Nov 2026 10:00:00 +0000',
    '',
    ...body,
    ...more,
    '',
  ].join('\r\n');
}

async function until<T>(
  seconds: number,
  condition: () => Promise<T | undefined> | T | undefined,
): Promise<T | undefined> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const found = await condition();
    if (found !== undefined) return found;
    if (performance.now() > end) return undefined;
    await sleep(30);
  }
}

/** How the connections of a protocol are played, and which of the honest server's ports is behind it. */
const SPEAKS: Record<NonNullable<HostileCase['protocol']>, Speaks | undefined> = {
  imap: undefined,
  pop3: (server, socket) => new Pop3Talk(server, socket),
};

/** @param victim where it is played */
export async function play(one: HostileCase, victim: Victim, identities: Identities): Promise<Played> {
  const { number, name, script } = one;
  const nothing = { number, name, told: 0, healed: 0, grown: 0, problems: [] };
  if (one.elsewhere !== undefined || !script) {
    return { ...nothing, happened: '', elsewhere: one.elsewhere ?? 'no script' };
  }
  const password = `key-${randomBytes(9).toString('base64url')}`;
  const email = 'vera@example.test';
  const practice = await startPractice({
    users: [{ email, password, name: 'Vera' }],
    seed: false,
    startTls: false,
  });
  const protocol = one.protocol ?? 'imap';
  const server = await HostileServer.start(
    one.security ?? 'starttls',
    practice.ports[protocol],
    identities,
    SPEAKS[protocol],
  );
  const strangersBefore = await strangers();
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'glasspost-hostile-'));
  const lane = victim.lane();
  try {
    const scene = new Stage(one, lane, server, practice, { email, password, profile }, strangersBefore);
    return { ...nothing, ...(await scene.play()) };
  } catch (thrown) {
    return {
      ...nothing,
      happened: '',
      problems: [thrown instanceof Error ? thrown.message : String(thrown)],
    };
  } finally {
    server.stop();
    await Promise.race([lane.close().catch(() => undefined), sleep(5000)]);
    await practice.stop();
    fs.rmSync(profile, { recursive: true, force: true });
  }
}

let stranger: Promise<() => number> | undefined;
/** How many connections there were to the server that referrals name. */
async function strangers(): Promise<number> {
  stranger ??= (async () => {
    let count = 0;
    const server = net.createServer((socket) => {
      count += 1;
      socket.destroy();
    });
    server.listen(STRANGER.port, STRANGER.host).unref();
    await once(server, 'listening');
    return () => count;
  })();
  return (await stranger)();
}

class Stage {
  readonly #problems: string[] = [];
  readonly #letters = new Map<string, string>();

  readonly one: HostileCase;
  readonly lane: Verbs;
  readonly server: HostileServer;
  readonly practice: PracticeServer;
  readonly who: { email: string; password: string; profile: string };
  readonly strangersBefore: number;

  constructor(
    one: HostileCase,
    lane: Verbs,
    server: HostileServer,
    practice: PracticeServer,
    who: { email: string; password: string; profile: string },
    strangersBefore: number,
  ) {
    this.one = one;
    this.lane = lane;
    this.server = server;
    this.practice = practice;
    this.who = who;
    this.strangersBefore = strangersBefore;
  }

  async play(): Promise<Omit<Played, 'number' | 'name'>> {
    const { one, lane, server } = this;
    for (let at = 0; at < 5; at += 1) this.#deliver(`Letter ${at}`, 10 + 200 * at);
    if (one.fresh) server.attack(one.script ?? {});
    const compress = one.compress === true;
    await lane.open({ ...this.who, settings: this.#settings(), patience: PATIENCE, compress });
    if (!one.fresh) {
      const there = await until(20, async () => ((await this.#allHere()) ? true : undefined));
      if (!there) throw new Error('the honest server did not work');
      if (one.prepare === 'foreign-deleted') await this.#markDeleted('2');
    }
    await lane.rest();
    await lane.told();
    if (!one.fresh) server.attack(one.script ?? {});
    const began = performance.now();
    for (const deed of one.deeds ?? []) await lane.deed(deed);
    const outcome = await this.#outcome();
    const told = (performance.now() - began) / 1000;
    if (told > HANG) this.#problems.push(`it hung for ${told.toFixed(0)} s`);
    if (server.met === 0) this.#problems.push('the script was never met');
    const scene = await this.#scene(outcome.words);
    this.#problems.push(...(one.judge?.(scene) ?? []), ...this.#secrets());

    server.heal();
    const healing = performance.now();
    this.#deliver('After the healing', 20);
    const works = await this.#works();
    const healed = (performance.now() - healing) / 1000;
    if (works !== undefined) this.#problems.push(`not well again after ${HEALED} s: ${works}`);
    if ((await lane.verify()) > 0) this.#problems.push('a stored letter is not what its hash says');
    this.#problems.push(...(await this.#lost()));
    const { grown, strays } = await lane.memory();
    if (grown > MOST_MEMORY) this.#problems.push(`memory grew by ${Math.round(grown / MEBIBYTE)} MiB`);
    for (const stray of strays) this.#problems.push(`nobody caught ${stray}`);
    return {
      happened: outcome.words,
      told,
      healed,
      grown: Math.round(grown / MEBIBYTE),
      problems: this.#problems,
    };
  }

  /** Waits until the person is told something that was to be told. */
  async #outcome(): Promise<{ words: string }> {
    const { one, lane, server } = this;
    const failures: Failure[] = [];
    let rounds = 0;
    const end = performance.now() + HANG * 1000;
    while (performance.now() < end) {
      const synced = await Promise.race([lane.sync(), sleep(end - performance.now(), 'hang' as const)]);
      if (synced === 'hang') break;
      if (synced) failures.push(synced);
      failures.push(...(await lane.told()).failures);
      rounds += 1;
      const codes = new Set(failures.map(({ code }) => code));
      const expected = one.told.find((code) => code !== 'fine' && codes.has(code));
      if (expected !== undefined && server.met > 0) return { words: wordsOf(failures) };
      if (one.told.includes('fine') && server.met > 0 && synced === undefined) {
        const more = (await lane.told()).failures;
        return {
          words:
            more.length === 0 && failures.length === 0
              ? 'fine'
              : `fine, after ${wordsOf([...failures, ...more])}`,
        };
      }
      await sleep(Math.min(50 * rounds, 500));
    }
    this.#problems.push(`expected ${one.told.join(' or ')}, told ${wordsOf(failures) || 'nothing'}`);
    return { words: wordsOf(failures) };
  }

  /** @returns what does not work */
  async #works(): Promise<string | undefined> {
    const { lane } = this;
    let why: string | undefined = 'nothing was tried';
    let marked = false;
    await until(HEALED, async () => {
      const failure = await Promise.race([lane.sync(), sleep(HEALED * 1000, 'hang' as const)]);
      why = failure === 'hang' ? 'the sync hangs' : failure ? `${failure.code} ${failure.detail}` : undefined;
      if (why !== undefined) return undefined;
      const here = await lane.letters();
      const fresh = here.find(({ subject }) => subject === 'After the healing');
      if (!fresh || fresh.hash !== this.#letters.get('After the healing')) {
        why = fresh ? 'the new letter is not whole' : 'the new letter did not come';
        return undefined;
      }
      if (this.one.protocol === 'pop3') return true;
      if (!marked) {
        marked = true;
        await lane.flagged('After the healing');
      }
      const there = this.practice
        .letters(this.who.email)
        .find(({ message }) => subjectOf(message) === 'After the healing');
      if (!there || !flagsOf(there.message).includes('\\Seen')) {
        why = `the server was not told of a flag; waiting: ${await lane.waiting()}; here: ${fresh.flags.join()}; there: ${there ? flagsOf(there.message).join() : 'nothing'}`;
        return undefined;
      }
      return true;
    });
    return why;
  }

  /** What was there is still there, and as it was. */
  async #lost(): Promise<string[]> {
    const here = await this.lane.letters();
    const there = this.practice.letters(this.who.email);
    const problems: string[] = [];
    for (const [subject, sum] of this.#letters) {
      const copies = here.filter((one) => one.subject === subject);
      if (this.one.removes !== true && !there.some(({ message }) => subjectOf(message) === subject))
        problems.push(`${subject} is gone on the server`);
      if (!copies.some((one) => one.hash === sum)) {
        const found =
          copies.map((one) => (one.stored ? 'other bytes' : 'its header')).join(', ') || 'nothing';
        problems.push(`${subject} is not here as it was, but ${found}`);
      }
      if (this.one.protocol === 'pop3' && copies.length > 1)
        problems.push(`${subject} is here ${copies.length} times`);
    }
    return problems;
  }

  /** What went out in clear, and what is kept of secrets. */
  #secrets(): string[] {
    const problems: string[] = [];
    const { password, email } = this.who;
    const clear = this.server.clearBytes.toString('latin1');
    const forms = [
      password,
      ...[0, 1, 2].map((shift) => inner(password, shift)),
      inner(email, 0),
      ...this.#letters.keys(),
    ];
    for (const form of forms) if (clear.includes(form)) problems.push(`said in clear: ${form}`);
    const said = this.server.clear.filter(
      (line) => !/^(?:CAPABILITY|STARTTLS|ID|NOOP|LOGOUT|STLS|QUIT)\b/u.test(line),
    );
    if (this.server.security !== 'none' && said.length > 0)
      problems.push(`said in clear: ${said.join(' / ')}`);
    const wire = path.join(this.who.profile, 'wire');
    for (const name of fs.existsSync(wire) ? fs.readdirSync(wire) : []) {
      if (fs.readFileSync(path.join(wire, name), 'latin1').includes(password))
        problems.push('the password is in a transcript');
    }
    return problems;
  }

  async #scene(told: string): Promise<Scene> {
    const onServer = this.practice.letters(this.who.email).map(({ mailbox, message }) => ({
      mailbox,
      subject: subjectOf(message),
      flags: flagsOf(message),
    }));
    return {
      clear: this.server.clear,
      said: this.server.said,
      strangers: (await strangers()) - this.strangersBefore,
      onServer,
      mailboxes: await this.lane.mailboxes(),
      letters: await this.lane.letters(),
      told,
    };
  }

  async #allHere(): Promise<boolean> {
    const here = await this.lane.letters();
    return [...this.#letters].every(([subject, sum]) =>
      here.some((one) => one.subject === subject && one.hash === sum),
    );
  }

  #deliver(subject: string, lines: number): void {
    const raw = letter(subject, lines, this.one.protocol === 'pop3' ? AWKWARD : []);
    this.#letters.set(subject, hash(raw));
    this.practice.deliver(Buffer.from(raw), this.who.email);
  }

  /** As another client of the same mailbox does. */
  async #markDeleted(number: string): Promise<void> {
    const { email, password } = this.who;
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: this.practice.ports.imap,
      secure: false,
      doSTARTTLS: false,
      auth: { user: email, pass: password },
      logger: false,
    });
    await client.connect();
    await client.mailboxOpen('INBOX');
    await client.messageFlagsAdd(number, ['\\Deleted']);
    await client.logout();
  }

  #settings(): AccountSettings {
    const { email } = this.who;
    const at = (port: number, security: ServerSettings['security']): ServerSettings => ({
      host: '127.0.0.1',
      port,
      security,
      user: email,
    });
    const protocol = this.one.protocol ?? 'imap';
    return {
      name: 'Vera',
      email,
      mode: protocol,
      [protocol]: at(this.server.port, this.server.security),
      smtp: at(this.practice.ports.smtp, 'none'),
      leaveOnServer: this.one.removes === true ? 'never' : 'forever',
    };
  }
}

type Message = ReturnType<PracticeServer['letters']>[number]['message'];

const subjectOf = (message: Message): string =>
  /^Subject: (.*)\r$/mu.exec(Buffer.from(message.raw).toString('latin1'))?.[1] ?? '';
const flagsOf = (message: Message): string[] => [...message.flags];

const wordsOf = (failures: Failure[]): string =>
  [
    ...new Set(
      failures.map(({ code, detail }) => `${code}: ${detail.replaceAll(/\s+/gu, ' ').slice(0, 60)}`),
    ),
  ].join('; ');

/** How text reads in the middle of longer base64. */
function inner(text: string, shift: number): string {
  const coded = Buffer.from('\0'.repeat(shift) + text).toString('base64');
  return coded.slice(Math.ceil((shift * 4) / 3), Math.floor(((shift + text.length) * 4) / 3));
}
