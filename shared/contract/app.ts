import { z } from 'zod';
import { Account, AccountStatus } from '../model/account.ts';
import { Draft, OutboxItem } from '../model/draft.ts';
import { MessageKey } from '../model/ids.ts';
import { Mailbox } from '../model/mailbox.ts';
import { Notice } from '../model/notice.ts';
import { Waiting } from '../model/operation.ts';
import { WireConnection, WireLine } from '../wire/line.ts';

export const Settings = z.object({
  /** `system` follows the system. */
  theme: z.enum(['system', 'light', 'dark']),
  density: z.enum(['comfortable', 'compact']),
  language: z.enum(['system', 'en', 'ru']),
  wireDock: z.boolean(),
  /** The column that says what each line means. */
  wireExplain: z.boolean(),
});
export type Settings = z.infer<typeof Settings>;

export const SettingsChange = Settings.partial();
export type SettingsChange = z.infer<typeof SettingsChange>;

export const Snapshot = z.object({
  version: z.string(),
  accounts: z.array(Account),
  mailboxes: z.array(Mailbox),
  statuses: z.array(AccountStatus),
  drafts: z.array(Draft),
  outbox: z.array(OutboxItem),
  waiting: z.array(Waiting),
  settings: Settings,
  /** The language of the system, as BCP 47. */
  systemLanguage: z.string(),
  /** `plain`: no keyring on this system, so passwords are kept for the session only and asked for again. */
  keyring: z.enum(['os', 'plain']),
  notices: z.array(Notice),
});
export type Snapshot = z.infer<typeof Snapshot>;

/** Where the message view lies in the window, in CSS pixels. */
export const Rectangle = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
export type Rectangle = z.infer<typeof Rectangle>;

export const appRequests = {
  /** Everything a fresh window needs. */
  'app.snapshot': { argument: z.void(), result: Snapshot },
  'app.settings': { argument: SettingsChange, result: Settings },
  /**
   * Shows a message's body in the isolated view at a place of this window, or hides the view (`null`).
   * Called again on every resize; the view stays hidden while a dialog or a menu is open over it.
   */
  'view.place': {
    argument: z.object({ message: MessageKey, as: z.enum(['html', 'text']), at: Rectangle }).nullable(),
    result: z.void(),
  },
  /** Scrolls the letter by pages, down or (negative) up. */
  'view.scroll': { argument: z.object({ pages: z.number().min(-1).max(1) }), result: z.void() },
  /** Starts the practice server on this computer and adds its accounts. */
  'practice.start': { argument: z.void(), result: z.void() },
  /** Opens a link that the person has seen in full, in the system's browser or mail program. */
  'link.open': {
    argument: z.object({ url: z.url({ protocol: /^(?:https?|mailto)$/u }).max(8192) }),
    result: z.void(),
  },
  /** The latest lines, oldest first, and the connections they belong to. */
  'wire.recent': {
    argument: z.object({ limit: z.number().int().min(1).max(20_000) }),
    result: z.object({ connections: z.array(WireConnection), lines: z.array(WireLine) }),
  },
};
