import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Accounts } from './app/accounts.ts';
import type { Engines, Ports, Publisher, Secrets, Shell } from './app/ports.ts';
import { commandHandlersOf, type CommandHandlers } from './app/command-requests.ts';
import { openImap } from './engine/imap/link.ts';
import { openPop3 } from './engine/pop3/session.ts';
import { checkSubmission, submit } from './engine/smtp/submit.ts';
import { openWorkerMime } from './mime/worker-mime.ts';
import { peekCertificate } from './net/certificate.ts';
import { openWorkerStore } from './store/worker-store.ts';
import { Journal } from './wire/journal.ts';

export interface CoreOptions {
  /** The folder that holds everything of one person. */
  profile: string;
  /** What this program is to a person, for another one that wants the same profile. */
  title: string;
  secrets: Secrets;
  events: Publisher;
  shell: Shell;
  /** The programs of the threads: sources, or what they were bundled into. */
  scripts: { store: URL; mime: URL };
}

/** Everything but windows: the same for the app, the command line and tests. */
export interface Core {
  ports: Ports;
  accounts: Accounts;
  handlers: CommandHandlers;
  /** Disconnects, writes down what is left, ends the threads. */
  close(): Promise<void>;
}

export async function openCore(options: CoreOptions): Promise<Core> {
  const { events } = options;
  // Nobody else's, from the first file on.
  await mkdir(options.profile, { recursive: true, mode: 0o700 });
  const journal = new Journal({
    directory: join(options.profile, 'wire'),
    publish: (batch) => events.publish('wire', batch),
  });
  const engines: Engines = {
    imap: (login) => openImap(login, journal),
    pop3: (login) => openPop3(login, journal),
    submit: (login, envelope, message) => submit(login, envelope, message, journal),
    checkSubmission: (login) => checkSubmission(login, journal),
    certificate: peekCertificate,
  };
  const store = await openWorkerStore(options.profile, options.scripts.store, options.title);
  const mime = openWorkerMime(options.scripts.mime);
  const ports: Ports = {
    store,
    engines,
    mime,
    wire: journal,
    secrets: options.secrets,
    events,
    shell: options.shell,
  };
  const accounts = new Accounts(ports);
  return {
    ports,
    accounts,
    handlers: commandHandlersOf(ports, accounts),
    close: async () => {
      await accounts.close();
      await journal.flush();
      await mime.close();
      await store.close();
    },
  };
}
