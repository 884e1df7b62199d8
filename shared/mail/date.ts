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
/** No date is longer, comments included; what follows is not looked at. */
const LIMIT = 500;

/**
 * A Date field (RFC 5322 section 3.3 and its obsolete forms).
 * @returns ms since the epoch, or undefined when it makes no sense
 */
export function parseDate(field: string): number | undefined {
  let text = field.slice(0, LIMIT);
  // Comments may hold comments (RFC 5322 section 3.2.2): the inner ones go first.
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replace(/\([^()]*\)/gu, ' ');
  }
  const match =
    /(\d{1,2})[\s-]+([a-z]{3})[a-z]*[\s-]+(\d{2,4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*([+-]\d{4}|[a-z]{1,5})?/iu.exec(
      text,
    );
  if (!match) return undefined;
  const month = MONTHS.indexOf((match[2] ?? '').toLowerCase());
  if (month < 0) return undefined;
  const [day = 0, hour = 0, minute = 0, second = 0] = [1, 4, 5, 6].map((group) => Number(match[group] ?? 0));
  let year = Number(match[3]);
  if (match[3]?.length === 2 && year < 50) year += 2000;
  else if (match[3] && match[3].length < 4) year += 1900;
  const zone = match[7] ?? '';
  const offset = /^[+-]\d{4}$/u.test(zone)
    ? (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3)))
    : (ZONES[zone.toLowerCase()] ?? 0);
  // JavaScript would make the 3rd of March of the 31st of February.
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  if (day === 0 || day > lastDay || hour > 23 || minute > 59 || second > 60) return undefined;
  const time = Date.UTC(year, month, day, hour, minute, second) - offset * 60_000;
  return time >= FIRST ? time : undefined;
}
