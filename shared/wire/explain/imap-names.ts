import { commas, fill, quoted, t, type Row, type Text } from './explanation.ts';
import { itemsOf, textOf, type Node } from './imap-parse.ts';
import { mailboxName } from './mailbox-name.ts';

/** What the status of a mailbox is asked for (RFC 9051 section 6.3.11). */
const STATUS: Record<string, Row> = {
  MESSAGES: ['the number of messages', 'число писем'],
  UNSEEN: ['the number of unread', 'число непрочитанных'],
  RECENT: ['the number of new to this session', 'число новых для сеанса'],
  DELETED: ['the number of marked for deletion', 'число помеченных на удаление'],
  UIDNEXT: ['the next UID', 'следующий UID'],
  UIDVALIDITY: ['the number that UIDs depend on', 'число, от которого зависят UID'],
  HIGHESTMODSEQ: ['the number of the latest change', 'номер последнего изменения'],
  SIZE: ['the size', 'размер'],
  MAILBOXID: ['the lasting name', 'постоянное имя'],
  APPENDLIMIT: ['the largest message', 'наибольшее письмо'],
  'DELETED-STORAGE': ['how much deleting would free', 'сколько освободит удаление'],
};
export const statusItem = (name: string): Text => {
  const row = STATUS[name.toUpperCase()];
  return row ? fill(row).text : quoted(name);
};

export const named = (node: Node | undefined): Text =>
  node?.kind === 'literal' ? t('what follows', 'то, что дальше') : quoted(mailboxName(textOf(node)));

/** Field and value pairs of ID. */
export function pairs(node: Node): Text {
  const items = itemsOf(node);
  const words: Text[] = [];
  for (let at = 0; at + 1 < items.length; at += 2)
    words.push(
      t(`${textOf(items[at])} “${textOf(items[at + 1])}”`, `${textOf(items[at])} «${textOf(items[at + 1])}»`),
    );
  return commas(words);
}
