import type { PasswordSource } from '../../shared/model/account.ts';
import type { Link } from './link.ts';
import type { Output } from './output.ts';

/** An option as the parser, the help and the manual know it. */
export interface Option {
  name: string;
  /** What its value is called; without it the option is a switch. */
  value?: string;
  short?: string;
  repeat?: boolean;
  summary: string;
  /** Understood and not spoken of: what other programs pass to `sendmail`. */
  hidden?: boolean;
}

export interface Command {
  /** One word or two, as it is typed. */
  name: string;
  /** `ID`, `[NAME]`, `FILE...` */
  arguments: readonly string[];
  options: readonly Option[];
  summary: string;
  details?: readonly string[];
  examples?: readonly string[];
  /** Arguments that begin with a minus and are no options. */
  marks?: RegExp;
  /** `profile`: works on the profile; `alone`: on its files, while nobody has it; `nothing`: on neither. */
  needs: 'profile' | 'alone' | 'nothing';
  run: (call: Call) => Promise<void>;
}

/** One call of a command, as it was typed. */
export interface Call {
  arguments: readonly string[];
  profile: string;
  output: Output;
  /** Aborted when the person wants to stop. */
  signal: AbortSignal;
  has: (option: string) => boolean;
  value: (option: string) => string | undefined;
  values: (option: string) => readonly string[];
  /** All of standard input. */
  input: () => Promise<Uint8Array<ArrayBuffer>>;
  /** The password that a source has. @throws MailError `no-password` */
  ask: (source: PasswordSource) => Promise<string>;
  /** @throws when the command needs no profile */
  link: Link;
}

/** The command was written wrongly: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command could not be carried out, in words for a person: exit code 1. */
export class Failed extends Error {
  override readonly name = 'Failed';
}

/** What a command is written like. */
export function usageOf(command: Command): string {
  const options = command.options
    .filter((one) => !one.hidden)
    .map((one) => {
      const name = one.short === one.name ? `-${one.name}` : `--${one.name}`;
      return `[${name}${one.value === undefined ? '' : ` ${one.value}`}]${one.repeat ? '...' : ''}`;
    });
  return ['glasspost', command.name, ...command.arguments, ...options].join(' ');
}
