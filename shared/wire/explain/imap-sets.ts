import { t, type Text } from './explanation.ts';

/** Message numbers or UIDs of a command (RFC 9051 section 9, sequence-set) as the object of a verb. */
export function which(set: string, uid: boolean): Text {
  const by = uid ? t(' (by UID)', ' (по UID)') : t('', '');
  const say = (en: string, ru: string) => t(`${en}${by.en}`, `${ru}${by.ru}`);
  if (set === '$') return t('what the last search found', 'найденное последним поиском');
  if (set === '1:*') return say('all messages', 'все письма');
  if (set === '*') return say('the last message', 'последнее письмо');
  const single = /^\d+$/u.exec(set);
  if (single)
    return uid
      ? t(`the message with UID ${set}`, `письмо с UID ${set}`)
      : t(`message ${set}`, `письмо ${set}`);
  const open = /^(\d+):\*$/u.exec(set);
  if (open) return say(`the messages from ${open[1]} on`, `письма начиная с ${open[1]}`);
  const range = /^(\d+):(\d+)$/u.exec(set);
  if (range) return say(`messages ${range[1]} to ${range[2]}`, `письма ${range[1]}–${range[2]}`);
  return say(`messages ${numbers(set)}`, `письма ${numbers(set)}`);
}

/** A set as it is read: `1, 3, 5–9`; cut when it is long. */
export function numbers(set: string): string {
  const parts = set.split(',');
  const shown = parts.slice(0, 12).map((part) => part.replace(':', '–'));
  return shown.join(', ') + (parts.length > 12 ? ', …' : '');
}

/** How many messages a set names, if it can be counted. */
export function countOf(set: string): number | undefined {
  let total = 0;
  for (const part of set.split(',')) {
    const range = /^(\d+)(?::(\d+))?$/u.exec(part);
    if (!range) return undefined;
    total += Math.abs(Number(range[2] ?? range[1]) - Number(range[1])) + 1;
  }
  return total;
}
