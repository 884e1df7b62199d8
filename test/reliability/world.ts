// A server with people on it, and profiles that know them: what every trial begins with.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { startPractice, type PracticeServer } from '../../electron/practice/server.ts';
import { openProgram, PASSWORD, settingsOn } from './program.ts';
import { sha256 } from './inspect.ts';

export interface Person {
  pop: string;
  imap: string;
  friend: string;
}

/** One letter as it was sent, by its hash. */
export interface Sent {
  token: string;
  sha: string;
}

export class World {
  readonly server: PracticeServer;
  readonly folder: string;
  readonly #template: string;
  #next = 0;
  #letters = 0;

  /** @param count how many people there are at most */
  static async make(count: number): Promise<World> {
    const names = Array.from({ length: count }, (_one, at) => personOf(at)).flatMap((one) =>
      Object.values(one),
    );
    const users = names.map((email: string) => ({ email, password: PASSWORD, name: 'Somebody' }));
    const server = await startPractice({ users, seed: false });
    const folder = mkdtempSync(join(tmpdir(), 'glasspost-trial-'));
    const template = join(folder, 'template');
    const program = await openProgram(template);
    const { pop, imap } = personOf(0);
    await program.accounts.add(settingsOn(server, pop, 'pop3'), PASSWORD);
    await program.accounts.add(settingsOn(server, imap, 'imap'), PASSWORD);
    await program.close();
    return new World(server, folder, template);
  }

  private constructor(server: PracticeServer, folder: string, template: string) {
    this.server = server;
    this.folder = folder;
    this.#template = template;
  }

  /** A profile of somebody who has not connected yet. */
  profile(): { profile: string; person: Person } {
    const number = this.#next++;
    const person = personOf(number);
    const profile = join(this.folder, `profile-${number}`);
    cpSync(this.#template, profile, { recursive: true });
    const db = new Sqlite(join(profile, 'glasspost.sqlite'));
    for (const mode of ['pop3', 'imap'] as const) {
      const email = mode === 'imap' ? person.imap : person.pop;
      db.prepare(`UPDATE account SET settings = ? WHERE settings ->> 'mode' = ?`).run(
        JSON.stringify(settingsOn(this.server, email, mode)),
        mode,
      );
    }
    db.close();
    return { profile, person };
  }

  /** Mail arrives. Bodies differ in size, and begin lines in ways that files of mail have to watch for. */
  deliver(to: string, token: string, size = 40): Sent {
    const bytes = this.letter(token, size);
    this.server.deliver(bytes, to);
    return { token, sha: sha256(bytes) };
  }

  letter(token: string, size = 40): Buffer {
    this.#letters += 1;
    const lines = ['From here on', '>From there', '.', '..dots', 'x'.repeat(60)];
    let body = '';
    for (let at = 0; body.length < size; at += 1) body += `${lines[at % lines.length] ?? ''}\r\n`;
    const id = `<${this.#letters}.${process.pid}@example.test>`;
    return Buffer.from(
      `From: Oleg <oleg@example.test>\r\nTo: vera@example.test\r\nSubject: ${token}\r\nDate: Sat, 21 Nov 2026 10:00:00 +0000\r\nMessage-ID: ${id}\r\n\r\n${body}`,
    );
  }

  /** An mbox of another program. */
  archive(name: string, tokens: string[]): { path: string; letters: Sent[] } {
    const path = join(this.folder, name);
    const letters = tokens.map((token) => this.letter(token));
    const text = letters
      .map((bytes) => `From x@example.test Sat Nov 21 10:00:00 2026\n${quoted(bytes)}\n`)
      .join('');
    writeFileSync(path, text);
    return { path, letters: letters.map((bytes, at) => ({ token: tokens[at] ?? '', sha: sha256(bytes) })) };
  }

  /** What somebody has on the server. */
  letters(
    email: string,
  ): { mailbox: string; uid: number; sha: string; token: string; id: string; deleted: boolean }[] {
    return this.server.letters(email).map(({ mailbox, message }) => {
      const raw = Buffer.from(message.raw);
      const text = raw.toString('latin1');
      return {
        mailbox,
        uid: message.uid,
        sha: sha256(raw),
        token: /^Subject: (.*)\r$/mu.exec(text)?.[1] ?? '',
        id: /^Message-ID: (.*)\r$/mu.exec(text)?.[1] ?? '',
        deleted: message.flags.has('\\Deleted'),
      };
    });
  }

  async end(): Promise<void> {
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function personOf(number: number): Person {
  const named = (who: string) => `${who}-${number}@practice.test`;
  return { pop: named('pop'), imap: named('imap'), friend: named('friend') };
}

function quoted(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/^(>*From )/gmu, '>$1');
}
