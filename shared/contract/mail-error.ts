import type { Failure, FailureCode } from '../model/failure.ts';

/** The one error of the program that a person sees: a code for the sentence, and the server's own words. */
export class MailError extends Error {
  readonly failure: Failure;
  constructor(code: FailureCode, detail: string, more: Omit<Failure, 'code' | 'detail'> = {}) {
    super(detail === '' ? code : `${code}: ${detail}`);
    this.name = 'MailError';
    this.failure = { code, detail, ...more };
  }
}

/** What to tell about any thrown thing. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof MailError) return thrown.failure;
  return { code: 'internal', detail: thrown instanceof Error ? thrown.message : String(thrown) };
}
