import { safeStorage } from 'electron';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AccountId } from '../../shared/model/ids.ts';
import type { Secrets } from '../app/ports.ts';

/**
 * Passwords sealed with a key from the OS keyring, in a file of the profile. Where the system has no keyring Electron
 * would "encrypt" with a key that everyone knows: then nothing is written and the password lives for the session only.
 */
export class KeyringSecrets implements Secrets {
  readonly #file: string;
  readonly #session = new Map<AccountId, string>();
  /** One write after the other: two at once would lose one of them. */
  #writing: Promise<unknown> = Promise.resolve();

  /** @param file inside the profile; call after the app is ready */
  constructor(file: string) {
    this.#file = file;
  }

  get keyring(): 'os' | 'plain' {
    const real =
      process.platform !== 'linux' ||
      !['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend());
    return real && safeStorage.isEncryptionAvailable() ? 'os' : 'plain';
  }

  async get(account: AccountId): Promise<string | undefined> {
    const held = this.#session.get(account);
    if (held !== undefined || this.keyring === 'plain') return held;
    const sealed = (await this.#read())[account];
    if (sealed === undefined) return undefined;
    try {
      const password = safeStorage.decryptString(Buffer.from(sealed, 'base64'));
      this.#session.set(account, password);
      return password;
    } catch {
      // Another keyring, another user: the person is asked again.
      return undefined;
    }
  }

  async set(account: AccountId, password: string): Promise<void> {
    this.#session.set(account, password);
    if (this.keyring === 'plain') return;
    const sealed = safeStorage.encryptString(password).toString('base64');
    await this.#change((all) => ({ ...all, [account]: sealed }));
  }

  async remove(account: AccountId): Promise<void> {
    this.#session.delete(account);
    await this.#change(({ [account]: _gone, ...rest }) => rest);
  }

  #change(how: (all: Record<string, string>) => Record<string, string>): Promise<void> {
    const done = this.#writing.then(async () => {
      await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
      await writeFile(`${this.#file}.new`, JSON.stringify(how(await this.#read())), { mode: 0o600 });
      await rename(`${this.#file}.new`, this.#file);
    });
    this.#writing = done.catch(() => undefined);
    return done;
  }

  async #read(): Promise<Record<string, string>> {
    try {
      return JSON.parse(await readFile(this.#file, 'utf8')) as Record<string, string>;
    } catch {
      return {};
    }
  }
}
