export const MONTHS = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
] as const;
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

/** A date-time as in header fields (RFC 5322, section 3.3), written for a zone so many hours east of UTC. */
export function formatDate(date: Date, zoneHours = 0): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  const local = new Date(date.getTime() + zoneHours * 3_600_000);
  const time = [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()].map(two).join(':');
  const day = `${DAYS[local.getUTCDay()]}, ${local.getUTCDate()} ${MONTHS[local.getUTCMonth()]} ${local.getUTCFullYear()}`;
  return `${day} ${time} ${zoneHours < 0 ? '-' : '+'}${two(Math.abs(zoneHours))}00`;
}
