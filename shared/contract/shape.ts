import type { z } from 'zod';

/** One request: what it takes, what it gives back. Both are schemas; main checks the argument before anything runs. */
interface RequestShape {
  argument: z.ZodType;
  result: z.ZodType;
}

/** Joins the parts of the contract; a name used twice is a mistake found at start. */
export function join<const T extends Record<string, RequestShape>[]>(
  ...parts: T
): UnionToIntersection<T[number]> {
  const all: Record<string, unknown> = {};
  for (const part of parts) {
    for (const [name, shape] of Object.entries(part)) {
      if (name in all) throw new Error(`contract: "${name}" is defined twice`);
      all[name] = shape;
    }
  }
  return all as UnionToIntersection<T[number]>;
}

type UnionToIntersection<U> = (U extends unknown ? (x: U) => void : never) extends (x: infer I) => void
  ? I
  : never;
