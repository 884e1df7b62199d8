import { exec } from 'node:child_process';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { PasswordSource } from '../../shared/model/account.ts';
import { MailError } from '../../shared/contract/mail-error.ts';

/** ms a password command may take: it may ask a person for a passphrase. */
const PATIENCE = 120_000;

const Sources = z.record(z.string(), PasswordSource);

/** Where passwords of accounts come from that no keyring keeps: a file of the profile with no secret in it. */
export class PasswordSources {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  async get(account: string): Promise<PasswordSource | undefined> {
    return (await this.#read())[account];
  }

  /** @param source undefined forgets it */
  async set(account: string, source: PasswordSource | undefined): Promise<void> {
    const { [account]: old, ...rest } = await this.#read();
    if (!old && !source) return;
    const next = source ? { ...rest, [account]: source } : rest;
    await writeFile(`${this.#file}.new`, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 });
    await rename(`${this.#file}.new`, this.#file);
  }

  async #read(): Promise<Record<string, PasswordSource>> {
    const text = await readFile(this.#file, 'utf8').catch(() => '{}');
    try {
      return Sources.parse(JSON.parse(text));
    } catch {
      throw new MailError('no-password', `${this.#file} can't be read: repair or remove it`);
    }
  }
}

/** Asks a source for the password. @throws MailError `no-password` that says why, never what */
export async function askSource(source: PasswordSource): Promise<string> {
  if (source.kind === 'env') {
    const value = process.env[source.name];
    if (value === undefined || value === '')
      throw new MailError('no-password', `the environment variable ${source.name} is not set`);
    return value;
  }
  const { error, output } = await new Promise<{ error: Error | null; output: string }>((resolve) => {
    exec(source.command, { timeout: PATIENCE, windowsHide: true }, (failed, stdout) =>
      resolve({ error: failed, output: stdout }),
    );
  });
  // `pass show` and its like put the password on the first line and notes below it.
  const password = output.split(/\r?\n/u)[0] ?? '';
  if (error) throw new MailError('no-password', `the password command failed: ${reason(error)}`);
  if (password === '') throw new MailError('no-password', 'the password command printed nothing');
  return password;
}

/** Not the message: it repeats what the command printed. */
function reason(error: Error & { code?: unknown; signal?: unknown }): string {
  return typeof error.code === 'number' ? `exit code ${error.code}` : `ended by ${String(error.signal)}`;
}
