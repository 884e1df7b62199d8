import type { Language } from '../../model/language.ts';

/** What one line of a transcript means, for a curious person. */
export interface Explanation {
  /** One or two sentences. */
  text: string;
  /** Where it is written down. */
  rfc?: Rfc;
  /**
   * Of what a server says, and of our notes: `ok`, it was done; `refused`, it will not be done; `failed`, not now, or the
   * connection broke; `info`, neither.
   */
  outcome?: 'ok' | 'refused' | 'failed' | 'info';
  /** What a person could do about it. */
  hint?: string;
  /** The `seq` of the line that this one answers. */
  answers?: number;
  /** False when the line is not understood and the text says so. */
  specific: boolean;
}

export interface Rfc {
  number: number;
  /** Empty where the whole of it is meant. */
  section: string;
}

/** The same words in every language of the program, so that none can be missing. */
export type Text = Readonly<Record<Language, string>>;

/** An explanation before a language is chosen. */
export interface Told {
  text: Text;
  rfc?: Rfc;
  outcome?: NonNullable<Explanation['outcome']>;
  hint?: Text;
  answers?: number | undefined;
  /** True where the line is not understood. */
  vague?: true;
}

/** A row of a table of words: English, Russian, and where it is written down. */
export type Row = readonly [en: string, ru: string, rfc?: number, section?: string];

export const t = (en: string, ru: string): Text => ({ en, ru });
export const rfc = (number: number, section: string): Rfc => ({ number, section });

/** Sentences one after another; what is empty is left out. */
export function join(parts: readonly (Text | undefined)[], between = ' '): Text {
  const of = (language: Language) =>
    parts
      .map((part) => part?.[language] ?? '')
      .filter((part) => part !== '')
      .join(between);
  return { en: of('en'), ru: of('ru') };
}

export const commas = (parts: readonly Text[]): Text => join(parts, ', ');

/** `{0}`, `{1}`… in a row's words are filled. */
export function fill(row: Row, ...values: (Text | string | number)[]): Told {
  const [en, ru, number, section] = row;
  const put = (text: string, language: Language) =>
    text.replace(/\{(\d)\}/gu, (_all, index: string) => {
      const value = values[Number(index)] ?? '';
      return typeof value === 'object' ? value[language] : String(value);
    });
  return {
    text: { en: put(en, 'en'), ru: put(ru, 'ru') },
    ...(number === undefined ? {} : { rfc: { number, section: section ?? '' } }),
  };
}

/** For a reader who comes in the middle of a dialogue. */
export const beforeUs: Told = {
  text: t(
    'An answer to something that was said before the lines at hand begin.',
    'Ответ на то, что было сказано раньше имеющихся строк.',
  ),
  outcome: 'info',
  vague: true,
};

/** Characters of an explanation; only what is made to be long gets there. */
const LONGEST = 4000;

export function explanationOf(told: Told, language: Language): Explanation {
  const { text, hint, answers, vague, rfc: written, outcome } = told;
  const words = text[language];
  return {
    text: words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words,
    ...(written === undefined ? {} : { rfc: written }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(hint === undefined ? {} : { hint: hint[language] }),
    ...(answers === undefined ? {} : { answers }),
    specific: vague !== true,
  };
}

/** A value out of a line, in quotes; cut when it is long. */
export function quoted(value: string, limit = 80): Text {
  const short = value.length > limit ? `${value.slice(0, limit)}…` : value;
  return t(`“${short}”`, `«${short}»`);
}

/** A number with its noun: `one`, `few` and `many` are the Russian forms, with the same number. */
export function count(
  value: number,
  en: readonly [string, string],
  ru: readonly [string, string, string],
): Text {
  const tens = value % 100;
  const ones = value % 10;
  const form = tens > 10 && tens < 20 ? 2 : ones === 1 ? 0 : ones > 1 && ones < 5 ? 1 : 2;
  return t(`${value} ${value === 1 ? en[0] : en[1]}`, `${value} ${ru[form]}`);
}

export const messages = (value: number): Text =>
  count(value, ['message', 'messages'], ['письмо', 'письма', 'писем']);

/** A size for people; exact below a kilobyte. */
export function size(bytes: number): Text {
  if (!Number.isFinite(bytes)) return t('of unknown size', 'неизвестного размера');
  if (bytes < 1024) return count(bytes, ['byte', 'bytes'], ['байт', 'байта', 'байт']);
  const [value, en, ru] =
    bytes < 1024 * 1024
      ? [bytes / 1024, 'KB', 'КБ']
      : bytes < 1024 ** 3
        ? [bytes / 1024 ** 2, 'MB', 'МБ']
        : [bytes / 1024 ** 3, 'GB', 'ГБ'];
  const digits = value < 10 ? value.toFixed(1) : String(Math.round(value));
  return t(`${digits} ${en}`, `${digits.replace('.', ',')} ${ru}`);
}
