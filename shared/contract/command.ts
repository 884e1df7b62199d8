import { z } from 'zod';
import { Account, AccountSettings, PasswordSource } from '../model/account.ts';
import { OutboxItem } from '../model/draft.ts';
import { AccountId, MailboxId, MessageKey } from '../model/ids.ts';
import { Address } from '../model/message.ts';
import { Transcript, TranscriptInfo } from '../wire/transcript.ts';
import { requests } from './requests.ts';
import { join } from './shape.ts';

/** What became of a letter when it was last tried. */
export const Verdict = z.object({
  message: MessageKey,
  state: z.enum([...OutboxItem.shape.state.options, 'sent']),
  /** Sent, but not to these. */
  refused: z.array(z.object({ address: z.string(), reply: z.string() })),
  failure: OutboxItem.shape.failure,
  nextTry: OutboxItem.shape.nextTry,
});
export type Verdict = z.infer<typeof Verdict>;

const Letter = z.object({
  account: AccountId,
  to: z.array(Address).max(1000),
  cc: z.array(Address).max(1000),
  bcc: z.array(Address).max(1000),
  subject: z.string().max(2000),
  text: z.string(),
  attachments: z
    .array(z.object({ name: z.string(), type: z.string(), bytes: z.instanceof(Uint8Array) }))
    .max(1000),
});
export type Letter = z.infer<typeof Letter>;

/** Names something that takes its time: told by `progress`, stopped by `task.stop`. */
const Task = z.string().min(1).max(64);
/** Absolute: the program that does it may run elsewhere. */
const Path = z.string().min(1).max(4096);
const Interrupted = z.object({ interrupted: z.boolean() });

const DamagedMessage = z.object({
  id: MessageKey,
  account: AccountId,
  mailbox: z.string(),
  subject: z.string(),
  messageId: z.string(),
  segment: z.string(),
  offset: z.number(),
  problem: z.string(),
  detail: z.string(),
});

/** What the command line may ask for and a window may not: each of these could do harm in the hands of a letter. */
const ofCommands = {
  /** Adds an account; with a source its password is kept nowhere. */
  'account.create': {
    argument: z.object({
      settings: AccountSettings,
      password: z.string().max(4096),
      source: PasswordSource.optional(),
    }),
    result: Account,
  },
  'account.change': { argument: z.object({ account: Account }), result: z.void() },
  /** Tells the servers what waits to be told; done when they were told. */
  'account.settle': { argument: z.object({ accounts: z.array(AccountId) }), result: z.void() },
  /** Writes a letter and sends it. It is safe in the outbox whatever the verdict is. */
  'letter.send': { argument: Letter, result: Verdict },
  /** Sends a message that came whole, like `sendmail`. */
  'letter.submit': {
    argument: z.object({
      account: AccountId,
      bytes: z.instanceof(Uint8Array),
      to: z.array(z.string().max(320)),
      recipientsInHeader: z.boolean(),
    }),
    result: Verdict,
  },
  /** Tries a letter of the outbox again, now. */
  'outbox.attempt': { argument: z.object({ message: MessageKey }), result: Verdict },
  /** Takes a letter out of the outbox into the account's Trash. */
  'outbox.drop': { argument: z.object({ message: MessageKey }), result: z.void() },
  /** The number of the latest message taken in; every later one has a higher number. 0: there was none. */
  'message.newest': { argument: z.void(), result: z.number() },
  /** Stops what was started under this name, at the next place where that is safe. */
  'task.stop': { argument: z.object({ task: Task }), result: z.void() },
  'mailbox.export': {
    argument: z.object({
      task: Task,
      mailbox: MailboxId,
      format: z.enum(['mbox', 'maildir', 'eml']),
      path: Path,
    }),
    result: Interrupted.extend({
      messages: z.number(),
      bytes: z.number(),
      problems: z.array(z.object({ id: MessageKey, name: z.string(), detail: z.string() })),
    }),
  },
  'mailbox.import': {
    argument: z.object({
      task: Task,
      path: Path,
      mailbox: MailboxId,
      kind: z.enum(['mboxo', 'mboxrd', 'mboxcl', 'mboxcl2']).optional(),
    }),
    result: Interrupted.extend({
      kind: z.string(),
      added: z.number(),
      skipped: z.number(),
      undecided: z.number(),
      problems: z.array(z.object({ name: z.string(), detail: z.string() })),
    }),
  },
  'store.verify': {
    argument: z.object({ task: Task }),
    result: Interrupted.extend({
      checked: z.number(),
      bytes: z.number(),
      damaged: z.array(DamagedMessage),
      segments: z.array(
        z.object({ segment: z.string(), problem: z.string(), expected: z.number(), found: z.number() }),
      ),
    }),
  },
  'wire.transcripts': { argument: z.void(), result: z.array(TranscriptInfo) },
  'wire.transcript': { argument: z.object({ session: z.string().max(200) }), result: Transcript },
};

/** What only a program with windows answers. */
const { 'view.place': _place, 'view.scroll': _scroll, 'practice.start': _practice, ...windowless } = requests;

/** Every request of the command line, to the core in its own process or in the running window. */
export const commands = join(windowless, ofCommands);

export type Commands = typeof commands;
export type CommandName = keyof Commands;
export type CommandArgument<N extends CommandName> = z.infer<Commands[N]['argument']>;
export type CommandResult<N extends CommandName> = z.infer<Commands[N]['result']>;
