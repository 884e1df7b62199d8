import type { Account } from '../../shared/model/account.ts';
import type { Draft } from '../../shared/model/draft.ts';
import type { MessageKey } from '../../shared/model/ids.ts';
import type { Address, MessageContent } from '../../shared/model/message.ts';
import { fieldValue, parseFields } from '../../shared/mail/header.ts';
import { answerRecipients, answerSubject, answerThread, type AnswerKind } from '../../shared/mail/reply.ts';
import { MailError } from '../../shared/contract/mail-error.ts';
import type { Accounts } from './accounts.ts';
import type { Ports } from './ports.ts';

/** Makes the draft of an answer: recipients, subject, thread, and what it answers quoted. A forward takes the attachments along. */
export async function answerMessage(
  ports: Ports,
  accounts: Accounts,
  id: MessageKey,
  kind: AnswerKind,
): Promise<Draft> {
  const { store, mime, events, shell } = ports;
  const [row] = await store.rows([id]);
  const account = row && (await store.account(row.account));
  if (!row || !account) throw new MailError('not-found', 'there is no such message');
  const raw = await accounts.raw(id);
  const [content, quote, { settings }] = await Promise.all([
    mime.read(row, raw),
    mime.quote(raw),
    store.snapshot(),
  ]);
  const russian = (settings.language === 'system' ? shell.language : settings.language).startsWith('ru');
  const head = kind === 'forward' ? forwardHead(content, russian) : [replyHead(content, russian)];
  const { draft, delta } = await store.createDraft({
    account: account.id,
    ...answerRecipients(content, kind, account.email),
    bcc: [],
    subject: answerSubject(row.subject, kind),
    format: 'rich',
    body: `<p></p><p>${head.map(escape).join('<br>')}</p><blockquote>${quote.html}</blockquote>`,
    source: { message: id, kind: kind === 'forward' ? 'forward' : 'reply' },
    ...answerThread(row.messageId, fieldValue(parseFields(raw), 'references') ?? ''),
  });
  if (kind !== 'forward') {
    events.publish('delta', delta);
    return draft;
  }
  const files = [];
  for (const attachment of content.attachments.filter((one) => !one.inline)) {
    const file = await mime.attachment(raw, attachment.part);
    if (file) files.push(file);
  }
  const attached = await store.attach(draft.id, files);
  events.publish('delta', attached.delta);
  return attached.draft;
}

/** An empty letter from an account. */
export async function newMessage(ports: Ports, account: Account): Promise<Draft> {
  const { draft, delta } = await ports.store.createDraft({
    account: account.id,
    to: [],
    cc: [],
    bcc: [],
    subject: '',
    format: 'rich',
    body: '',
    inReplyTo: '',
    references: '',
  });
  ports.events.publish('delta', delta);
  return draft;
}

function replyHead({ row }: MessageContent, russian: boolean): string {
  const who = row.from.map((one) => one.name || one.address).join(', ');
  return russian ? `${date(row.date, true)}, ${who} пишет:` : `On ${date(row.date, false)}, ${who} wrote:`;
}

function forwardHead({ row }: MessageContent, russian: boolean): string[] {
  const list = (all: Address[]) =>
    all.map((one) => (one.name ? `${one.name} <${one.address}>` : one.address)).join(', ');
  const [title, from, sent, to, subject] = russian
    ? ['Пересылаемое письмо', 'От', 'Дата', 'Кому', 'Тема']
    : ['Forwarded message', 'From', 'Date', 'To', 'Subject'];
  return [
    `---------- ${title} ----------`,
    `${from}: ${list(row.from)}`,
    `${sent}: ${date(row.date, russian)}`,
    `${to}: ${list(row.to)}`,
    `${subject}: ${row.subject}`,
  ];
}

function date(ms: number, russian: boolean): string {
  return new Intl.DateTimeFormat(russian ? 'ru' : 'en-GB', { dateStyle: 'long', timeStyle: 'short' }).format(
    ms,
  );
}

function escape(text: string): string {
  return text.replace(/[&<>"']/gu, (char) => `&#${char.charCodeAt(0)};`);
}
