// What was promised to a person, written down by somebody who is not killed.
import { existsSync } from 'node:fs';
import { archives } from '../../electron/archive/archives.ts';
import { sha256, type Inspection } from './inspect.ts';
import { tooMany } from './judge.ts';
import type { Said } from './steps.ts';
import type { Person, Sent, World } from './world.ts';

export class Ledger {
  readonly tokens: string[] = [];
  readonly #world: World;
  readonly #person: Person;
  readonly #archive: Sent[];
  readonly #delivered: { email: string; sent: Sent }[] = [];
  /** By `email token`: somebody asked for it to be deleted. */
  readonly #removed = new Set<string>();
  /** By `email`: the archive was imported. */
  readonly #imported = new Set<string>();
  /** Subjects, once for each time that somebody asked for a copy. */
  readonly #copied: string[] = [];
  readonly #drafts = new Set<string>();
  /** Letters: how often the person said to send them, and what they were told. */
  readonly #asked = new Map<string, number>();
  readonly #sent = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #exports: { target: string; messages: number }[] = [];
  /** By `email`: what was here when it was last looked at. */
  readonly #here = new Map<string, Set<string>>();
  /** Files that compaction would not touch, or could not. */
  readonly #uncompacted: string[] = [];
  #settings: unknown[] = [undefined];
  #count = 0;

  constructor(world: World, person: Person, archive: Sent[]) {
    this.#world = world;
    this.#person = person;
    this.#archive = archive;
  }

  token(): string {
    this.#count += 1;
    const token = `letter ${this.#count}`;
    this.tokens.push(token);
    return token;
  }

  delivered(email: string, sent: Sent): void {
    this.#delivered.push({ email, sent });
  }

  heard(said: Said[]): void {
    for (const { begun, done, failed, token = '', email, dock, ...one } of said) {
      if (failed === 'compact') this.#uncompacted.push(String(one['why']));
      if (begun === 'remove') this.#removed.add(`${String(email)} ${token}`);
      if (begun === 'send' || begun === 'resend') this.#asked.set(token, (this.#asked.get(token) ?? 0) + 1);
      if (begun === 'copy') this.#copied.push(token);
      if (begun === 'settings') this.#settings.push(dock);
      if (done === 'settings') this.#settings = [dock];
      if (done === 'draft') this.#drafts.add(token);
      if (done === 'import') this.#imported.add(String(email));
      if (done === 'send' && one['state'] === 'sent') this.#sent.add(token);
      if (done === 'export')
        this.#exports.push({ target: String(one['target']), messages: Number(one['messages']) });
    }
  }

  /** What must hold at any moment. */
  async check(found: Inspection): Promise<string[]> {
    return [
      ...this.#nothingLost(found),
      ...this.#letters(found),
      ...[...this.#drafts]
        .filter((token) => !found.drafts.some((one) => one.subject === token))
        .map((token) => `${token} was saved and is gone`),
      ...(this.#settings.includes(found.settings['wireDock']) || this.#settings.includes(undefined)
        ? []
        : ['a setting is forgotten']),
      ...(await this.#exported()),
      ...this.#uncompacted,
    ];
  }

  /** What must hold when the servers were told of everything. */
  settled(found: Inspection): string[] {
    const { pop, imap } = this.#person;
    const problems: string[] = [];
    const names = [
      ...found.held.map((one) => `${one.email} here: ${one.subject} ${one.messageId}`),
      ...this.#world.letters(imap).map((one) => `on the server: ${one.token} ${one.id}`),
    ];
    problems.push(
      ...tooMany(names, (name) => 1 + this.#copied.filter((token) => name.includes(`: ${token} `)).length),
    );
    if (found.operations.length > 0) problems.push(`not told: ${JSON.stringify(found.operations)}`);
    const left = this.#world.letters(pop).length;
    if (left > 0) problems.push(`${left} letters were not collected`);
    const here = new Set(found.held.filter((one) => one.email === imap).map((one) => one.sha));
    for (const one of this.#world.letters(imap))
      if (!here.has(one.sha)) problems.push(`${one.token} is on the server and not here`);
    if (found.outbox.length > 0) problems.push(`waits: ${JSON.stringify(found.outbox)}`);
    return problems;
  }

  #nothingLost({ held }: Inspection): string[] {
    const problems: string[] = [];
    const { pop, imap } = this.#person;
    for (const email of [pop, imap]) {
      const here = new Set(held.filter((one) => one.email === email).flatMap((one) => one.sha ?? []));
      const there = new Set(this.#world.letters(email).map((one) => one.sha));
      for (const { email: to, sent } of this.#delivered) {
        if (to !== email || this.#removed.has(`${email} ${sent.token}`)) continue;
        if (!here.has(sent.sha) && !there.has(sent.sha))
          problems.push(`${sent.token} of ${email} is nowhere`);
        if (this.#here.get(email)?.has(sent.sha) && email === pop && !here.has(sent.sha))
          problems.push(`${sent.token} of ${email} was here and is gone`);
      }
      if (this.#imported.has(email))
        for (const { token, sha } of this.#archive)
          if (!here.has(sha)) problems.push(`${token} was imported into ${email} and is gone`);
      this.#here.set(email, here);
    }
    return problems;
  }

  #letters(found: Inspection): string[] {
    const problems: string[] = [];
    const got = this.#world.letters(this.#person.friend);
    for (const [token, asked] of this.#asked) {
      const times = got.filter((one) => one.token === token).length;
      const sent = found.held.filter((one) => one.role === 'sent' && one.subject === token).length;
      const places = sent + [...found.outbox, ...found.drafts].filter((one) => one.subject === token).length;
      if (times > asked)
        problems.push(`“${token}” was asked for ${asked} times and delivered ${times} times`);
      if (places > 1) problems.push(`“${token}” is in ${places} places`);
      if (places === 0 && (times > 0 || this.#seen.has(token))) problems.push(`“${token}” is gone`);
      if (sent > 0 && times === 0) problems.push(`“${token}” is in Sent and was not delivered`);
      if (this.#sent.has(token) && sent === 0) problems.push(`“${token}” was sent and is not in Sent`);
      if (places > 0) this.#seen.add(token);
    }
    return problems;
  }

  /** What was exported is there, whole; looked at once. */
  async #exported(): Promise<string[]> {
    const problems: string[] = [];
    for (const { target, messages } of this.#exports.splice(0)) {
      if (!existsSync(target)) problems.push(`${target} was exported and is gone`);
      else if (messages > 0) {
        const shas = new Set<string>();
        for await (const one of (await archives.open(target)).letters())
          if ('letter' in one) shas.add(sha256(one.letter.bytes));
        if (shas.size !== messages)
          problems.push(`${target} has ${shas.size} letters instead of ${messages}`);
      }
    }
    return problems;
  }
}
