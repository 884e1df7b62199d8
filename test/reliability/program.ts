// The core without a window and without a life of its own: it connects when it is told to. For victims and for whoever
// looks after them.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openCore, type Core } from '../../electron/core.ts';
import type { PracticeServer } from '../../electron/practice/server.ts';
import type { AccountSettings, ServerSettings } from '../../shared/model/account.ts';
import type { EventName } from '../../shared/contract/events.ts';
import { quietShell } from '../double/quiet-shell.ts';

/** Everybody's. */
export const PASSWORD = 'amber-pane';

export interface Heard {
  name: EventName;
  payload: unknown;
}

/** @param folder where its threads were bundled; their sources, if left out */
export async function openProgram(
  profile: string,
  folder?: string,
  hear: (event: Heard) => void = () => undefined,
): Promise<Core> {
  const scripts =
    folder === undefined
      ? { store: source('store/worker.ts'), mime: source('mime/worker.ts') }
      : { store: bundled(folder, 'store-worker.js'), mime: bundled(folder, 'mime-worker.js') };
  const core = await openCore({
    profile,
    title: 'a trial',
    secrets: {
      keyring: 'os',
      get: async () => PASSWORD,
      set: async () => undefined,
      setSource: async () => undefined,
      remove: async () => undefined,
    },
    events: { publish: (name, payload) => hear({ name, payload }) },
    shell: quietShell,
    scripts,
  });
  await core.accounts.attach();
  return core;
}

function source(name: string): URL {
  return new URL(`../../electron/${name}`, import.meta.url);
}

function bundled(folder: string, name: string): URL {
  return pathToFileURL(join(folder, name));
}

/** POP3 takes the mail away from the server once it is here: what is lost here is lost. */
export function settingsOn(server: PracticeServer, email: string, mode: 'imap' | 'pop3'): AccountSettings {
  const at = (port: number): ServerSettings => ({ host: server.host, port, security: 'none', user: email });
  const { imap, pop3, smtp } = server.ports;
  return {
    name: 'Vera',
    email,
    mode,
    imap: at(imap),
    pop3: at(pop3),
    smtp: at(smtp),
    leaveOnServer: 'never',
  };
}
