import type { FailureCode } from '../../shared/model/failure.ts';
import { failureOf } from '../../shared/contract/mail-error.ts';

const TROUBLE = new Set<FailureCode | undefined>(['disk-full', 'disk-error', 'too-many-files']);

/** What fails on this computer, whatever the server or the letter is like, until there is room again. */
export function isTrouble(code: FailureCode | undefined): boolean {
  return TROUBLE.has(code);
}

/** The code of such a failure; nothing of any other. */
export function troubleOf(thrown: unknown): FailureCode | undefined {
  const { code } = failureOf(thrown);
  return isTrouble(code) ? code : undefined;
}
