import type { Command } from './command.ts';
import { accountCommands } from './command/account.ts';
import { mailboxCommands } from './command/mailbox.ts';
import { messageCommands } from './command/message.ts';
import { practiceCommands, type StartPractice } from './command/practice.ts';
import { sendCommands } from './command/send.ts';
import { syncCommands } from './command/sync.ts';

/** Every command, in the order of the manual: the parser, the help and `docs/cli.md` are all made from it. */
export function commandTable(parts: { practice: StartPractice }): readonly Command[] {
  return [
    ...accountCommands,
    ...syncCommands,
    ...mailboxCommands,
    ...messageCommands,
    ...sendCommands,
    ...practiceCommands(parts.practice),
  ];
}
