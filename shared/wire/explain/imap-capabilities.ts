import type { Language } from '../../model/language.ts';
import { fill, join, size, t, type Row, type Text } from './explanation.ts';
import { mechanisms } from './sasl.ts';

/** What a server can do, each in a few words (RFC 9051 section 7.2.2 and the IANA registry). */
const CAPABILITIES: Record<string, Row> = {
  IMAP4REV1: ['IMAP of 2003', 'IMAP 2003 года', 3501, '1'],
  IMAP4REV2: ['IMAP of 2021', 'IMAP 2021 года', 9051, '1'],
  IMAP4: ['IMAP of 1994', 'IMAP 1994 года', 1730],
  ACL: ['who may do what with a mailbox', 'права на ящики', 4314],
  ANNOTATE: ['notes on messages', 'заметки к письмам', 5257],
  APPENDLIMIT: ['a limit of size for messages', 'предел размера писем', 7889],
  BINARY: ['attachments decoded by the server', 'вложения, раскодированные сервером', 3516],
  CATENATE: ['messages put together on the server', 'сборка писем на сервере', 4469],
  CHILDREN: [
    'the list of mailboxes tells which hold others',
    'в списке ящиков видно, какие содержат другие',
    3348,
  ],
  COMPARATOR: ['rules of sorting', 'правила сортировки', 5255],
  CONDSTORE: [
    'numbered changes, to ask what changed since',
    'нумерация изменений: можно спросить, что изменилось',
    7162,
  ],
  CONTEXT: ['searches that go on by themselves', 'поиск, который обновляется сам', 5267],
  CONVERT: ['contents converted by the server', 'преобразование содержимого', 5259],
  'CREATE-SPECIAL-USE': ['new mailboxes with a use', 'создание ящиков с назначением', 6154],
  ENABLE: ['extensions that the client switches on', 'расширения, которые включает клиент', 5161],
  ESEARCH: ['short answers to searches', 'сжатые ответы на поиск', 4731],
  ESORT: ['short answers to sorting', 'сжатые ответы на сортировку', 5267],
  FILTERS: ['searches saved under a name', 'сохранённые фильтры', 5466],
  'I18NLEVEL=1': ['sorting by scripts of the world', 'сортировка с учётом письменностей', 5255],
  'I18NLEVEL=2': ['sorting by scripts of the world', 'сортировка с учётом письменностей', 5255],
  ID: ['both sides may say what programs they are', 'стороны могут представиться', 2971],
  IDLE: ['news at once, without asking', 'новости сразу, без вопросов', 2177],
  INPROGRESS: ['news of long work', 'сообщения о ходе долгой работы', 9585],
  JMAPACCESS: ['the same mail by JMAP', 'та же почта по JMAP', 9698],
  LANGUAGE: ['answers in other languages', 'ответы на других языках', 5255],
  'LIST-EXTENDED': ['finer lists of mailboxes', 'более точные списки ящиков', 5258],
  'LIST-METADATA': ['notes in the list of mailboxes', 'заметки в списке ящиков', 9590],
  'LIST-MYRIGHTS': ['rights in the list of mailboxes', 'права в списке ящиков', 8440],
  'LIST-STATUS': ['counts in the list of mailboxes', 'счётчики в списке ящиков', 5819],
  'LITERAL+': ['long values without waiting', 'длинные значения без ожидания', 7888],
  'LITERAL-': ['values up to 4 KB without waiting', 'значения до 4 КБ без ожидания', 7888],
  LOGINDISABLED: ['no LOGIN before encryption', 'LOGIN запрещён до шифрования', 9051],
  'LOGIN-REFERRALS': ['hints to another server', 'отсылки к другому серверу', 2221],
  'MAILBOX-REFERRALS': ['hints to mailboxes elsewhere', 'отсылки к ящикам на других серверах', 2193],
  METADATA: ['notes on mailboxes', 'заметки к ящикам', 5464],
  'METADATA-SERVER': ['notes on the server', 'заметки к серверу', 5464],
  MOVE: ['moving in one step', 'перенос одним действием', 6851],
  MULTIAPPEND: ['several messages stored at once', 'несколько писем за раз', 3502],
  MULTISEARCH: ['search in several mailboxes', 'поиск в нескольких ящиках', 7377],
  NAMESPACE: ['where one’s own and shared mailboxes are', 'где свои и общие ящики', 2342],
  NOTIFY: ['news of other mailboxes too', 'новости и о других ящиках', 5465],
  OBJECTID: ['lasting names of messages and mailboxes', 'постоянные имена писем и ящиков', 8474],
  PARTIAL: ['results piece by piece', 'результаты по частям', 9394],
  PREVIEW: ['the first words of messages', 'первые слова писем', 8970],
  QRESYNC: ['catching up with a mailbox in one step', 'обновление ящика одним действием', 7162],
  QUOTA: ['how much room there is', 'сколько есть места', 9208],
  QUOTASET: ['room may be given out', 'место можно выделять', 9208],
  REPLACE: ['a message replaced in one step', 'замена письма одним действием', 8508],
  'RIGHTS=': ['finer rights', 'более точные права', 4314],
  'SASL-IR': ['login in one step', 'вход одним действием', 4959],
  SAVEDATE: ['when a message came into its mailbox', 'когда письмо попало в ящик', 8514],
  SEARCHRES: ['search results that the server remembers', 'результат поиска, который помнит сервер', 5182],
  'SEARCH=FUZZY': ['searches that forgive mistakes', 'нечёткий поиск', 6203],
  SORT: ['sorting by the server', 'сортировка на сервере', 5256],
  'SORT=DISPLAY': ['sorting by shown names', 'сортировка по видимым именам', 5957],
  'SPECIAL-USE': [
    'which mailbox is for drafts, sent mail and so on',
    'какой ящик для черновиков, отправленных и так далее',
    6154,
  ],
  STARTTLS: ['encryption on demand', 'шифрование по просьбе', 9051],
  'STATUS=SIZE': ['the size of a mailbox', 'размер ящика', 8438],
  'THREAD=ORDEREDSUBJECT': ['conversations by subject', 'переписки по теме', 5256],
  'THREAD=REFERENCES': ['conversations by answers', 'переписки по ответам', 5256],
  'THREAD=REFS': ['conversations by answers', 'переписки по ответам'],
  UIDONLY: ['work by UIDs only', 'работа только по UID', 9586],
  UIDPLUS: ['UIDs of what is copied and deleted', 'UID скопированного и удаляемого', 4315],
  UNAUTHENTICATE: ['logging out without hanging up', 'выход без разрыва связи', 8437],
  UNSELECT: ['closing a mailbox without deleting', 'закрытие ящика без удаления', 3691],
  URLAUTH: ['parts handed on by an address', 'передача частей по адресу', 4467],
  'URLAUTH=BINARY': [
    'decoded parts handed on by an address',
    'передача раскодированных частей по адресу',
    5524,
  ],
  'URL-PARTIAL': ['pieces of parts by an address', 'куски частей по адресу', 5550],
  'UTF8=ACCEPT': ['names and headers in UTF-8', 'имена и заголовки в UTF-8', 6855],
  'UTF8=ONLY': ['UTF-8 for everybody', 'UTF-8 для всех', 6855],
  WITHIN: ['search by age', 'поиск по возрасту', 5032],
  XLIST: ['Gmail’s old way to tell uses', 'прежний способ Gmail назвать назначения'],
  'X-GM-EXT-1': ['Gmail’s extensions', 'расширения Gmail'],
  XAPPLEPUSHSERVICE: ['news for Apple devices', 'новости для устройств Apple'],
  XYMHIGHESTMODSEQ: ['Yahoo’s numbered changes', 'нумерация изменений Yahoo'],
};

/** What is offered, in words: what is known by its meaning, what is not by its name. */
export function capabilities(names: readonly string[]): Text {
  const ways: string[] = [];
  const parts: Text[] = [];
  for (const name of names) {
    const upper = name.toUpperCase();
    const limit = /^APPENDLIMIT=(\d+)$/u.exec(upper);
    if (upper.startsWith('AUTH=')) ways.push(name.slice(5));
    else if (limit)
      parts.push(
        join(
          [t('messages up to ', 'письма до '), size(Number(limit[1])), t(' (APPENDLIMIT)', ' (APPENDLIMIT)')],
          '',
        ),
      );
    else parts.push(one(name));
  }
  return join(
    [
      join(parts, '; '),
      ways.length === 0 ? undefined : join([t('Ways to log in: ', 'Способы входа: '), mechanisms(ways)], ''),
    ],
    '. ',
  );
}

function rowOf(name: string): Row | undefined {
  const upper = name.toUpperCase();
  return (
    CAPABILITIES[upper] ??
    CAPABILITIES[upper.replace(/=.*$/u, '')] ??
    CAPABILITIES[upper.replace(/=.*$/u, '=')]
  );
}

/** What one capability is, in a few words, and where it is written down; undefined when it is not known. */
export function capabilityMeaning(
  name: string,
  language: Language,
): { what: string; rfc: number | undefined } | undefined {
  const row = rowOf(name);
  return row && { what: fill(row).text[language], rfc: row[2] };
}

function one(name: string): Text {
  const row = rowOf(name);
  return row ? join([t(`${name} (`, `${name} (`), fill(row).text, t(')', ')')], '') : t(name, name);
}
