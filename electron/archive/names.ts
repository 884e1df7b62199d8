/** Bytes of a subject in a file name; no file system takes more than 255 in all. */
const LONGEST = 150;

/**
 * Names for the letters of a folder, each used once: when the letter came (UTC), a number among those of the same second,
 * and its subject. In the order of their names they are in the order of the calls, as far as the dates are.
 */
export class LetterNames {
  readonly #used = new Map<string, number>();

  /** @param date ms since the epoch */
  next(date: number, subject: string): string {
    const time = new Date(date);
    const when = (Number.isNaN(time.getTime()) ? new Date(0) : time)
      .toISOString()
      .replace(/\.\d+Z$/u, '')
      .replace('T', ' ')
      .replaceAll(':', '.');
    const count = this.#used.get(when) ?? 0;
    this.#used.set(when, count + 1);
    const number = count === 0 ? '' : `-${String(count).padStart(6, '0')}`;
    const words = wordsOf(subject);
    // Always a space: it sorts before the number.
    return `${when}${number} ${words || 'no subject'}.eml`;
  }
}

/** What is left of a subject that no file system objects to: no paths, control or bidi characters, no end in a dot. */
function wordsOf(subject: string): string {
  const plain = subject
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}<>:"/\\|?*\uFFFD]/gu, '_')
    .replace(/\s+/gu, ' ')
    .trim();
  let words = '';
  for (const character of plain) {
    if (Buffer.byteLength(words) + Buffer.byteLength(character) > LONGEST) break;
    words += character;
  }
  return words.replace(/[.\s]+$/u, '');
}
