import type { z } from 'zod';
import { failureOf } from '../../shared/contract/mail-error.ts';
import type { Failure } from '../../shared/model/failure.ts';

export type Answer = { ok: true; result: unknown } | { ok: false; failure: Failure };

/**
 * Runs one request from outside: its name is in the table and its argument fits the schema, or nothing runs.
 * Never rejects: an error is an answer. @param more what the handler gets besides, known by this side alone
 */
export async function dispatch(
  table: Readonly<Record<string, { argument: z.ZodType }>>,
  handlers: object,
  name: unknown,
  argument: unknown,
  ...more: unknown[]
): Promise<Answer> {
  const shape = typeof name === 'string' && Object.hasOwn(table, name) ? table[name] : undefined;
  if (!shape) return refused('there is no such request');
  const checked = shape.argument.safeParse(argument);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    return refused(
      `${String(name)}: ${issue ? `${issue.path.join('.')}: ${issue.message}` : 'wrong argument'}`,
    );
  }
  try {
    const run = (handlers as Record<string, (...given: unknown[]) => Promise<unknown>>)[String(name)];
    if (!run) return refused('nothing answers this request');
    return { ok: true, result: await run(checked.data, ...more) };
  } catch (thrown) {
    return { ok: false, failure: failureOf(thrown) };
  }
}

export function refused(detail: string): Answer {
  return { ok: false, failure: { code: 'bad-request', detail } };
}
