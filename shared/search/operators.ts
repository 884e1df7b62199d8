import type { Field, State } from './query.ts';

export type Operator =
  | { kind: 'field'; field: Field }
  | { kind: 'in' | 'is' | 'has' | 'tag' }
  | { kind: 'date'; side: 'before' | 'after' | 'on' }
  | { kind: 'size'; side: 'above' | 'below' };

/** What may stand before a colon. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ...named<Operator>({ kind: 'field', field: 'from' }, 'from', 'от'),
  ...named<Operator>({ kind: 'field', field: 'to' }, 'to', 'кому'),
  ...named<Operator>({ kind: 'field', field: 'cc' }, 'cc', 'копия'),
  ...named<Operator>({ kind: 'field', field: 'subject' }, 'subject', 'тема'),
  ...named<Operator>({ kind: 'field', field: 'body' }, 'body', 'text', 'текст'),
  ...named<Operator>({ kind: 'has' }, 'has', 'есть'),
  ...named<Operator>({ kind: 'in' }, 'in', 'mailbox', 'в', 'папка'),
  ...named<Operator>({ kind: 'is' }, 'is', 'это'),
  ...named<Operator>({ kind: 'tag' }, 'tag', 'метка'),
  ...named<Operator>({ kind: 'date', side: 'before' }, 'before', 'до'),
  ...named<Operator>({ kind: 'date', side: 'after' }, 'after', 'since', 'после', 'с'),
  ...named<Operator>({ kind: 'date', side: 'on' }, 'on', 'date', 'дата'),
  ...named<Operator>({ kind: 'size', side: 'above' }, 'larger', 'больше'),
  ...named<Operator>({ kind: 'size', side: 'below' }, 'smaller', 'меньше'),
]);

export const STATES: ReadonlyMap<string, State> = new Map<string, State>([
  ...named<State>('unread', 'unread', 'new', 'непрочитанное', 'непрочитанные', 'новое'),
  ...named<State>('read', 'read', 'seen', 'прочитанное', 'прочитанные'),
  ...named<State>('flagged', 'flagged', 'starred', 'отмеченное', 'отмеченные'),
  ...named<State>('answered', 'answered', 'replied', 'отвеченное', 'отвеченные'),
  ...named<State>('forwarded', 'forwarded', 'пересланное', 'пересланные'),
  ...named<State>('draft', 'draft', 'черновик', 'черновики'),
]);

export const ATTACHMENT: ReadonlySet<string> = new Set([
  'attachment',
  'attachments',
  'file',
  'вложение',
  'вложения',
  'файл',
]);

/** What people call mailboxes by what they are for. */
export const ROLES: ReadonlyMap<string, string> = new Map([
  ...named('inbox', 'inbox', 'входящие'),
  ...named('sent', 'sent', 'отправленные'),
  ...named('drafts', 'drafts', 'черновики'),
  ...named('archive', 'archive', 'архив'),
  ...named('junk', 'junk', 'spam', 'спам'),
  ...named('trash', 'trash', 'корзина'),
]);

function named<T>(value: T, ...names: string[]): [string, T][] {
  return names.map((name) => [name, value]);
}
