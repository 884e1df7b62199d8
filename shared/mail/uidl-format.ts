/**
 * Servers that keep one mailbox for POP3 and IMAP mostly make the UIDL (RFC 1939 section 7) out of the UID and the UIDVALIDITY
 * (RFC 9051 section 2.3.1.1). Nothing obliges them to: what is read here is a guess that has to be verified.
 */
export interface UidlPlace {
  uid: number;
  /** Absent where the UIDL tells the UID alone. */
  uidValidity?: number;
}

const LARGEST = 0xffffffff;

/** The places that a UIDL may be telling of, the likeliest first: Dovecot's `%08Xu%08Xv`, then `%v.%u`, `UID%u-%v` and `%u`. */
export function placesOfUidl(uidl: string): UidlPlace[] {
  const hex = /^([0-9a-f]{8})([0-9a-f]{8})$/iu.exec(uidl);
  if (hex) return valid(Number.parseInt(hex[1] ?? '', 16), Number.parseInt(hex[2] ?? '', 16));
  const dotted = /^(\d{1,10})\.(\d{1,10})$/u.exec(uidl);
  if (dotted) return valid(Number(dotted[2]), Number(dotted[1]));
  const named = /^UID(\d{1,10})-(\d{1,10})$/u.exec(uidl);
  if (named) return valid(Number(named[1]), Number(named[2]));
  return /^\d{1,10}$/u.test(uidl) ? valid(Number(uidl)) : [];
}

function valid(uid: number, uidValidity?: number): UidlPlace[] {
  const fits = (number: number) => number >= 1 && number <= LARGEST;
  if (!fits(uid) || (uidValidity !== undefined && !fits(uidValidity))) return [];
  return [{ uid, ...(uidValidity === undefined ? {} : { uidValidity }) }];
}
