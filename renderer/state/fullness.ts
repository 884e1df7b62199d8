import type { Result } from '../../shared/contract/requests.ts';

export type Quotas = NonNullable<Result<'account.quota'>>;

/** From here on a person is told, in per cent. */
export const ALMOST_FULL = 90;
/** How full the fullest of the limits is, in per cent; undefined where there is none. */
export function fullness(quotas: Quotas): number | undefined {
  const parts = quotas
    .flatMap((one) => [one.storage, one.messages])
    .flatMap((one) => (one && one.limit > 0 ? [(one.used / one.limit) * 100] : []));
  return parts.length === 0 ? undefined : Math.floor(Math.max(...parts));
}
