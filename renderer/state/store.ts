import { create } from 'zustand';
import type { Settings } from '../../shared/contract/app.ts';
import type { AccountStatus } from '../../shared/model/account.ts';
import type { AccountId, MailboxId, MessageKey } from '../../shared/model/ids.ts';
import type { Notice } from '../../shared/model/notice.ts';
import type { Data } from './apply.ts';

/** The dialog that is open; one at a time. */
export type DialogState =
  | { kind: 'add-account' }
  | { kind: 'settings' }
  | { kind: 'shortcuts' }
  | { kind: 'password'; account: AccountId }
  | { kind: 'remove-account'; account: AccountId }
  | { kind: 'delete'; ids: readonly MessageKey[] }
  /** `copy`: the messages stay where they are. */
  | { kind: 'move'; ids: readonly MessageKey[]; copy?: boolean }
  | { kind: 'tags'; ids: readonly MessageKey[] }
  | { kind: 'new-mailbox'; account: AccountId; parent?: MailboxId }
  | { kind: 'rename-mailbox'; mailbox: MailboxId }
  | { kind: 'move-mailbox'; mailbox: MailboxId }
  | { kind: 'delete-mailbox'; mailbox: MailboxId }
  | { kind: 'waiting' }
  | { kind: 'history' }
  | { kind: 'account'; account: AccountId }
  | { kind: 'mode'; account: AccountId }
  /** What its POP3 server holds. */
  | { kind: 'server'; account: AccountId }
  | { kind: 'link'; url: string };

/** Everything a window knows, but for the wire, which changes too often to sit beside the mail. */
export interface AppState extends Data {
  ready: boolean;
  version: string;
  statuses: ReadonlyMap<AccountId, AccountStatus>;
  settings: Settings;
  systemLanguage: string;
  keyring: 'os' | 'plain';
  /** What is wrong with the profile itself; what may be put away is. */
  notices: readonly Notice[];
  /** Where a Shift selection starts. */
  anchor: MessageKey | null;
  dialog: DialogState | null;
}

/** The store of the window. Change it through the functions of `state/`, not from a component. */
export const useApp = create<AppState>()(() => ({
  ready: false,
  version: '',
  accounts: [],
  mailboxes: [],
  drafts: [],
  outbox: [],
  waiting: [],
  view: { kind: 'inboxes' },
  order: null,
  rows: new Map(),
  selected: new Set<MessageKey>(),
  cursor: null,
  statuses: new Map(),
  settings: {
    theme: 'system',
    density: 'comfortable',
    language: 'system',
    wireDock: false,
    wireExplain: true,
  },
  systemLanguage: 'en',
  keyring: 'os',
  notices: [],
  anchor: null,
  dialog: null,
}));

/** Puts a notice away until the next start. */
export function dismissNotice(notice: Notice): void {
  useApp.setState((state) => ({ notices: state.notices.filter((one) => one !== notice) }));
}

/** Opens a dialog, or closes the one that is open. */
export function showDialog(dialog: DialogState | null): void {
  useApp.setState({ dialog });
}
