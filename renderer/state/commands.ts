import type { MessageKey } from '../../shared/model/ids.ts';
import { bridge } from '../bridge.ts';
import { deleteMessages, toggleFlag } from './message-actions.ts';
import { ask } from './request.ts';
import { moveCursor, openedKey } from './select.ts';
import { toggleTree } from './layout.ts';
import { updateSettings } from './settings.ts';
import { showDialog, useApp } from './store.ts';
import { nextPane } from './panes.ts';
import { undoNewest } from './deeds.ts';

const selection = () => [...useApp.getState().selected];

function answer(kind: 'reply' | 'reply-all' | 'forward'): void {
  const message = openedKey(useApp.getState());
  if (message !== null) void ask('compose.answer', { message, kind });
}

function newMessage(): void {
  const { view, mailboxes, accounts } = useApp.getState();
  const box = view.kind === 'mailbox' ? mailboxes.find((one) => one.id === view.mailbox) : undefined;
  const account = box?.account ?? accounts[0]?.id;
  if (account) void ask('compose.new', { account });
}

function withSelection(act: (ids: readonly MessageKey[]) => void): void {
  const ids = selection();
  if (ids.length > 0) act(ids);
}

/** Beside the mailbox that is open. */
function newMailbox(): void {
  const { view, mailboxes, accounts } = useApp.getState();
  const box = view.kind === 'mailbox' ? mailboxes.find((one) => one.id === view.mailbox) : undefined;
  const account = box?.account ?? accounts[0]?.id;
  if (account) showDialog({ kind: 'new-mailbox', account });
}

function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>('[data-testid="search-field"]');
  field?.focus();
  field?.select();
}

/** Every command by the name that the application menu and the keys know it by. */
const commands: Readonly<Record<string, () => void>> = {
  'message.new': newMessage,
  'message.reply': () => answer('reply'),
  'message.replyAll': () => answer('reply-all'),
  'message.forward': () => answer('forward'),
  'message.delete': () => void deleteMessages(selection()),
  'message.flag': () => void toggleFlag(selection(), 'flagged'),
  'message.toggleRead': () => void toggleFlag(selection(), 'seen'),
  'message.undo': () => void undoNewest(),
  'message.move': () => withSelection((ids) => showDialog({ kind: 'move', ids })),
  'message.copy': () => withSelection((ids) => showDialog({ kind: 'move', ids, copy: true })),
  'message.tags': () => withSelection((ids) => showDialog({ kind: 'tags', ids })),
  'changes.waiting': () => showDialog({ kind: 'waiting' }),
  'changes.history': () => showDialog({ kind: 'history' }),
  'mailbox.new': newMailbox,
  'search.focus': focusSearch,
  'message.next': () => moveCursor(1),
  'message.previous': () => moveCursor(-1),
  'wire.toggle': () => void updateSettings({ wireDock: !useApp.getState().settings.wireDock }),
  'account.add': () => showDialog({ kind: 'add-account' }),
  'practice.start': () => void ask('practice.start', undefined),
  'settings.open': () => showDialog({ kind: 'settings' }),
  'help.shortcuts': () => showDialog({ kind: 'shortcuts' }),
  'view.mailboxes': toggleTree,
  'letter.down': () => void bridge.request('view.scroll', { pages: 1 }),
  'letter.up': () => void bridge.request('view.scroll', { pages: -1 }),
  'view.nextPane': () => nextPane(1),
  'view.previousPane': () => nextPane(-1),
};

/** Runs a command by name; an unknown name is ignored, since a newer main may know more. */
export function run(name: string): void {
  commands[name]?.();
}
