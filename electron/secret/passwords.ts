import { join } from 'node:path';
import type { PasswordSource } from '../../shared/model/account.ts';
import type { AccountId } from '../../shared/model/ids.ts';
import { MailError } from '../../shared/contract/mail-error.ts';
import type { Secrets } from '../app/ports.ts';
import { systemKeyring, type Keyring } from './keyring.ts';
import { askSource, PasswordSources } from './source.ts';

/**
 * Passwords from the keyring of the system, or from where the person said they come from. Where there is neither they
 * live for the session only, in memory; no file of ours ever holds one.
 * @param profile the folder that holds everything of one person
 */
export async function openSecrets(profile: string): Promise<Secrets> {
  return new Passwords(await systemKeyring(), new PasswordSources(join(profile, 'password-sources.json')));
}

class Passwords implements Secrets {
  readonly keyring: 'os' | 'plain';
  readonly #keyring: Keyring | undefined;
  readonly #sources: PasswordSources;
  readonly #session = new Map<AccountId, string>();

  constructor(keyring: Keyring | undefined, sources: PasswordSources) {
    this.keyring = keyring ? 'os' : 'plain';
    this.#keyring = keyring;
    this.#sources = sources;
  }

  async get(account: AccountId): Promise<string | undefined> {
    const held = this.#session.get(account);
    if (held !== undefined) return held;
    const source = await this.#sources.get(account);
    const password = source ? await askSource(source) : await this.#fromKeyring(account);
    if (password !== undefined) this.#session.set(account, password);
    return password;
  }

  async set(account: AccountId, password: string): Promise<void> {
    this.#session.set(account, password);
    await this.#sources.set(account, undefined);
    await this.#keyring?.set(account, password);
  }

  async setSource(account: AccountId, source: PasswordSource): Promise<void> {
    this.#session.delete(account);
    await this.#sources.set(account, source);
  }

  async remove(account: AccountId): Promise<void> {
    this.#session.delete(account);
    await this.#sources.set(account, undefined);
    await this.#keyring?.remove(account);
  }

  async #fromKeyring(account: AccountId): Promise<string | undefined> {
    try {
      return await this.#keyring?.get(account);
    } catch (thrown) {
      throw new MailError('no-password', thrown instanceof Error ? thrown.message : String(thrown));
    }
  }
}
