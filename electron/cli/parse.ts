import { parseArgs } from 'node:util';
import { UsageError, type Command, type Option } from './command.ts';

/** What was typed, sorted. */
export interface Parsed {
  command: Command;
  arguments: string[];
  options: Map<string, (string | boolean)[]>;
}

/** Understood before and after every command. */
export const GLOBAL_OPTIONS: readonly Option[] = [
  {
    name: 'profile',
    value: 'DIR',
    summary: 'The folder that holds the mail; the one of the window if left out.',
  },
  { name: 'json', summary: 'One JSON object a line on standard output.' },
];

/**
 * Finds the command and reads its arguments and options.
 * @param words what was typed, `--help` taken out
 * @throws UsageError
 */
export function parse(commands: readonly Command[], words: readonly string[]): Parsed {
  const { command, rest } = findCommand(commands, words);
  const marked = rest.filter((word) => command.marks?.test(word));
  const others = rest.filter((word) => !command.marks?.test(word));
  const known = [...GLOBAL_OPTIONS, ...command.options];
  let parsed;
  try {
    parsed = parseArgs({
      args: others,
      allowPositionals: true,
      options: Object.fromEntries(
        known.map((one) => [
          one.name,
          {
            type: one.value === undefined ? ('boolean' as const) : ('string' as const),
            multiple: true,
            ...(one.short === undefined ? {} : { short: one.short }),
          },
        ]),
      ),
    });
  } catch (thrown) {
    throw new UsageError(thrown instanceof Error ? (thrown.message.split('. ')[0] ?? '') : String(thrown));
  }
  const options = new Map(
    Object.entries(parsed.values).map(([name, values]) => [name, [values ?? []].flat()]),
  );
  for (const one of known) {
    if (!one.repeat && one.value !== undefined && (options.get(one.name)?.length ?? 0) > 1)
      throw new UsageError(`--${one.name} is given twice`);
  }
  const given = [...parsed.positionals, ...marked];
  checkCount(command, given);
  return { command, arguments: given, options };
}

/** The command that words begin with, two words before one; options may stand in front of it. */
export function findCommand(
  commands: readonly Command[],
  words: readonly string[],
): { command: Command; rest: string[] } {
  const one = firstWord(words);
  const two = one + 1 + firstWord(words.slice(one + 1));
  const [first, second] = [words[one], words[two]];
  if (first === undefined) throw new UsageError('Which command?');
  const pair = commands.find(({ name }) => second !== undefined && name === `${first} ${second}`);
  const command = pair ?? commands.find(({ name }) => name === first);
  if (command) {
    const taken = new Set(pair ? [one, two] : [one]);
    return { command, rest: words.filter((_word, index) => !taken.has(index)) };
  }
  const family = commands.map(({ name }) => name).filter((name) => name.startsWith(`${first} `));
  throw new UsageError(
    family.length > 0 ? `${first} what? There is: ${family.join(', ')}.` : `There is no command ${first}.`,
  );
}

/** Where the first word stands that is no global option nor the value of one; the length where none does. */
export function firstWord(words: readonly string[]): number {
  let at = 0;
  while (at < words.length && /^--(?:profile(?:=.*)?|json)$/su.test(words[at] ?? ''))
    at += words[at] === '--profile' ? 2 : 1;
  return Math.min(at, words.length);
}

function checkCount(command: Command, given: readonly string[]): void {
  const least = command.arguments.filter((one) => !one.startsWith('[')).length;
  const most = command.arguments.some((one) => one.includes('...')) ? Infinity : command.arguments.length;
  if (given.length < least)
    throw new UsageError(`${command.arguments[given.length] ?? 'Something'} is missing.`);
  if (given.length > most) throw new UsageError(`"${given[most] ?? ''}" is one argument too many.`);
}
