/** `MASK` of `shared/wire/line.ts`, again: a value from there would bring its whole schema library along. A test keeps both alike. */
export const MASK = '\u2022'.repeat(8);
