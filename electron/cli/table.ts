import type { Command } from './command.ts';
import { accountCommands } from './command/account.ts';
import { archiveCommands } from './command/archive.ts';
import { consoleCommands, type Keyboard, type OpenRawSession } from './command/console.ts';
import { mailboxCommands } from './command/mailbox.ts';
import { changeCommands } from './command/change.ts';
import { messageCommands } from './command/message.ts';
import { pop3Commands } from './command/pop3.ts';
import { practiceCommands, type StartPractice } from './command/practice.ts';
import { searchCommands } from './command/search.ts';
import { sendCommands } from './command/send.ts';
import { storeCommands, type RebuildProfile } from './command/store.ts';
import { syncCommands } from './command/sync.ts';
import { wireCommands } from './command/wire.ts';

/** What commands need besides a profile, from the program that has it. */
export interface Parts {
  practice: StartPractice;
  console: OpenRawSession;
  keyboard: () => Keyboard;
  rebuild: RebuildProfile;
}

/** Every command, in the order of the manual: the parser, the help and `docs/cli.md` are all made from it. */
export function commandTable(parts: Parts): readonly Command[] {
  return [
    ...accountCommands,
    ...pop3Commands,
    ...syncCommands,
    ...mailboxCommands,
    ...searchCommands,
    ...messageCommands,
    ...changeCommands,
    ...sendCommands,
    ...archiveCommands,
    ...wireCommands,
    ...consoleCommands(parts.console, parts.keyboard),
    ...practiceCommands(parts.practice),
    ...storeCommands(parts.rebuild),
  ];
}
