import { decodeWords } from '../../mail/encoded-word.ts';
import type { WireLine } from '../line.ts';
import { join, quoted, t, type Text } from './explanation.ts';

/** Bytes of a block that a transcript keeps. */
const KEPT = 4096;

/** What can be said of a letter or a header by looking at its beginning. */
export function letter(block: WireLine): Text {
  const header = block.text.split(/\r?\n\r?\n/u)[0] ?? '';
  const subject = /^Subject:[ \t]*(.*(?:\r?\n[ \t].*)*)/imu.exec(header)?.[1]?.replace(/\r?\n/gu, '').trim();
  return join([
    subject === undefined || subject === ''
      ? undefined
      : join([t('Its subject: ', 'Тема: '), quoted(decodeWords(subject)), t('.', '.')], ''),
    block.bytes > KEPT ? t('Only its beginning is kept here.', 'Здесь сохранено только начало.') : undefined,
  ]);
}
