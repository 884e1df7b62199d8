import { useEffect } from 'react';
import { run } from '../state/commands.ts';
import { useOverlays } from '../state/overlays.ts';

/** Keys that work anywhere but in a field. Physical keys, so that a Russian layout keeps them. */
const keys: Readonly<Record<string, string>> = {
  KeyC: 'message.new',
  KeyR: 'message.reply',
  KeyA: 'message.replyAll',
  KeyF: 'message.forward',
  KeyS: 'message.flag',
  KeyU: 'message.toggleRead',
  KeyT: 'message.tags',
  Slash: 'search.focus',
  KeyJ: 'message.next',
  KeyK: 'message.previous',
  Delete: 'message.delete',
};

/** With Ctrl+Shift, also while something is being typed. */
const shifted: Readonly<Record<string, string>> = {
  KeyL: 'wire.toggle',
  KeyM: 'message.move',
  KeyC: 'message.copy',
  KeyH: 'changes.history',
  KeyO: 'changes.waiting',
};

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target instanceof HTMLTextAreaElement ||
      target instanceof HTMLSelectElement ||
      (target instanceof HTMLInputElement && target.type !== 'checkbox'))
  );
}

/** On a button, a tab or a link Space already means to press it. */
function pressesSomething(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest('button, a, input, [role="tab"], [role="treeitem"]') !== null
  );
}

/** The command that a key stands for, if any. */
function commandOf(event: KeyboardEvent): string | undefined {
  const control = event.ctrlKey || event.metaKey;
  if (event.code === 'F6') return event.shiftKey ? 'view.previousPane' : 'view.nextPane';
  if (control && event.shiftKey) {
    const command = shifted[event.code];
    if (command !== undefined) return command;
  }
  if (control && event.code === 'Comma') return 'settings.open';
  if (control && !event.shiftKey && event.code === 'KeyF') return 'search.focus';
  if (control && !event.shiftKey && event.code === 'KeyZ' && !isTyping(event.target)) return 'message.undo';
  if (control || event.altKey || isTyping(event.target)) return undefined;
  if (event.code === 'Space' && !pressesSomething(event.target))
    return event.shiftKey ? 'letter.up' : 'letter.down';
  if (event.key === '?') return 'help.shortcuts';
  return event.shiftKey ? undefined : keys[event.code];
}

/** Listens for the keys of the main window while no dialog or menu is open. */
export function useShortcuts(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || useOverlays.getState().count > 0) return;
      const command = commandOf(event);
      if (command === undefined) return;
      event.preventDefault();
      run(command);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
