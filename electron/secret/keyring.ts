import { AsyncEntry } from '@napi-rs/keyring';

const SERVICE = 'Glasspost';

/** The keyring of the operating system: Secret Service, Keychain or Credential Manager, by account id. */
export interface Keyring {
  /** Resolves undefined where there is none. @throws when the keyring can't be read, locked for instance */
  get(id: string): Promise<string | undefined>;
  set(id: string, password: string): Promise<void>;
  remove(id: string): Promise<void>;
}

/** Resolves undefined where the system has none: then nothing may be written anywhere. */
export async function systemKeyring(): Promise<Keyring | undefined> {
  // On Linux the library would fall back to the kernel's keys, which a restart forgets: no keyring to a person.
  const entry = (id: string) => new AsyncEntry(SERVICE, id, { linux: { store: 'secret-service' } });
  try {
    await entry('is there a keyring?').getPassword();
  } catch {
    return undefined;
  }
  return {
    get: async (id) => (await entry(id).getPassword()) ?? undefined,
    set: (id, password) => entry(id).setPassword(password),
    remove: async (id) => void (await entry(id).deletePassword()),
  };
}
