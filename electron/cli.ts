import { buffer } from 'node:stream/consumers';
import { resolve } from 'node:path';
import type { Publisher } from './app/ports.ts';
import { AnyLink } from './cli/any-link.ts';
import type { Link } from './cli/link.ts';
import { firstWord } from './cli/parse.ts';
import { run } from './cli/run.ts';
import { commandTable } from './cli/table.ts';
import { openCore, openRawSession, rebuildProfile, type CoreOptions } from './core.ts';
import { commands as requests } from '../shared/contract/command.ts';
import { failureOf } from '../shared/contract/mail-error.ts';
import { connectControl } from './ipc/control-client.ts';
import { serveControl, type Control } from './ipc/control-server.ts';
import { dispatch } from './ipc/dispatch.ts';
import { startPractice } from './practice/server.ts';
import { defaultProfile } from './profile.ts';
import { openSecrets } from './secret/passwords.ts';
import { askSource } from './secret/source.ts';

const table = commandTable({
  practice: (options) => startPractice({ ...options, autoAnswer: true }),
  console: ({ profile, server, trust, hear, ...more }) => {
    const { protocol, ...where } = server;
    return openRawSession(resolve(profile), { protocol, server: where, ...more }, trust, hear);
  },
  keyboard: () => ({
    stream: process.stdin,
    isTTY: process.stdin.isTTY && process.stdout.isTTY,
    language: /^ru/iu.test(process.env['LC_ALL'] ?? process.env['LANG'] ?? '') ? 'ru' : 'en',
  }),
  rebuild: (profile, options) => rebuildProfile(resolve(profile), options),
});

/** What differs between the sources, the built program and the packaged one. */
export interface CommandLine {
  scripts: CoreOptions['scripts'];
  version: string;
}

/** Whether what was typed is a command, and not a start of the window. */
export function isCommandLine(words: readonly string[]): boolean {
  const first = words[firstWord(words)];
  if (words.some((word) => word === '--help' || word === '--version')) return true;
  return first !== undefined && (first === 'help' || table.some((one) => one.name.split(' ')[0] === first));
}

/** The whole of the `glasspost` command but the end of the process. @returns the exit code */
export async function commandLine(words: readonly string[], program: CommandLine): Promise<number> {
  const interrupted = new AbortController();
  const stop = () => {
    // A second time means it.
    if (interrupted.signal.aborted) process.exit(1);
    interrupted.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // `glasspost list … | head`: nobody reads on, which is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  return run(table, words, {
    stdout: process.stdout,
    stderr: process.stderr,
    version: program.version,
    defaultProfile,
    input: () => buffer(process.stdin),
    open: (profile) => open(resolve(profile), program, words[0] ?? ''),
    ask: askSource,
    signal: interrupted.signal,
  });
}

/** The core on this profile or, while another process has it, that one's. @throws MailError `profile-in-use` */
async function open(profile: string, program: CommandLine, command: string): Promise<Link> {
  try {
    return await openOwn(profile, program, command);
  } catch (thrown) {
    const other = failureOf(thrown).code === 'profile-in-use' ? await connectControl(profile) : undefined;
    if (!other) throw thrown;
    const link: AnyLink = new AnyLink({
      ask: (name, argument) => other.request(name, argument),
      watch: async () => undefined,
      close: async () => other.close(),
    });
    other.listen((name, payload) => link.hear(name, payload));
    return link;
  }
}

async function openOwn(profile: string, program: CommandLine, command: string): Promise<Link> {
  // It listens only once the profile is ours.
  const door: { control?: Control } = {};
  const events: Publisher = {
    publish: (name, payload) => {
      link.hear(name, payload);
      door.control?.publish(name, payload);
    },
  };
  const core = await openCore({
    profile,
    title: `glasspost ${command}`,
    secrets: await openSecrets(profile),
    events,
    shell: {
      openComposer: () => undefined,
      closeComposer: () => undefined,
      chooseFiles: async () => [],
      chooseSave: async () => null,
      saveAs: async () => null,
      openLink: async () => undefined,
      language: process.env['LANG'] ?? 'en',
      version: program.version,
    },
    scripts: program.scripts,
  });
  if (core.readOnly)
    process.stderr.write('glasspost: nothing can be written to this profile, its mail is only read\n');
  await core.accounts.attach();
  door.control = serveControl(profile, core.handlers);
  const link: AnyLink = new AnyLink({
    ask: (name, argument) => dispatch(requests, core.handlers, name, argument),
    watch: () => core.accounts.start(),
    close: async () => {
      door.control?.close();
      await core.close();
    },
  });
  return link;
}
