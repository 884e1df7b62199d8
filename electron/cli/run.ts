import type { PasswordSource } from '../../shared/model/account.ts';
import { failureOf, MailError } from '../../shared/contract/mail-error.ts';
import { Failed, UsageError, usageOf, type Call, type Command } from './command.ts';
import { commandHelp, overview } from './help.ts';
import type { Link } from './link.ts';
import { failureLines, harmless, openOutput, type Output, type Streams } from './output.ts';
import { findCommand, firstWord, parse } from './parse.ts';

/** What the commands run in: the real process, or a test's. */
export interface Surroundings extends Streams {
  version: string;
  defaultProfile: () => string;
  input: () => Promise<Uint8Array<ArrayBuffer>>;
  /** Opens the core on a profile, or finds the window that has it. @throws MailError `profile-in-use` */
  open: (profile: string) => Promise<Link>;
  ask: (source: PasswordSource) => Promise<string>;
  signal: AbortSignal;
}

/** Runs what was typed. @returns the exit code: 0 done, 1 failed, 2 wrong usage */
export async function run(
  commands: readonly Command[],
  words: readonly string[],
  around: Surroundings,
): Promise<number> {
  const say = (text: string) => void around.stderr.write(`${harmless(text)}\n`);
  try {
    const helped = help(commands, words, around.version);
    if (helped !== undefined) {
      around.stdout.write(`${helped}\n`);
      return 0;
    }
    const parsed = parse(commands, words);
    const { command, options } = parsed;
    const output = openOutput(around, options.has('json'));
    try {
      await call(command, parsed.arguments, options, output, around);
      return 0;
    } catch (thrown) {
      if (around.signal.aborted && !(thrown instanceof Failed)) {
        say('Interrupted. What was done so far is kept.');
        return 1;
      }
      if (!(thrown instanceof UsageError)) {
        say(thrown instanceof Failed ? thrown.message : failureLines(failureOf(thrown)));
        return 1;
      }
      say(`glasspost: ${thrown.message}\nUsage: ${usageOf(command)}`);
      return 2;
    }
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    say(`glasspost: ${thrown.message}\n${usageFor(commands, words)}`);
    return 2;
  }
}

/** The words of help or the version, when they were asked for. */
function help(commands: readonly Command[], words: readonly string[], version: string): string | undefined {
  const asks = words.includes('--help') || words[firstWord(words)] === 'help';
  if (words[0] === '--version') return `glasspost ${version}`;
  if (!asks && words.length > 0) return undefined;
  const about = words.slice(firstWord(words)).filter((word) => word !== 'help' && !word.startsWith('-'));
  if (about.length === 0) return overview(commands);
  const family = commands.filter((one) => one.name.split(' ')[0] === about[0]);
  if (about.length === 1 && family.length > 1) return family.map(commandHelp).join('\n\n');
  return commandHelp(findCommand(commands, about).command);
}

/** The usage line of the command that was meant, as far as that can be told. */
function usageFor(commands: readonly Command[], words: readonly string[]): string {
  try {
    return `Usage: ${usageOf(findCommand(commands, words).command)}`;
  } catch {
    return 'Usage: glasspost [--profile DIR] [--json] COMMAND ...   (glasspost help shows the commands)';
  }
}

async function call(
  command: Command,
  given: string[],
  options: Map<string, (string | boolean)[]>,
  output: Output,
  around: Surroundings,
): Promise<void> {
  const values = (option: string) => (options.get(option) ?? []).filter((value) => typeof value === 'string');
  const profile = values('profile')[0] ?? around.defaultProfile();
  if (profile === '') throw new UsageError('--profile wants a folder.');
  const link = command.needs === 'profile' ? await around.open(profile) : undefined;
  const made: Call = {
    arguments: given,
    profile,
    output,
    signal: around.signal,
    has: (option) => options.has(option),
    value: (option) => values(option)[0],
    values,
    input: around.input,
    ask: around.ask,
    get link(): Link {
      if (!link) throw new MailError('internal', `${command.name} works without a profile`);
      return link;
    },
  };
  try {
    await command.run(made);
  } finally {
    await link?.close();
  }
}
