import { fill, rfc, t, type Row, type Told } from './explanation.ts';

/** The second and third number of an enhanced status code (RFC 3463 section 3; later ones from the IANA registry). */
const DETAILS: Record<string, Row> = {
  '1.0': ['Something is wrong with an address.', 'Что-то не так с адресом.', 3463, '3.2'],
  '1.1': ['There is no such mailbox there.', 'Такого ящика там нет.', 3463, '3.2'],
  '1.2': [
    'There is no such domain that takes mail.',
    'Домена, принимающего почту, с таким именем нет.',
    3463,
    '3.2',
  ],
  '1.3': ['The address is not well formed.', 'Адрес записан неправильно.', 3463, '3.2'],
  '1.4': ['The address fits more than one mailbox.', 'Адресу отвечает больше одного ящика.', 3463, '3.2'],
  '1.5': ['The address is right.', 'Адрес верен.', 3463, '3.2'],
  '1.6': [
    'The mailbox has moved and left no new address.',
    'Ящик переехал и нового адреса не оставил.',
    3463,
    '3.2',
  ],
  '1.7': ['The sender’s address is not well formed.', 'Адрес отправителя записан неправильно.', 3463, '3.2'],
  '1.8': [
    'The domain of the sender does not exist or takes no mail.',
    'Домена отправителя нет, или он не принимает почту.',
    3463,
    '3.2',
  ],
  '1.9': [
    'The letter was handed on to a system that knows no delivery reports.',
    'Письмо передано системе, которая не знает отчётов о доставке.',
    3886,
  ],
  '1.10': [
    'The domain says that it takes no mail at all.',
    'Домен сообщает, что почту не принимает вовсе.',
    7505,
  ],
  '2.0': ['Something is wrong with the mailbox.', 'Что-то не так с ящиком.', 3463, '3.3'],
  '2.1': ['The mailbox is switched off.', 'Ящик отключён.', 3463, '3.3'],
  '2.2': ['The mailbox is full.', 'Ящик переполнен.', 3463, '3.3'],
  '2.3': [
    'The letter is larger than this mailbox allows.',
    'Письмо больше, чем разрешено этому ящику.',
    3463,
    '3.3',
  ],
  '2.4': ['The mailing list could not be spread out.', 'Не удалось развернуть список рассылки.', 3463, '3.3'],
  '3.0': [
    'Something is wrong with the mail system there.',
    'Что-то не так с почтовой системой там.',
    3463,
    '3.4',
  ],
  '3.1': ['The mail system there has no room left.', 'В почтовой системе там кончилось место.', 3463, '3.4'],
  '3.2': [
    'The mail system there is not taking letters.',
    'Почтовая система там сейчас писем не принимает.',
    3463,
    '3.4',
  ],
  '3.3': [
    'The mail system there can’t do what the letter needs.',
    'Почтовая система там не умеет того, что нужно письму.',
    3463,
    '3.4',
  ],
  '3.4': [
    'The letter is too large for the mail system.',
    'Письмо слишком велико для почтовой системы.',
    3463,
    '3.4',
  ],
  '3.5': [
    'The mail system there is not set up properly.',
    'Почтовая система там настроена неверно.',
    3463,
    '3.4',
  ],
  '3.6': ['The letter’s priority was changed.', 'Важность письма изменена.', 6710],
  '4.0': [
    'Something is wrong with the network or the way there.',
    'Что-то не так с сетью или путём туда.',
    3463,
    '3.5',
  ],
  '4.1': ['The other server does not answer.', 'Другой сервер не отвечает.', 3463, '3.5'],
  '4.2': ['The connection is bad or broke.', 'Соединение плохое или оборвалось.', 3463, '3.5'],
  '4.3': [
    'A directory that is needed, often the DNS, does not answer.',
    'Не отвечает нужный справочник, часто DNS.',
    3463,
    '3.5',
  ],
  '4.4': ['There is no way to that server.', 'Пути к тому серверу нет.', 3463, '3.5'],
  '4.5': ['The mail system is overloaded.', 'Почтовая система перегружена.', 3463, '3.5'],
  '4.6': ['The letter runs in a circle.', 'Письмо ходит по кругу.', 3463, '3.5'],
  '4.7': [
    'The letter lay too long and was given up.',
    'Письмо пролежало слишком долго, от него отказались.',
    3463,
    '3.5',
  ],
  '5.0': [
    'Something is wrong with how the protocol is spoken.',
    'Что-то не так с самим разговором.',
    3463,
    '3.6',
  ],
  '5.1': ['This command is not right here and now.', 'Эта команда здесь и сейчас неуместна.', 3463, '3.6'],
  '5.2': ['The command is not well formed.', 'Команда записана неправильно.', 3463, '3.6'],
  '5.3': ['There are too many recipients.', 'Слишком много получателей.', 3463, '3.6'],
  '5.4': ['A parameter of the command is not right.', 'Параметр команды неверен.', 3463, '3.6'],
  '5.5': [
    'The two sides speak different versions of the protocol.',
    'Стороны говорят на разных версиях протокола.',
    3463,
    '3.6',
  ],
  '5.6': ['A line of the login is too long.', 'Строка входа слишком длинна.', 4954, '6'],
  '6.0': [
    'Something is wrong with the content of the letter.',
    'Что-то не так с содержимым письма.',
    3463,
    '3.7',
  ],
  '6.1': ['This kind of content is not taken.', 'Содержимое такого вида не принимают.', 3463, '3.7'],
  '6.2': [
    'The content would have to be converted, and that is forbidden.',
    'Содержимое пришлось бы преобразовать, а это запрещено.',
    3463,
    '3.7',
  ],
  '6.3': [
    'The content would have to be converted, and that is not possible.',
    'Содержимое пришлось бы преобразовать, а это невозможно.',
    3463,
    '3.7',
  ],
  '6.4': [
    'The content was converted and something was lost.',
    'Содержимое преобразовано с потерями.',
    3463,
    '3.7',
  ],
  '6.5': ['Converting the content failed.', 'Преобразовать содержимое не удалось.', 3463, '3.7'],
  '6.6': ['The content of the letter can’t be had.', 'Содержимое письма недоступно.', 4468],
  '6.7': [
    'Addresses in other scripts are not taken here.',
    'Адреса на других письменностях здесь не принимают.',
    6531,
    '3.5',
  ],
  '6.8': [
    'The answer needs UTF-8, and the client did not say that it knows it.',
    'Ответ требует UTF-8, а клиент не сказал, что знает его.',
    6531,
    '3.5',
  ],
  '6.9': [
    'The header holds UTF-8 and can’t be handed on.',
    'Заголовок содержит UTF-8, и передать его дальше нельзя.',
    6531,
    '3.5',
  ],
  '7.0': [
    'It is a matter of security or of the server’s rules.',
    'Дело в безопасности или в правилах сервера.',
    3463,
    '3.8',
  ],
  '7.1': [
    'The server’s rules do not allow this to be delivered.',
    'Правила сервера не разрешают это доставить.',
    3463,
    '3.8',
  ],
  '7.2': ['One may not send to this mailing list.', 'Писать в этот список рассылки нельзя.', 3463, '3.8'],
  '7.3': [
    'A change of the letter’s protection would be needed and is not possible.',
    'Нужно сменить защиту письма, а это невозможно.',
    3463,
    '3.8',
  ],
  '7.4': ['This kind of protection is not known there.', 'Такой защиты там не знают.', 3463, '3.8'],
  '7.5': ['A cryptographic step failed.', 'Криптографическое действие не удалось.', 3463, '3.8'],
  '7.6': [
    'The cryptographic method is not known there.',
    'Такого криптографического способа там не знают.',
    3463,
    '3.8',
  ],
  '7.7': ['The letter was changed on its way.', 'Письмо по дороге изменилось.', 3463, '3.8'],
  '7.8': ['The name or the password is wrong.', 'Имя или пароль неверны.', 4954, '6'],
  '7.9': [
    'This way of logging in is too weak for the server.',
    'Такой способ входа серверу кажется слишком слабым.',
    4954,
    '6',
  ],
  '7.10': ['The server wants encryption first.', 'Сначала серверу нужно шифрование.', 5248],
  '7.11': ['This way of logging in needs encryption.', 'Такому способу входа нужно шифрование.', 4954, '6'],
  '7.12': [
    'The password has to be changed into another form first.',
    'Сначала пароль надо перевести в другой вид.',
    4954,
    '6',
  ],
  '7.13': ['The account is switched off.', 'Учётная запись отключена.', 5248],
  '7.14': ['The two servers do not trust each other.', 'Серверы не доверяют друг другу.', 5248],
  '7.15': ['The priority is too low to be taken now.', 'Важность слишком мала, чтобы взять сейчас.', 6710],
  '7.16': ['The letter is too large for its priority.', 'Письмо слишком велико для своей важности.', 6710],
  '7.17': ['The mailbox has another owner by now.', 'У ящика уже другой владелец.', 7293],
  '7.18': ['The domain has another owner by now.', 'У домена уже другой владелец.', 7293],
  '7.19': [
    'Whether the mailbox has another owner can’t be told.',
    'Сменился ли владелец ящика, сказать нельзя.',
    7293,
  ],
  '7.20': ['The letter’s DKIM signature does not pass.', 'Подпись DKIM письма не прошла.', 7372, '3.1'],
  '7.21': ['No DKIM signature was good enough.', 'Ни одна подпись DKIM не подошла.', 7372, '3.1'],
  '7.22': ['No DKIM signature of the author was good.', 'Нет верной подписи DKIM автора.', 7372, '3.1'],
  '7.23': [
    'SPF says that this computer may not send for that domain.',
    'По SPF этому компьютеру нельзя слать письма от того домена.',
    7372,
    '3.2',
  ],
  '7.24': ['SPF could not be checked.', 'SPF не удалось проверить.', 7372, '3.2'],
  '7.25': [
    'The sending computer’s address has no name that fits.',
    'У адреса отправляющего компьютера нет подходящего имени.',
    7372,
    '3.3',
  ],
  '7.26': [
    'More than one check of where the letter is from failed.',
    'Не прошла не одна проверка происхождения письма.',
    7372,
    '3.4',
  ],
  '7.27': [
    'The sender’s domain says that it takes no mail, so it can’t be answered.',
    'Домен отправителя не принимает почту, ответить ему нельзя.',
    7505,
  ],
  '7.28': ['Too much mail comes from there.', 'Оттуда идёт слишком много почты.'],
  '7.29': ['The chain of ARC seals does not pass.', 'Цепочка печатей ARC не прошла.', 8617],
  '7.30': [
    'The next server can’t keep the letter encrypted, and it must be.',
    'Следующий сервер не может сохранить шифрование, а оно обязательно.',
    8689,
  ],
};

const SUBJECTS: readonly Row[] = [
  ['There is nothing more to say about it.', 'Сказать об этом больше нечего.'],
  ['It is about an address.', 'Дело в адресе.'],
  ['It is about the mailbox.', 'Дело в ящике.'],
  ['It is about the mail system there.', 'Дело в почтовой системе там.'],
  ['It is about the network.', 'Дело в сети.'],
  ['It is about how the protocol is spoken.', 'Дело в самом разговоре.'],
  ['It is about the content of the letter.', 'Дело в содержимом письма.'],
  ['It is about security or the server’s rules.', 'Дело в безопасности или в правилах сервера.'],
];

export interface EnhancedStatus extends Told {
  code: string;
}

/** The code at the beginning of a reply's text, with what it adds to the reply (RFC 2034 section 4, RFC 3463). */
export function enhancedStatus(text: string): EnhancedStatus | undefined {
  const found = /^([245])\.(\d{1,3})\.(\d{1,3})(?= |$)/u.exec(text);
  if (!found) return undefined;
  const [code, , subject = '', detail = ''] = found;
  if (detail === '0' && subject === '0') return { code, text: t('', ''), rfc: rfc(3463, '3.1') };
  const row = DETAILS[`${subject}.${detail}`];
  // 2.x.y tells of success; 2.1.5 and the like say nothing that the reply does not.
  if (code.startsWith('2')) return { code, text: t('', ''), rfc: rfc(3463, '2') };
  return {
    code,
    ...fill(row ?? SUBJECTS[Number(subject)] ?? ['', '']),
    ...(row ? {} : { rfc: rfc(3463, '3') }),
  };
}
