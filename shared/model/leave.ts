import { z } from 'zod';

/** Hours in a hundred years. */
const LONGEST = 876_000;

/**
 * POP3: how long a message stays on the server once it is durably stored here. `never`: not at all; `until-deleted`: until
 * it is deleted here for good; `hours`: so many hours after it was collected; `bytes`: as long as the mailbox on the server
 * is no larger, what was collected first goes first. Older settings were true and false.
 */
export const LeavePolicy = z.preprocess(
  (given) => (given === true ? 'forever' : given === false ? 'never' : given),
  z.union([
    z.enum(['forever', 'never', 'until-deleted']),
    z.object({ hours: z.number().int().min(1).max(LONGEST) }),
    z.object({ bytes: z.number().int().min(0) }),
  ]),
);
export type LeavePolicy = z.infer<typeof LeavePolicy>;

const UNITS: Record<string, number> = { K: 1e3, M: 1e6, G: 1e9 };

/**
 * Reads a policy as a person writes it: `forever`, `never`, `until-deleted`, `14` or `14d12h` after it was collected,
 * `until-size:500M`. @returns undefined when it is none
 */
export function parseLeave(text: string): LeavePolicy | undefined {
  const days = /^(?:(\d{1,6})d?)?(?:(\d{1,6})h)?$/u.exec(text);
  if (days && text !== '')
    return LeavePolicy.safeParse({ hours: Number(days[1] ?? 0) * 24 + Number(days[2] ?? 0) }).data;
  const bytes = text.startsWith('until-size:') ? parseSize(text.slice(11)) : undefined;
  if (bytes !== undefined) return { bytes };
  const word = LeavePolicy.safeParse(text);
  return word.success ? word.data : undefined;
}

/** As a person writes it; `parseLeave` reads it back. */
export function leaveText(policy: LeavePolicy): string {
  if (typeof policy === 'string') return policy;
  if ('bytes' in policy) return `until-size:${sizeText(policy.bytes)}`;
  const [days, hours] = [Math.floor(policy.hours / 24), policy.hours % 24];
  return `${days > 0 ? `${days}d` : ''}${hours > 0 || days === 0 ? `${hours}h` : ''}`;
}

/** Reads `1234`, `500K`, `500M`, `2G`; bytes. */
export function parseSize(text: string): number | undefined {
  const found = /^(\d{1,12})([KMG]?)$/iu.exec(text);
  return found ? Number(found[1]) * (UNITS[(found[2] ?? '').toUpperCase()] ?? 1) : undefined;
}

/** As `parseSize` reads it. */
export function sizeText(bytes: number): string {
  const unit = ['G', 'M', 'K'].find((one) => bytes > 0 && bytes % (UNITS[one] ?? 1) === 0);
  return unit === undefined ? String(bytes) : `${bytes / (UNITS[unit] ?? 1)}${unit}`;
}
