const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const ZONES: Record<string, number> = {
  ut: 0,
  gmt: 0,
  z: 0,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
};
/** Nobody wrote e-mail before; a date before it is a mistake. */
const FIRST = Date.UTC(1971, 0, 1);

/**
 * A Date field (RFC 5322 section 3.3 and its obsolete forms).
 * @returns ms since the epoch, or undefined when it makes no sense
 */
export function parseDate(field: string): number | undefined {
  const text = field.replace(/\([^)]*\)/gu, ' ');
  const match =
    /(\d{1,2})[\s-]+([a-z]{3})[a-z]*[\s-]+(\d{2,4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*([+-]\d{4}|[a-z]{1,5})?/iu.exec(
      text,
    );
  if (!match) return undefined;
  const month = MONTHS.indexOf((match[2] ?? '').toLowerCase());
  if (month < 0) return undefined;
  let year = Number(match[3]);
  if (year < 50) year += 2000;
  else if (year < 1000) year += 1900;
  const zone = match[7] ?? '';
  const offset = /^[+-]\d{4}$/u.test(zone)
    ? (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3)))
    : (ZONES[zone.toLowerCase()] ?? 0);
  const at = Date.UTC(
    year,
    month,
    Number(match[1]),
    Number(match[4]),
    Number(match[5]),
    Number(match[6] ?? 0),
  );
  const time = at - offset * 60_000;
  return Number.isFinite(time) && time >= FIRST ? time : undefined;
}
