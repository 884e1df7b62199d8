import { fill, quoted, type Row, type Told } from './explanation.ts';
import { flags } from './imap-flags.ts';
import { itemsOf, parse, textOf } from './imap-parse.ts';
import { numbers } from './imap-sets.ts';

/** Response codes in brackets (RFC 9051 section 7.1, RFC 5530 and extensions); `{0}` is what stands after the name. */
const CODES: Record<string, Row> = {
  ALERT: [
    'The server wants a person to read its words.',
    'Сервер хочет, чтобы его слова прочёл человек.',
    9051,
    '7.1',
  ],
  ALREADYEXISTS: ['There is one with this name already.', 'С таким именем уже есть.', 9051, '7.1'],
  APPENDUID: ['It got the UID {1} there.', 'Там оно получило UID {1}.', 9051, '7.1'],
  AUTHENTICATIONFAILED: ['The name or the password is wrong.', 'Имя или пароль неверны.', 9051, '7.1'],
  AUTHORIZATIONFAILED: [
    'This person may not act as that one.',
    'Этому человеку нельзя действовать за того.',
    9051,
    '7.1',
  ],
  BADCHARSET: [
    'The server does not know this character set.',
    'Сервер не знает этой кодировки.',
    9051,
    '7.1',
  ],
  BADEVENT: [
    'The server can’t tell of such events.',
    'О таких событиях сервер сообщать не умеет.',
    5465,
    '5',
  ],
  BADURL: ['The address of a part can’t be used: {0}.', 'Адрес части не годится: {0}.', 4469, '3'],
  CANNOT: ['The server can never do this.', 'Сервер не сможет этого никогда.', 9051, '7.1'],
  CLIENTBUG: [
    'The server thinks that this program has a bug.',
    'Сервер думает, что в этой программе ошибка.',
    9051,
    '7.1',
  ],
  CLOSED: ['The mailbox that was open before is closed.', 'Ящик, открытый раньше, закрыт.', 9051, '7.1'],
  COMPRESSIONACTIVE: ['The connection is compressed already.', 'Соединение уже сжимается.', 4978, '3'],
  CONTACTADMIN: [
    'The people who run the server can help.',
    'Помогут те, кто управляет сервером.',
    9051,
    '7.1',
  ],
  COPYUID: ['What had UID {1} has UID {2} there.', 'То, что имело UID {1}, там имеет UID {2}.', 9051, '7.1'],
  CORRUPTION: ['Something on the server is damaged.', 'На сервере что-то повреждено.', 9051, '7.1'],
  EXPIRED: ['The password or the access has run out.', 'Срок пароля или доступа истёк.', 9051, '7.1'],
  EXPUNGEISSUED: [
    'Another client deleted some of these messages.',
    'Часть этих писем удалила другая программа.',
    9051,
    '7.1',
  ],
  HASCHILDREN: ['The mailbox holds others.', 'Ящик содержит другие.', 9051, '7.1'],
  HIGHESTMODSEQ: [
    'The number of the latest change here is {0}: later one can ask what changed since.',
    'Номер последнего изменения здесь — {0}: потом можно спросить, что изменилось с тех пор.',
    7162,
    '3.1.2.1',
  ],
  INPROGRESS: ['The server is still at work: {0}.', 'Сервер ещё работает: {0}.', 9585, '4'],
  INUSE: ['Somebody else holds it just now.', 'Сейчас это занято другим.', 9051, '7.1'],
  LIMIT: ['A limit of the server is reached.', 'Достигнут предел сервера.', 9051, '7.1'],
  LONGENTRIES: [
    'Some notes about the mailbox are too long and were left out.',
    'Слишком длинные заметки о ящике опущены.',
    5464,
    '4.2.1',
  ],
  MAILBOXID: ['The mailbox’s lasting name is {0}.', 'Постоянное имя ящика — {0}.', 8474, '4'],
  MESSAGELIMIT: [
    'The server did only a part, for there are too many messages.',
    'Сервер сделал лишь часть: писем слишком много.',
    9738,
    '3',
  ],
  METADATA: ['It is about notes on the mailbox: {0}.', 'Дело в заметках о ящике: {0}.', 5464, '4'],
  MODIFIED: [
    'These were changed meanwhile and were left alone: {0}.',
    'Эти успели измениться, их не тронули: {0}.',
    7162,
    '3.1.3',
  ],
  NOMODSEQ: [
    'This mailbox does not number its changes.',
    'Этот ящик не нумерует изменения.',
    7162,
    '3.1.2.2',
  ],
  NONEXISTENT: ['There is no such mailbox.', 'Такого ящика нет.', 9051, '7.1'],
  NOPERM: ['This person may not do it.', 'Этому человеку так делать нельзя.', 9051, '7.1'],
  NOTIFICATIONOVERFLOW: [
    'There is too much news, so the server tells no more of it.',
    'Новостей слишком много, дальше сервер молчит.',
    5465,
    '5.8',
  ],
  NOTSAVED: ['No search result is remembered.', 'Результат поиска не запомнен.', 9051, '7.1'],
  OVERQUOTA: ['There is no room left.', 'Места больше нет.', 9051, '7.1'],
  PARSE: [
    'The server could not read a message’s header.',
    'Сервер не разобрал заголовок письма.',
    9051,
    '7.1',
  ],
  PRIVACYREQUIRED: ['The server wants encryption first.', 'Сначала серверу нужно шифрование.', 9051, '7.1'],
  'READ-ONLY': ['The mailbox is open for reading only.', 'Ящик открыт только для чтения.', 9051, '7.1'],
  'READ-WRITE': ['The mailbox may be read and changed.', 'Ящик можно читать и менять.', 9051, '7.1'],
  SERVERBUG: [
    'The server has run into a bug of its own.',
    'Сервер наткнулся на собственную ошибку.',
    9051,
    '7.1',
  ],
  THROTTLED: ['The server slows this client down.', 'Сервер придерживает эту программу.'],
  TOOBIG: ['It is too large.', 'Это слишком велико.', 4469, '4'],
  TOOMANY: ['There are too many of them.', 'Их слишком много.', 5464, '4.3'],
  TRYCREATE: [
    'There is no such mailbox; it could be created.',
    'Такого ящика нет; его можно создать.',
    9051,
    '7.1',
  ],
  UIDNEXT: ['The next message will get the UID {0}.', 'Следующее письмо получит UID {0}.', 9051, '7.1'],
  UIDNOTSTICKY: ['UIDs do not last here.', 'UID здесь непостоянны.', 9051, '7.1'],
  UIDREQUIRED: [
    'Only commands by UID are taken now.',
    'Теперь принимаются только команды по UID.',
    9586,
    '3',
  ],
  UIDVALIDITY: [
    'UIDs stay good as long as this number is {0}.',
    'UID верны, пока это число — {0}.',
    9051,
    '7.1',
  ],
  UNAVAILABLE: [
    'A part of the server is out of order for a while.',
    'Часть сервера временно не работает.',
    9051,
    '7.1',
  ],
  'UNKNOWN-CTE': [
    'The server can’t decode this part.',
    'Сервер не может раскодировать эту часть.',
    9051,
    '7.1',
  ],
  UNSEEN: [
    'The first unread message has the number {0}.',
    'Первое непрочитанное письмо имеет номер {0}.',
    3501,
    '7.1',
  ],
  URLMECH: [
    'How parts may be handed on by an address: {0}.',
    'Как части можно передавать по адресу: {0}.',
    4467,
    '8',
  ],
  USEATTR: ['The mailbox can’t have this use.', 'Такого назначения у ящика быть не может.', 6154, '3'],
  WEBALERT: [
    'The provider wants a login in the browser: {0}.',
    'Почтовая служба хочет входа через браузер: {0}.',
  ],
};

export interface Code extends Told {
  name: string;
}

/** The code at the beginning of a status response's text. Capabilities are told by the caller, who knows them. */
export function codeOf(text: string): Code | undefined {
  const found = /^\[([^\s\]]+)(?: ([^\]]*(?:\][^\]]*)*?))?\](?: |$)/u.exec(text);
  if (!found) return undefined;
  const name = (found[1] ?? '').toUpperCase();
  const rest = found[2] ?? '';
  const nodes = parse(rest);
  if (name === 'PERMANENTFLAGS') {
    const list = itemsOf(nodes[0]);
    const row: Row =
      list.length === 0
        ? ['No flags can be changed here.', 'Менять флаги здесь нельзя.', 9051, '7.1']
        : ['Flags that last when they are set: {0}.', 'Флаги, которые сохраняются: {0}.', 9051, '7.1'];
    return { name, ...fill(row, flags(list)) };
  }
  const row = CODES[name];
  if (!row)
    return {
      name,
      ...fill(['It adds the code {0}.', 'К этому — код {0}.', 9051, '7.1'], quoted(`${name} ${rest}`.trim())),
    };
  const words = nodes.map((node) => numbers(textOf(node).replace(/^\((.*)\)$/u, '$1')));
  return { name, ...fill(row, ...(row[0].includes('{1}') ? words : [words.join(' ')])) };
}
