import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import type { AccountId } from '../../shared/model/ids.ts';
import type { ToastContent } from '../../renderer/state/toasts.ts';
import { startText } from '../../renderer/text/text.ts';
import { ToastView } from '../../renderer/ui/toasts.tsx';

// The toasts can undo, and so know the bridge; nothing is asked of it here.
vi.mock('../../renderer/bridge.ts', () => ({ bridge: { platform: 'linux' } }));

const shown = (language: 'en' | 'ru', content: ToastContent) => {
  startText(language);
  return renderToStaticMarkup(<ToastView toast={{ id: 1, content }} />).replaceAll(/<[^>]*>/gu, '');
};

describe('a refusal', () => {
  const refusal = (messages: number, kind: 'move' | 'create'): ToastContent => ({
    kind: 'refusal',
    refusal: { account: 'a' as AccountId, kind, messages, detail: 'NO [OVERQUOTA] Quota exceeded' },
  });

  it('says what was not done, that it is undone here, and the server’s words', () => {
    const text = shown('en', refusal(3, 'move'));
    expect(text).toContain('The server refused: not moved, 3 messages');
    expect(text).toContain('It is undone here. The server said: NO [OVERQUOTA] Quota exceeded');
    expect(shown('en', refusal(0, 'create'))).toContain('refused: mailbox not made');
  });

  it('says it in Russian, with the right plural', () => {
    expect(shown('ru', refusal(2, 'move'))).toContain('Сервер отказал: не перемещено, 2 письма');
    expect(shown('ru', refusal(5, 'move'))).toContain('5 писем');
  });
});

describe('a toast', () => {
  it('has an undo where there is something to undo', () => {
    const gone: ToastContent = { kind: 'mailbox-deleted', name: 'Old', gone: true, deeds: [] };
    expect(shown('en', gone)).toBe('Old is deleted for good');
    expect(shown('en', { ...gone, gone: false, deeds: [4] })).toBe('Old is in TrashUndo');
  });
});
