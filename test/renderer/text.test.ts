import { describe, expect, it } from 'vitest';
import { en } from '../../renderer/text/en.ts';
import { ru } from '../../renderer/text/ru.ts';
import { failureText, isFromOtherSide } from '../../shared/text/failure.ts';
import { size } from '../../renderer/text/format.ts';

const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/gu)].map((match) => match[1] ?? '');

describe('the two languages', () => {
  it('name no value in Russian that the English does not know', () => {
    const plural = /_(one|few|many|other)$/u;
    const known = new Map<string, Set<string>>();
    for (const [key, text] of Object.entries(en)) {
      const base = key.replace(plural, '');
      const set = known.get(base) ?? new Set(['count']);
      for (const hole of holes(text)) set.add(hole);
      known.set(base, set);
    }
    const strangers: string[] = [];
    for (const [key, text] of Object.entries(ru)) {
      for (const hole of holes(text)) {
        if (!known.get(key.replace(plural, ''))?.has(hole)) strangers.push(`${key}: ${hole}`);
      }
    }
    expect(strangers).toEqual([]);
  });

  it('say of a failure what happened, what it means and what to do', () => {
    for (const language of ['en', 'ru'] as const) {
      const text = failureText(
        { code: 'wrong-password', detail: '', host: 'imap.example.org', port: 993 },
        language,
      );
      expect(text.means).toContain('imap.example.org:993');
      expect(text.what && text.todo).not.toBe('');
    }
  });
});

describe('size', () => {
  it.each([
    [0, '0\u00A0B'],
    [999, '999\u00A0B'],
    [9_800, '9.8\u00A0kB'],
    [337_000, '337\u00A0kB'],
    [26_214_400, '26.2\u00A0MB'],
  ])('writes %d', (bytes, expected) => expect(size(bytes, 'en')).toBe(expected));
});

describe('failureText', () => {
  const failure = { detail: '', host: 'mail.example.org', port: 993 };

  it('names the port where it matters, and not for a name that nobody answers to', () => {
    expect(failureText({ ...failure, code: 'refused' }, 'en').what).toContain('mail.example.org:993');
    expect(failureText({ ...failure, code: 'host-not-found' }, 'en').what).not.toContain('993');
  });

  it('tells the other side’s words from the system’s', () => {
    expect(isFromOtherSide({ ...failure, code: 'wrong-password' })).toBe(true);
    expect(isFromOtherSide({ ...failure, code: 'host-not-found' })).toBe(false);
  });
});
