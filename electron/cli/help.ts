import { usageOf, type Command, type Option } from './command.ts';
import { GLOBAL_OPTIONS } from './parse.ts';

const WIDTH = 24;

/** What `glasspost help` prints. */
export function overview(commands: readonly Command[]): string {
  return [
    'glasspost: the mail client with nothing hidden, without its window',
    '',
    'Usage: glasspost [--profile DIR] [--json] COMMAND ...',
    '',
    ...commands.map((one) => `  ${one.name.padEnd(WIDTH)}${one.summary}`),
    '',
    ...GLOBAL_OPTIONS.map(optionLine),
    '',
    'glasspost help COMMAND tells more. Exit code: 0 done, 1 failed (the reason on standard error), 2 wrong usage.',
  ].join('\n');
}

/** What `glasspost help COMMAND` prints. */
export function commandHelp(command: Command): string {
  const options = command.options.filter((one) => !one.hidden);
  return [
    `Usage: ${usageOf(command)}`,
    '',
    command.summary,
    ...(command.details ?? []).flatMap((line) => ['', line]),
    ...(options.length > 0 ? ['', ...options.map(optionLine)] : []),
    ...(command.examples ? ['', 'Examples:', ...command.examples.map((line) => `  ${line}`)] : []),
  ].join('\n');
}

/** The same for `docs/cli.md`. */
export function manual(commands: readonly Command[]): string {
  const table = (options: readonly Option[]) =>
    options.flatMap((one) => [`- \`${optionName(one)}\`: ${one.summary}`]);
  return [
    '# glasspost(1)',
    '',
    '<!-- Made from the table that the parser reads, by `node build/cli-manual.mjs`. Change electron/cli/command/, not this file. -->',
    '',
    '## Name',
    '',
    'glasspost: the mail client with nothing hidden, without its window',
    '',
    '## Synopsis',
    '',
    '`glasspost [--profile DIR] [--json] COMMAND ...`',
    '',
    'From a checkout, after `npm ci`: `npx glasspost COMMAND ...`. It needs no build and no display.',
    '',
    '## Description',
    '',
    'The same accounts, engines and store as the window, for scripts, for servers and for collecting mail by schedule.',
    'One process has a profile at a time; while the window has it, commands are carried out by the window.',
    '',
    ...table(GLOBAL_OPTIONS),
    '',
    'With `--json` results are JSON objects, one a line, on standard output. Everything else goes to standard error.',
    '',
    'A mailbox is named by its path as the server knows it (`INBOX`, `Projects/Glass`); by its role (`sent`, `trash`) where no',
    'path is so called; and as `EMAIL:PATH` where several accounts have one of that name. A message is named by the number in',
    'the first column of `list`.',
    '',
    '## Exit status',
    '',
    '- 0: done',
    '- 1: failed; the reason is on standard error',
    '- 2: wrong usage',
    '',
    '## Passwords',
    '',
    'They are in the keyring of the system, or come from an environment variable or a command each time they are needed. None is',
    'ever an argument, and none is printed or written to a file.',
    '',
    '## Commands',
    ...commands.flatMap((command) => [
      '',
      `### ${command.name}`,
      '',
      '```',
      usageOf(command),
      '```',
      '',
      command.summary,
      ...(command.details ?? []).flatMap((line) => ['', line]),
      ...(command.options.some((one) => !one.hidden)
        ? ['', ...table(command.options.filter((one) => !one.hidden))]
        : []),
      ...(command.examples ? ['', '```sh', ...command.examples, '```'] : []),
    ]),
    '',
  ].join('\n');
}

function optionLine(option: Option): string {
  return `  ${optionName(option).padEnd(WIDTH)}${option.summary}`;
}

function optionName({ name, short, value }: Option): string {
  const long = short === name ? `-${name}` : `--${name}`;
  const both = short !== undefined && short !== name ? `-${short}, ${long}` : long;
  return value === undefined ? both : `${both} ${value}`;
}
