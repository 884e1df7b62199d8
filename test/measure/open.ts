// The real core for programs that are no vitest run: on a profile of its own, with a password for every account.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openCore, type Core } from '../../electron/core.ts';
import { quietShell } from '../double/quiet-shell.ts';

export interface Threads {
  store: URL;
  mime: URL;
}

export interface Opened extends Core {
  profile: string;
  /** Ends it and throws its files away, unless they are to be looked at. */
  end(keep?: boolean): Promise<void>;
}

export async function openAlone(
  scripts: Threads,
  publish: (name: string, payload: unknown) => void = () => undefined,
): Promise<Opened> {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'glasspost-alone-'));
  const passwords = new Map<string, string>();
  const core = await openCore({
    profile,
    title: 'a measurement',
    secrets: {
      keyring: 'os',
      get: async (id) => passwords.get(id),
      set: async (id, password) => void passwords.set(id, password),
      setSource: async () => undefined,
      remove: async (id) => void passwords.delete(id),
    },
    events: { publish },
    shell: quietShell,
    scripts,
  });
  await core.accounts.start();
  const end = async (keep = false) => {
    await core.close();
    if (!keep) fs.rmSync(profile, { recursive: true, force: true });
  };
  return { ...core, profile, end };
}
