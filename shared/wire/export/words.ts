import type { Language } from '../../model/language.ts';
import type { TranscriptInfo } from '../transcript.ts';

const WORDS = {
  en: {
    title: (info: TranscriptInfo) => `${info.protocol.toUpperCase()} with ${info.host}`,
    security: { tls: 'TLS', starttls: 'TLS by STARTTLS', none: 'clear text' },
    opened: 'opened',
    closed: 'closed',
    open: 'still open',
    cut: 'cut off: the program ended first',
    bytes: (given: number, taken: number) => `${given} bytes sent, ${taken} received`,
    block: (bytes: number) => `[${bytes} bytes]`,
    rest: (bytes: number) => `[… ${bytes} bytes in all]`,
    hidden: 'Passwords are replaced by •••••••• and were never written down.',
    damaged: (count: number) => `${count} records of this transcript could not be read.`,
  },
  ru: {
    title: (info: TranscriptInfo) => `${info.protocol.toUpperCase()} с ${info.host}`,
    security: { tls: 'TLS', starttls: 'TLS через STARTTLS', none: 'без шифрования' },
    opened: 'открыто',
    closed: 'закрыто',
    open: 'ещё открыто',
    cut: 'оборвано: программа завершилась раньше',
    bytes: (given: number, taken: number) => `отправлено байт: ${given}, получено: ${taken}`,
    block: (bytes: number) => `[байт: ${bytes}]`,
    rest: (bytes: number) => `[… всего байт: ${bytes}]`,
    hidden: 'Пароли заменены на •••••••• и нигде не записаны.',
    damaged: (count: number) => `Не удалось прочесть записей: ${count}.`,
  },
} as const;

export const wordsOf = (language: Language) => WORDS[language];

/** What stands above the lines of a transcript, a line each. */
export function headingOf(info: TranscriptInfo, damaged: number, language: Language): string[] {
  const words = WORDS[language];
  const end = info.closed === undefined ? words[info.state] : `${words.closed} ${stamp(info.closed)}`;
  return [
    `${words.title(info)} — ${info.session}`,
    [`${info.host}:${info.port}`, words.security[info.security], info.email, info.purpose]
      .filter((part) => part !== '')
      .join(', '),
    `${words.opened} ${stamp(info.opened)}, ${end}`,
    ...(info.bytesOut === undefined || info.bytesIn === undefined
      ? []
      : [words.bytes(info.bytesOut, info.bytesIn)]),
    words.hidden,
    ...(damaged > 0 ? [words.damaged(damaged)] : []),
  ];
}

const pad = (value: number, width = 2) => String(value).padStart(width, '0');

/** Local date and time with the distance from UTC: an export is read elsewhere. */
function stamp(at: number): string {
  const date = new Date(at);
  const minutes = -date.getTimezoneOffset();
  const zone = `${minutes < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(minutes) / 60))}:${pad(Math.abs(minutes) % 60)}`;
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${clock(at)} ${zone}`;
}

/** Local time of day. */
export function clock(at: number): string {
  const date = new Date(at);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`;
}

/**
 * Makes visible what would act on a terminal or turn the reading direction: a server writes what it likes,
 * and a transcript is printed. Tabs and line feeds stay where `keep` says so.
 */
export function harmless(text: string, keep = ''): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    if (keep.includes(character)) return character;
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    return code === 0x7f ? '\u2421' : `\\u{${code.toString(16)}}`;
  });
}
