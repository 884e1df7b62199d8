import { commas, fill, quoted, t, type Row, type Text } from './explanation.ts';
import { textOf, type Node } from './imap-parse.ts';

/** Flags and keywords of messages (RFC 9051 section 2.3.2, RFC 5788 and the IANA registry of keywords). */
const FLAGS: Record<string, Row> = {
  '\\seen': ['read', 'прочитано'],
  '\\answered': ['answered', 'отвечено'],
  '\\flagged': ['starred', 'отмечено звёздочкой'],
  '\\deleted': ['marked for deletion', 'помечено на удаление'],
  '\\draft': ['a draft', 'черновик'],
  '\\recent': ['new to this session', 'новое для этого сеанса'],
  '\\*': ['any new ones may be made up', 'можно придумывать новые'],
  $forwarded: ['forwarded', 'переслано'],
  $mdnsent: ['its receipt was dealt with', 'об уведомлении о прочтении позаботились'],
  $junk: ['junk', 'спам'],
  junk: ['junk', 'спам'],
  $notjunk: ['not junk', 'не спам'],
  nonjunk: ['not junk', 'не спам'],
  $phishing: ['a fraud', 'мошенничество'],
  $important: ['important', 'важное'],
  $submitpending: ['about to be sent', 'готово к отправке'],
  $submitted: ['being sent', 'отправляется'],
};

/** Attributes of mailboxes (RFC 9051 section 7.3.1, RFC 6154 section 2). */
const ATTRIBUTES: Record<string, Row> = {
  '\\noselect': ['can’t be opened', 'открыть нельзя'],
  '\\nonexistent': ['does not exist itself', 'сам не существует'],
  '\\noinferiors': ['can’t hold other mailboxes', 'не может содержать другие ящики'],
  '\\haschildren': ['holds other mailboxes', 'содержит другие ящики'],
  '\\hasnochildren': ['holds no other mailboxes', 'других ящиков не содержит'],
  '\\marked': ['has something new', 'есть новое'],
  '\\unmarked': ['has nothing new', 'нового нет'],
  '\\subscribed': ['subscribed', 'есть подписка'],
  '\\remote': ['lies on another server', 'лежит на другом сервере'],
  '\\all': ['all mail', 'вся почта'],
  '\\allmail': ['all mail', 'вся почта'],
  '\\archive': ['the archive', 'архив'],
  '\\drafts': ['for drafts', 'для черновиков'],
  '\\flagged': ['starred mail', 'отмеченные звёздочкой'],
  '\\starred': ['starred mail', 'отмеченные звёздочкой'],
  '\\important': ['important mail', 'важное'],
  '\\inbox': ['for incoming mail', 'для входящих'],
  '\\junk': ['for junk', 'для спама'],
  '\\spam': ['for junk', 'для спама'],
  '\\sent': ['for sent mail', 'для отправленных'],
  '\\trash': ['for what was thrown away', 'для выброшенного'],
};

const named = (table: Record<string, Row>, name: string): Text => {
  const row = table[name.toLowerCase()];
  return row ? fill(row).text : quoted(name);
};

export const flag = (name: string): Text => named(FLAGS, name);

/** Flags in words; for none, that there are none. */
export function flags(nodes: readonly Node[]): Text {
  if (nodes.length === 0) return t('none', 'нет');
  return commas(nodes.map((node) => flag(textOf(node))));
}

export function attributes(nodes: readonly Node[]): Text {
  return commas(nodes.map((node) => named(ATTRIBUTES, textOf(node))));
}

/** A mailbox has one of these uses. */
export const isUse = (name: string): boolean =>
  /^\\(?:all|archive|drafts|flagged|important|junk|sent|trash)$/iu.test(name);
