import { enhancedStatus } from './enhanced-status.ts';
import { fill, join, quoted, rfc, t, type Row, type Text, type Told } from './explanation.ts';

/** What the server did about a command: when it agrees, when it puts it off, when it refuses. */
type Fate = readonly [yes: Text, later: Text, no: Text];

const FATES: Record<string, Fate> = {
  greeting: [
    t('The server greets: it is ready for mail.', 'Сервер здоровается: он готов принимать почту.'),
    t('The server can’t take mail now.', 'Сервер сейчас не может принимать почту.'),
    t('The server takes no mail here.', 'Сервер здесь почту не принимает.'),
  ],
  EHLO: [
    t('The server greets back.', 'Сервер здоровается в ответ.'),
    t('The server can’t go on now.', 'Сервер сейчас не может продолжать.'),
    t('The server does not accept the greeting.', 'Сервер не принимает приветствие.'),
  ],
  MAIL: [
    t('The sender is accepted; recipients may follow.', 'Отправитель принят; можно называть получателей.'),
    t('The sender is not accepted for now.', 'Отправителя пока не принимают.'),
    t('The sender is refused.', 'Отправителю отказано.'),
  ],
  RCPT: [
    t('The recipient is accepted.', 'Получатель принят.'),
    t('The recipient is not accepted for now.', 'Получателя пока не принимают.'),
    t('The recipient is refused.', 'Получателю отказано.'),
  ],
  DATA: [
    t('The server is ready for the letter.', 'Сервер готов принять письмо.'),
    t('The server can’t take the letter now.', 'Сервер сейчас не может принять письмо.'),
    t('The server won’t take the letter.', 'Сервер не примет письмо.'),
  ],
  message: [
    t(
      'The letter is accepted: from here on the server answers for it.',
      'Письмо принято: теперь за него отвечает сервер.',
    ),
    t('The letter is not accepted for now.', 'Письмо пока не принято.'),
    t('The letter is refused.', 'Письмо отвергнуто.'),
  ],
  BDAT: [
    t('This piece of the letter is accepted.', 'Этот кусок письма принят.'),
    t('This piece of the letter is not accepted for now.', 'Этот кусок письма пока не принят.'),
    t('The letter is refused.', 'Письмо отвергнуто.'),
  ],
  AUTH: [
    t('Logged in.', 'Вход выполнен.'),
    t('Logging in is not possible for now.', 'Войти сейчас нельзя.'),
    t('The login is refused.', 'Во входе отказано.'),
  ],
  STARTTLS: [
    t(
      'The server agrees: TLS begins with the next byte.',
      'Сервер согласен: со следующего байта начинается TLS.',
    ),
    t('TLS is not available for now.', 'TLS сейчас недоступен.'),
    t('The server won’t begin TLS.', 'Сервер не станет начинать TLS.'),
  ],
  RSET: [
    t('The letter that was begun is forgotten.', 'Начатое письмо забыто.'),
    t('The server could not forget the letter.', 'Сервер не смог забыть письмо.'),
    t('The server could not forget the letter.', 'Сервер не смог забыть письмо.'),
  ],
  NOOP: [
    t('The server is there.', 'Сервер на месте.'),
    t('The server is there but can’t go on.', 'Сервер на месте, но продолжать не может.'),
    t('The server does not like even this.', 'Серверу не нравится даже это.'),
  ],
  QUIT: [
    t('The server says goodbye and closes the connection.', 'Сервер прощается и закрывает соединение.'),
    t('The server breaks off.', 'Сервер обрывает разговор.'),
    t('The server does not take the goodbye.', 'Сервер не принимает прощание.'),
  ],
  VRFY: [
    t('The server answers about the address.', 'Сервер отвечает об адресе.'),
    t('The server can’t tell about the address now.', 'Сервер сейчас не может сказать об адресе.'),
    t('The server knows no such address, or won’t tell.', 'Сервер не знает такого адреса или не скажет.'),
  ],
  EXPN: [
    t('The server tells who is on the list.', 'Сервер говорит, кто состоит в списке.'),
    t('The server can’t tell about the list now.', 'Сервер сейчас не может сказать о списке.'),
    t('The server won’t tell who is on the list.', 'Сервер не скажет, кто состоит в списке.'),
  ],
  HELP: [
    t('The server’s help.', 'Справка сервера.'),
    t('The server has no help now.', 'Сейчас справки нет.'),
    t('The server has no help on this.', 'Об этом у сервера справки нет.'),
  ],
  ETRN: [
    t('The server looks after the waiting mail.', 'Сервер займётся ждущей почтой.'),
    t('The server can’t do it now.', 'Сервер сейчас не может этого сделать.'),
    t('The server won’t do it.', 'Сервер не станет этого делать.'),
  ],
};
const aliases: Record<string, string> = {
  HELO: 'EHLO',
  LHLO: 'EHLO',
  BURL: 'message',
  SEND: 'MAIL',
  SOML: 'MAIL',
  SAML: 'MAIL',
};

/** Meanings of reply codes that add to what the command's fate says (RFC 5321 section 4.2.3, RFC 4954 section 6). */
const CODES: Record<string, Row> = {
  '211': ['It tells about its state.', 'Он рассказывает о своём состоянии.', 5321, '4.2.3'],
  '214': ['It is a text for people.', 'Это текст для людей.', 5321, '4.2.3'],
  '221': ['', '', 5321, '4.2.3'],
  '235': ['', '', 4954, '6'],
  '251': [
    'The mailbox is elsewhere; the server hands the letter on.',
    'Ящик в другом месте; сервер передаст письмо дальше.',
    5321,
    '3.4',
  ],
  '252': [
    'It can’t verify the address, but takes the letter and tries.',
    'Проверить адрес он не может, но письмо возьмёт и попробует.',
    5321,
    '3.5.3',
  ],
  '253': ['Mail is waiting.', 'Почта ждёт.', 1985, '5.3'],
  '354': [
    'It has to end with a line that holds a single dot.',
    'Закончить его надо строкой из одной точки.',
    5321,
    '4.1.1.4',
  ],
  '421': [
    'The server closes the connection; try again later.',
    'Сервер закрывает соединение; попробуйте позже.',
    5321,
    '3.8',
  ],
  '432': ['The password has to be renewed first.', 'Сначала надо обновить пароль.', 4954, '6'],
  '450': [
    'The mailbox is busy or the server is careful with strangers; trying again helps.',
    'Ящик занят, или сервер осторожен с незнакомцами; поможет повтор.',
    5321,
    '4.2.3',
  ],
  '451': [
    'The server had a trouble of its own; trying again helps.',
    'У сервера свои неполадки; поможет повтор.',
    5321,
    '4.2.3',
  ],
  '452': [
    'The server has no room, or there were too many recipients at once.',
    'У сервера нет места, или получателей за раз слишком много.',
    5321,
    '4.2.3',
  ],
  '454': [
    'Something it needs is out of order for a while.',
    'Что-то нужное временно не работает.',
    4954,
    '6',
  ],
  '455': ['A parameter can’t be honoured now.', 'Параметр сейчас выполнить нельзя.', 5321, '4.2.3'],
  '458': ['Nothing can be queued now.', 'Сейчас ничего нельзя поставить в очередь.', 1985, '5.3'],
  '500': ['The server does not know the command.', 'Сервер не знает такой команды.', 5321, '4.2.3'],
  '501': [
    'Something is wrong with what follows the command.',
    'Что-то не так в том, что стоит после команды.',
    5321,
    '4.2.3',
  ],
  '502': [
    'The server knows the command but does not do it.',
    'Сервер знает команду, но не выполняет.',
    5321,
    '4.2.3',
  ],
  '503': ['The command comes at the wrong moment.', 'Команда пришла не вовремя.', 5321, '4.2.3'],
  '504': ['The server does not know this parameter.', 'Сервер не знает этого параметра.', 5321, '4.2.3'],
  '521': ['This computer takes no mail at all.', 'Этот компьютер почту не принимает вовсе.', 7504, '3'],
  '523': ['The letter is larger than allowed.', 'Письмо больше разрешённого.', 5321, '4.2.3'],
  '530': ['One has to log in first.', 'Сначала надо войти.', 4954, '6'],
  '534': [
    'This way of logging in is too weak for the server.',
    'Такой способ входа серверу кажется слишком слабым.',
    4954,
    '6',
  ],
  '535': ['The name or the password is wrong.', 'Имя или пароль неверны.', 4954, '6'],
  '538': ['This way of logging in needs encryption.', 'Такому способу входа нужно шифрование.', 4954, '6'],
  '550': [
    'There is no such mailbox, or the server’s rules forbid it.',
    'Такого ящика нет, или запрещают правила сервера.',
    5321,
    '4.2.3',
  ],
  '551': [
    'The mailbox is elsewhere, and the server does not hand letters on.',
    'Ящик в другом месте, а сервер писем не передаёт.',
    5321,
    '3.4',
  ],
  '552': [
    'It is larger than the server or the mailbox allows.',
    'Размер больше, чем разрешает сервер или ящик.',
    5321,
    '4.2.3',
  ],
  '553': [
    'The address is not written or not allowed like this.',
    'Такой адрес записан неверно или не разрешён.',
    5321,
    '4.2.3',
  ],
  '554': [
    'The server gives no better reason than its words.',
    'Лучшей причины, чем его слова, сервер не называет.',
    5321,
    '4.2.3',
  ],
  '555': ['The server does not know a parameter.', 'Сервер не знает какого-то параметра.', 5321, '4.1.1.11'],
  '556': ['The domain takes no mail.', 'Домен почту не принимает.', 7504, '5'],
};

const HINTS: Record<string, Text> = {
  '535': t(
    'Many providers want a password made for programs, not the one for their web page.',
    'Многие службы ждут пароль для приложений, а не тот, с которым входят на сайт.',
  ),
  '530': t(
    'Check that the account has a user name and a password for sending.',
    'Проверьте, что для отправки у учётной записи указаны имя и пароль.',
  ),
  '552': t(
    'Make the letter smaller, or share the file by a link.',
    'Уменьшите письмо или поделитесь файлом по ссылке.',
  ),
};

export interface SmtpReply {
  code: string;
  text: string;
  /** The last line of its reply. */
  last: boolean;
}

/** One line of a reply (RFC 5321 section 4.2.1), or undefined for what is none. */
export function smtpReply(line: string): SmtpReply | undefined {
  const found = /^([2-5]\d\d)([ -]|$)(.*)$/su.exec(line);
  return found ? { code: found[1] ?? '', text: found[3] ?? '', last: found[2] !== '-' } : undefined;
}

/** @param asked the verb of the command, `message` for a letter, `greeting` */
export function explainSmtpReply({ code, text }: SmtpReply, asked: string): Told {
  const index = /^[23]/u.test(code) ? 0 : code.startsWith('4') ? 1 : 2;
  const fate = FATES[aliases[asked] ?? asked];
  const other = [
    t(`The server agrees to ${asked}.`, `Сервер выполнил ${asked}.`),
    t(`The server can’t do ${asked} now.`, `Сервер сейчас не может выполнить ${asked}.`),
    t(`The server refuses ${asked}.`, `Сервер отказал команде ${asked}.`),
  ][index];
  const known = CODES[code];
  const meaning = known ? fill(known) : undefined;
  const enhanced = enhancedStatus(text);
  // An enhanced code says more, but for those that say “something is wrong” and replies that could not be clearer.
  const vague = enhanced === undefined || enhanced.text.en === '' || enhanced.code.endsWith('.0');
  const reason =
    meaning && (vague || /^5(?:00|02|04|30|34|35|38)$/u.test(code)) ? meaning : (enhanced ?? meaning);
  // 421 may answer anything and says nothing of it.
  const parts = code === '421' ? [meaning?.text, enhanced?.text] : [fate?.[index] ?? other, reason?.text];
  const queued = asked === 'message' ? /\bqueued as ([\w.-]+)/u.exec(text)?.[1] : undefined;
  if (queued !== undefined)
    parts.push(fill(['It calls it {0}.', 'У него оно зовётся {0}.'], quoted(queued)).text);
  return {
    text: join(parts),
    rfc:
      asked === 'STARTTLS' && index === 0
        ? rfc(3207, '4')
        : (reason?.rfc ?? meaning?.rfc ?? rfc(5321, '4.2.3')),
    outcome: index === 0 ? 'ok' : index === 1 ? 'failed' : 'refused',
    ...(HINTS[code] ? { hint: HINTS[code] } : {}),
  };
}
