import { decodeWords } from '../../mail/encoded-word.ts';
import { count, fill, join, quoted, size, t, type Row, type Text } from './explanation.ts';
import { flags } from './imap-flags.ts';
import { isNil, itemsOf, textOf, upper, type Node } from './imap-parse.ts';

/** What a FETCH may ask for by one word (RFC 9051 section 6.4.5 and extensions). */
const ITEMS: Record<string, Row> = {
  FLAGS: ['flags', 'флаги'],
  UID: ['UID', 'UID'],
  'RFC822.SIZE': ['size', 'размер'],
  INTERNALDATE: ['the date of arrival', 'дата прихода'],
  ENVELOPE: [
    'sender, recipients, subject and date as the server reads them',
    'отправитель, получатели, тема и дата, как их прочёл сервер',
  ],
  BODYSTRUCTURE: ['what parts it has', 'из каких частей состоит'],
  BODY: ['what parts it has, in short', 'из каких частей состоит, кратко'],
  RFC822: ['the whole message, which marks it as read', 'письмо целиком, с пометкой «прочитано»'],
  'RFC822.HEADER': ['the header', 'заголовок'],
  'RFC822.TEXT': ['the body, which marks it as read', 'текст, с пометкой «прочитано»'],
  MODSEQ: ['the number of its last change', 'номер последнего изменения'],
  EMAILID: ['its lasting name', 'постоянное имя'],
  THREADID: ['the name of its conversation', 'имя переписки'],
  PREVIEW: ['the first words', 'первые слова'],
  SAVEDATE: ['when it came into this mailbox', 'когда попало в этот ящик'],
  ALL: [
    'flags, arrival, size and the main header fields',
    'флаги, дата прихода, размер и главные поля заголовка',
  ],
  FAST: ['flags, arrival and size', 'флаги, дата прихода и размер'],
  FULL: [
    'flags, arrival, size, the main header fields and the parts',
    'флаги, дата прихода, размер, главные поля заголовка и состав',
  ],
  'X-GM-MSGID': ['Gmail’s name of the message', 'имя письма в Gmail'],
  'X-GM-THRID': ['Gmail’s name of the conversation', 'имя переписки в Gmail'],
  'X-GM-LABELS': ['Gmail’s labels', 'ярлыки Gmail'],
};

interface Section {
  kind: string;
  peek: boolean;
  section: string;
  partial: RegExpExecArray | null;
}

function sectionOf(item: string): Section | undefined {
  const found = /^(BODY|BINARY|BINARY\.SIZE)(\.PEEK)?\[(.*)\](<[\d.]+>)?$/isu.exec(item);
  if (!found) return undefined;
  return {
    kind: (found[1] ?? '').toUpperCase(),
    peek: found[2] !== undefined,
    section: found[3] ?? '',
    partial: /^<(\d+)(?:\.(\d+))?>$/u.exec(found[4] ?? ''),
  };
}

/** A section of a message: all of it, its header, some fields, a part (RFC 9051 section 6.4.5.1). */
function part({ kind, section }: Section): Text {
  const found = /^(?:([\d.]+?)\.?)?(?:(HEADER\.FIELDS(?:\.NOT)?) \((.*)\)|(HEADER|TEXT|MIME))?$/isu.exec(
    section,
  );
  const number = found?.[1];
  const within = number === undefined ? t('', '') : t(` of part ${number}`, ` части ${number}`);
  const add = (text: Text) => t(text.en + within.en, text.ru + within.ru);
  const fields = found?.[3];
  if (fields !== undefined) {
    const names = fields.replaceAll('"', '').split(/ +/u).map(spelled).join(', ');
    return /NOT$/iu.test(found?.[2] ?? '')
      ? add(t(`the header without ${names}`, `заголовок без ${names}`))
      : add(t(`the header fields ${names}`, `поля заголовка ${names}`));
  }
  switch (found?.[4]?.toUpperCase() ?? '') {
    case 'HEADER':
      return add(t('the header', 'заголовок'));
    case 'TEXT':
      return add(t('the body', 'текст'));
    case 'MIME':
      return t(`the MIME header of part ${number}`, `заголовок MIME части ${number}`);
    default: {
      if (number === undefined)
        return kind === 'BINARY.SIZE'
          ? t('its size when decoded', 'размер после раскодирования')
          : t('the whole message', 'письмо целиком');
      if (kind === 'BINARY') return t(`part ${number}, decoded`, `часть ${number}, раскодированная`);
      if (kind === 'BINARY.SIZE')
        return t(`the size of part ${number} when decoded`, `размер части ${number} после раскодирования`);
      return t(`part ${number}`, `часть ${number}`);
    }
  }
}

/** From, Message-ID: as people write them, whatever the client did. */
function spelled(field: string): string {
  if (/^message-id$/iu.test(field)) return 'Message-ID';
  if (/^mime-version$/iu.test(field)) return 'MIME-Version';
  return field
    .toLowerCase()
    .replace(/(^|-)([a-z])/gu, (_all, dash: string, first: string) => dash + first.toUpperCase());
}

/** One thing that is asked for. */
export function requested(item: string): Text {
  const row = ITEMS[item.toUpperCase()];
  if (row) return fill(row).text;
  const section = sectionOf(item);
  if (!section) return quoted(item);
  const marks =
    !section.peek && section.kind !== 'BINARY.SIZE'
      ? t(', which marks it as read', ', с пометкой «прочитано»')
      : t('', '');
  const partial = section.partial;
  const some = partial
    ? t(
        ` (${partial[2] ?? ''} bytes from byte ${partial[1]})`,
        ` (байт: ${partial[2] ?? ''}, начиная с ${partial[1]})`,
      )
    : t('', '');
  return join([part(section), some, marks], '');
}

/** What a FETCH tells about a message: names and values in turn; the last value may be cut off by a literal. */
export function told(items: readonly Node[]): Text[] {
  const words: Text[] = [];
  for (let at = 0; at < items.length; at += 2) words.push(value(textOf(items[at]), items[at + 1]));
  return words;
}

function value(name: string, node: Node | undefined): Text {
  const key = name.toUpperCase();
  switch (key) {
    case 'FLAGS':
      return join([t('flags: ', 'флаги: '), flags(itemsOf(node))], '');
    case 'UID':
      return t(`UID ${textOf(node)}`, `UID ${textOf(node)}`);
    case 'RFC822.SIZE':
      return size(Number(textOf(node)));
    case 'INTERNALDATE':
      return t(`arrived ${textOf(node).trim()}`, `пришло ${textOf(node).trim()}`);
    case 'MODSEQ':
      return t(`change number ${textOf(itemsOf(node)[0])}`, `номер изменения ${textOf(itemsOf(node)[0])}`);
    case 'ENVELOPE':
      return envelope(node);
    case 'BODYSTRUCTURE':
    case 'BODY':
      return join([t('parts: ', 'состав: '), structure(node)], '');
    default: {
      const section = sectionOf(name);
      const what = section ? part(section) : requested(name);
      if (isNil(node)) return join([what, t(' (none)', ' (нет)')], '');
      if (node?.kind === 'literal')
        return join([what, t(' (follow: ', ' (дальше: '), size(node.bytes), t(')', ')')], '');
      if (node?.kind === 'string' && section) {
        return join(
          [
            what,
            t(', ', ', '),
            count(node.text.length, ['character', 'characters'], ['знак', 'знака', 'знаков']),
          ],
          '',
        );
      }
      const text = textOf(node).replace(/^\((.*)\)$/u, '$1');
      return text === '' ? what : join([what, t(' ', ' '), quoted(text)], '');
    }
  }
}

/** Subject and sender out of an ENVELOPE (RFC 9051 section 7.5.2). */
function envelope(node: Node | undefined): Text {
  const [, subject, from] = itemsOf(node);
  const sender = itemsOf(itemsOf(from)[0]);
  const address = sender.length >= 4 ? `${textOf(sender[2])}@${textOf(sender[3])}` : undefined;
  return join(
    [
      t('the main header fields', 'главные поля заголовка'),
      address === undefined ? undefined : join([t(', from ', ', от '), quoted(address)], ''),
      subject?.kind === 'string'
        ? join([t(', subject ', ', тема '), quoted(decodeWords(subject.text))], '')
        : undefined,
    ],
    '',
  );
}

/** `text/plain`, or `multipart/mixed of 3`. */
function structure(node: Node | undefined): Text {
  const items = itemsOf(node);
  const children = items.filter((item) => item.kind === 'list');
  if (items[0]?.kind !== 'list')
    return t(
      `${textOf(items[0])}/${textOf(items[1])}`.toLowerCase(),
      `${textOf(items[0])}/${textOf(items[1])}`.toLowerCase(),
    );
  const until = items.findIndex((item) => item.kind !== 'list');
  const parts = until < 0 ? children : items.slice(0, until);
  const kind = until < 0 ? '' : textOf(items[until]).toLowerCase();
  return join(
    [t(`multipart/${kind} (`, `multipart/${kind} (`), join(parts.map(structure), ', '), t(')', ')')],
    '',
  );
}

/** The item whose value is a literal that has just begun. */
export function openItem(items: readonly Node[]): { what: Text; whole: boolean } | undefined {
  if (items.length === 0) return undefined;
  const name = textOf(items[items.length % 2 === 0 ? items.length - 2 : items.length - 1]);
  const section = sectionOf(name);
  if (section) return { what: part(section), whole: section.section === '' };
  return { what: requested(upper(items[items.length - 2])), whole: /^RFC822$/iu.test(name) };
}
