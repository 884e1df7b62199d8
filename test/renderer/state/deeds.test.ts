import { beforeEach, describe, expect, it } from 'vitest';
import type { Deed } from '../../../shared/model/operation.ts';
import { newestToUndo } from '../../../renderer/state/undoable.ts';
import { aboutWords, capital, doingWords } from '../../../renderer/text/deed-words.ts';
import { startText, type Say } from '../../../renderer/text/text.ts';
import i18next from 'i18next';

const say = ((key: string, values: Record<string, unknown>) => i18next.t(key, values)) as unknown as Say;

const deed = (id: number, change: Partial<Deed> = {}): Deed => ({
  id,
  kind: 'move',
  made: 0,
  messages: 3,
  subject: 'Смета',
  from: 'INBOX',
  to: 'Archive',
  undone: false,
  ...change,
});

describe('the newest deed to undo', () => {
  it('is neither undone, nor for good, nor the program’s own', () => {
    const deeds = [
      deed(5, { undone: true }),
      deed(4, { kind: 'remove' }),
      deed(3, { kind: 'flag', set: ['seen'] }),
      deed(2),
      deed(1),
    ];
    expect(newestToUndo(deeds, new Set([3]))?.id).toBe(2);
    expect(newestToUndo(deeds, new Set())?.id).toBe(3);
    expect(newestToUndo([], new Set())).toBeUndefined();
  });
});

describe('deeds in words', () => {
  beforeEach(() => startText('en'));

  it('say what, of what and where', () => {
    expect(capital(doingWords(deed(1), say))).toBe('Move to Archive');
    expect(aboutWords(deed(1), say, 'en')).toBe('“Смета” and 2 more, in Inbox');
    expect(doingWords({ kind: 'flag', set: ['seen', 'Work'], clear: ['flagged'] }, say)).toBe(
      'mark as read, tag “Work”, remove the flag',
    );
    expect(doingWords({ kind: 'create', from: 'Lists/New' }, say)).toBe('new mailbox “Lists/New”');
  });

  it('say it in Russian', () => {
    startText('ru');
    expect(capital(doingWords(deed(1), say))).toBe('Перемещение в «Archive»');
    expect(aboutWords(deed(1), say, 'ru')).toBe('«Смета» и ещё 2, папка «Входящие»');
    expect(say('waiting.count', { count: 3, shown: '3' })).toBe('3 изменения ждут сервера');
    expect(say('waiting.count', { count: 5, shown: '5' })).toBe('5 изменений ждут сервера');
    expect(say('waiting.count', { count: 21, shown: '21' })).toBe('21 изменение ждёт сервера');
  });
});
