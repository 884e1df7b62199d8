import { commas, fill, join, quoted, size, t, type Row, type Text } from './explanation.ts';
import { flag } from './imap-flags.ts';
import { numbers } from './imap-sets.ts';
import { textOf, upper, type Node } from './imap-parse.ts';

/** Search keys with no argument (RFC 9051 section 6.4.4). */
const PLAIN: Record<string, Row> = {
  ALL: ['all', 'все'],
  ANSWERED: ['answered', 'отвеченные'],
  DELETED: ['marked for deletion', 'помеченные на удаление'],
  DRAFT: ['drafts', 'черновики'],
  FLAGGED: ['starred', 'отмеченные звёздочкой'],
  NEW: ['new and unread', 'новые непрочитанные'],
  OLD: ['not new', 'не новые'],
  RECENT: ['new to this session', 'новые для этого сеанса'],
  SEEN: ['read', 'прочитанные'],
  UNANSWERED: ['not answered', 'неотвеченные'],
  UNDELETED: ['not marked for deletion', 'не помеченные на удаление'],
  UNDRAFT: ['no drafts', 'не черновики'],
  UNFLAGGED: ['not starred', 'без звёздочки'],
  UNSEEN: ['unread', 'непрочитанные'],
  $: ['among what was found last', 'среди найденного в прошлый раз'],
  SAVEDATESUPPORTED: ['if the server knows when they came here', 'если сервер знает, когда они сюда попали'],
};

/** Search keys with one argument. */
const WITH_ONE: Record<string, Row> = {
  BCC: ['with {0} in Bcc', 'с {0} в скрытой копии'],
  CC: ['with {0} in Cc', 'с {0} в копии'],
  FROM: ['from {0}', 'от {0}'],
  TO: ['to {0}', 'кому: {0}'],
  SUBJECT: ['with {0} in the subject', 'с {0} в теме'],
  BODY: ['with {0} in the body', 'с {0} в тексте'],
  TEXT: ['with {0} anywhere', 'с {0} где угодно'],
  BEFORE: ['that came before {0}', 'пришедшие раньше {0}'],
  ON: ['that came on {0}', 'пришедшие {0}'],
  SINCE: ['that came on or after {0}', 'пришедшие с {0}'],
  SENTBEFORE: ['dated before {0}', 'с датой раньше {0}'],
  SENTON: ['dated {0}', 'с датой {0}'],
  SENTSINCE: ['dated on or after {0}', 'с датой начиная с {0}'],
  SAVEDBEFORE: ['put here before {0}', 'положенные сюда раньше {0}'],
  SAVEDON: ['put here on {0}', 'положенные сюда {0}'],
  SAVEDSINCE: ['put here on or after {0}', 'положенные сюда с {0}'],
  OLDER: ['older than {0} seconds', 'старше {0} с'],
  YOUNGER: ['younger than {0} seconds', 'новее {0} с'],
  MODSEQ: ['changed at or after change {0}', 'изменённые начиная с изменения {0}'],
  EMAILID: ['with the lasting name {0}', 'с постоянным именем {0}'],
  THREADID: ['of the conversation {0}', 'из переписки {0}'],
  'X-GM-RAW': ['by Gmail’s search for {0}', 'поиском Gmail: {0}'],
  'X-GM-MSGID': ['with Gmail’s name {0}', 'с именем {0} в Gmail'],
  'X-GM-THRID': ['of Gmail’s conversation {0}', 'из переписки {0} в Gmail'],
  'X-GM-LABELS': ['with Gmail’s label {0}', 'с ярлыком {0} в Gmail'],
  FILTER: ['by the saved filter {0}', 'по сохранённому фильтру {0}'],
};

/** NOT and OR within each other. */
const DEPTH = 20;

/** The conditions of a search in words; all of them have to hold. */
export function conditions(nodes: readonly Node[]): Text {
  const words: Text[] = [];
  for (let at = 0; at < nodes.length;) {
    const [text, used] = condition(nodes, at);
    words.push(text);
    at += used;
  }
  return commas(words);
}

function condition(nodes: readonly Node[], at: number, depth = 0): [Text, number] {
  const node = nodes[at];
  if (depth > DEPTH) return [quoted(textOf(node)), 1];
  const key = upper(node);
  const next = nodes[at + 1];
  if (node?.kind === 'list') return [join([t('(', '('), conditions(node.items), t(')', ')')], ''), 1];
  const plain = PLAIN[key];
  if (plain) return [fill(plain).text, 1];
  const one = WITH_ONE[key];
  if (one) return [fill(one, argument(next)).text, 2];
  switch (key) {
    case 'KEYWORD':
      return [fill(['with the flag: {0}', 'с флагом: {0}'], flag(textOf(next))).text, 2];
    case 'UNKEYWORD':
      return [fill(['without the flag: {0}', 'без флага: {0}'], flag(textOf(next))).text, 2];
    case 'LARGER':
      return [fill(['larger than {0}', 'больше {0}'], size(Number(textOf(next)))).text, 2];
    case 'SMALLER':
      return [fill(['smaller than {0}', 'меньше {0}'], size(Number(textOf(next)))).text, 2];
    case 'UID':
      return [fill(['with UID {0}', 'с UID {0}'], numbers(textOf(next))).text, 2];
    case 'HEADER':
      return [
        fill(
          ['with {1} in the header field {0}', 'с {1} в поле заголовка {0}'],
          quoted(textOf(next)),
          argument(nodes[at + 2]),
        ).text,
        3,
      ];
    case 'NOT': {
      const [text, used] = condition(nodes, at + 1, depth + 1);
      return [join([t('not: ', 'не: '), text], ''), used + 1];
    }
    case 'OR': {
      const [first, used] = condition(nodes, at + 1, depth + 1);
      const [second, more] = condition(nodes, at + 1 + used, depth + 1);
      return [fill(['{0} or {1}', '{0} или {1}'], first, second).text, 1 + used + more];
    }
    default:
      return [
        /^[\d,:*]+$/u.test(key)
          ? t(`among messages ${numbers(key)}`, `среди писем ${numbers(key)}`)
          : quoted(textOf(node)),
        1,
      ];
  }
}

function argument(node: Node | undefined): Text {
  if (node?.kind === 'literal') return t('what follows', 'тем, что дальше');
  return quoted(textOf(node));
}

const RETURN: Record<string, Row> = {
  MIN: ['the first', 'первое'],
  MAX: ['the last', 'последнее'],
  COUNT: ['how many', 'сколько их'],
  ALL: ['all of them, in short', 'все, сжато'],
  SAVE: ['to be remembered by the server as “$”', 'запомнить на сервере как «$»'],
  PARTIAL: ['a piece of the list', 'часть списка'],
  UPDATE: ['with news later on', 'с новостями потом'],
  RELEVANCY: ['how well they fit', 'насколько подходят'],
};

/** What of a search is wanted (RFC 4731 section 3.1, RFC 5182). */
export function results(nodes: readonly Node[]): Text {
  const words = nodes.map((node) => RETURN[upper(node)]).filter((row) => row !== undefined);
  return words.length === 0
    ? t('all of them, in short', 'все, сжато')
    : commas(words.map((row) => fill(row).text));
}
