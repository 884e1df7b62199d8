import type { CharsetEncoder } from '../mail/encode.ts';

// The Cyrillic letters of both charsets in the order of their octets, from 0xC0; and the few other
// characters that letters in Russian need.

const KOI8_R_FROM_C0 = 'юабцдефгхийклмнопярстужвьызшэщчъЮАБЦДЕФГХИЙКЛМНОПЯРСТУЖВЬЫЗШЭЩЧЪ';
const WINDOWS_1251_FROM_C0 = 'АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя';

/** KOI8-R (RFC 1489). */
export const KOI8_R: CharsetEncoder = tableEncoder('KOI8-R', KOI8_R_FROM_C0, {
  ё: 0xa3,
  Ё: 0xb3,
  '\u00a0': 0x9a,
});

export const WINDOWS_1251: CharsetEncoder = tableEncoder('windows-1251', WINDOWS_1251_FROM_C0, {
  ё: 0xb8,
  Ё: 0xa8,
  '№': 0xb9,
  '«': 0xab,
  '»': 0xbb,
  '–': 0x96,
  '—': 0x97,
  '…': 0x85,
  '\u00a0': 0xa0,
});

function tableEncoder(
  name: string,
  fromC0: string,
  others: Readonly<Record<string, number>>,
): CharsetEncoder {
  const octets = new Map<string, number>(Object.entries(others));
  Array.from(fromC0).forEach((letter, index) => octets.set(letter, 0xc0 + index));
  return {
    name,
    encode: (text) =>
      Uint8Array.from(text, (char) => {
        const code = char.charCodeAt(0);
        const octet = code < 0x80 ? code : octets.get(char);
        if (octet === undefined) throw new Error(`${name} has no ${char}`);
        return octet;
      }),
  };
}
