import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Accounts } from './app/accounts.ts';
import type { WireLine } from '../shared/wire/line.ts';
import { Notices } from './app/notices.ts';
import type { Ports, Publisher, Secrets, Shell } from './app/ports.ts';
import type { ConsoleLink, ConsoleTarget, Engines } from './app/ports-engine.ts';
import { commandHandlersOf, type CommandHandlers } from './app/command-requests.ts';
import { archives } from './archive/archives.ts';
import { openConsole } from './engine/console/open.ts';
import { openImap } from './engine/imap/open.ts';
import { openPop3 } from './engine/pop3/session.ts';
import { checkSubmission, submit } from './engine/smtp/submit.ts';
import { openWorkerMime } from './mime/worker-mime.ts';
import { peekCertificate } from './net/certificate.ts';
import type { Patience } from './net/policy.ts';
import { isReadOnly } from './store/read-only.ts';
import { rebuildIndex, type RebuildOptions } from './store/rebuild/rebuild.ts';
import type { Rebuilt } from './store/rebuild/report.ts';
import { openWorkerStore, storeError } from './store/worker-store.ts';
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
  /** How long servers are waited for; a minute for an answer when left out. */
  patience?: Patience;
  /** Whether IMAP is compressed where the server offers it; beyond this computer when left out. */
  compress?: boolean;
}

/** Everything but windows: the same for the app, the command line and tests. */
export interface Core {
  ports: Ports;
  accounts: Accounts;
  handlers: CommandHandlers;
  /** Nothing can be written to the profile: the mail in it is only read. */
  readOnly: boolean;
  /** Disconnects, writes down what is left, ends the threads. */
  close(): Promise<void>;
}

export async function openCore(options: CoreOptions): Promise<Core> {
  const { events } = options;
  // Nobody else's, from the first file on.
  await mkdir(options.profile, { recursive: true, mode: 0o700 });
  const readOnly = await isReadOnly(options.profile);
  const journal = new Journal({
    directory: join(options.profile, 'wire'),
    publish: (batch) => events.publish('wire', batch),
  });
  const compressing = options.compress === undefined ? {} : { compress: options.compress };
  const engines: Engines = {
    imap: (login) => openImap({ ...compressing, ...login }, journal, options.patience),
    pop3: (login) => openPop3(login, journal, options.patience),
    submit: (login, envelope, message) => submit(login, envelope, message, journal),
    checkSubmission: (login) => checkSubmission(login, journal),
    certificate: peekCertificate,
  };
  const store = await openWorkerStore(options.profile, options.scripts.store, options.title);
  const mime = openWorkerMime(options.scripts.mime);
  const ports: Ports = {
    store,
    archives,
    engines,
    mime,
    wire: journal,
    secrets: options.secrets,
    events,
    shell: options.shell,
  };
  const notices = new Notices(events, readOnly ? [{ kind: 'read-only', folder: options.profile }] : []);
  const accounts = new Accounts(ports, notices);
  return {
    ports,
    accounts,
    handlers: commandHandlersOf(ports, accounts),
    readOnly,
    close: async () => {
      await accounts.close();
      await journal.flush();
      await mime.close();
      await store.close();
    },
  };
}

/**
 * A person's own session with a server, beside whatever has the profile: only its transcript goes there.
 * @param trust SHA-256 in capitals without colons: a certificate that is accepted though nobody vouches for it
 * @throws MailError
 */
export async function openRawSession(
  profile: string,
  target: ConsoleTarget,
  trust: string | undefined,
  hear: (line: WireLine) => void,
): Promise<ConsoleLink & { kept: () => Promise<void> }> {
  await mkdir(profile, { recursive: true, mode: 0o700 });
  const journal = new Journal({ directory: join(profile, 'wire'), publish: () => undefined });
  const { protocol, server } = target;
  const shown =
    trust === undefined ? undefined : await peekCertificate({ ...server, user: server.user ?? '' }, protocol);
  const trusted = shown?.fingerprint.replaceAll(':', '') === trust ? shown : undefined;
  const known = trusted ? { trusted: { fingerprint: trusted.fingerprint, pem: trusted.pem } } : {};
  try {
    const link = await openConsole({ ...target, server: { ...server, ...known } }, journal, hear);
    return Object.assign(link, { kept: () => journal.flush() });
  } catch (thrown) {
    await journal.flush();
    throw thrown;
  }
}

/** Makes the index of a profile again, see `rebuildIndex`. @throws MailError `profile-in-use` */
export function rebuildProfile(profile: string, options: RebuildOptions): Promise<Rebuilt> {
  return rebuildIndex(profile, options).catch(storeError);
}
