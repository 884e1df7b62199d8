import { fill, quoted, type Row, type Told } from './explanation.ts';
import { mechanism, mechanisms } from './sasl.ts';

/** Without and with a value, where that makes a difference. */
const COMMANDS: Record<string, readonly [Row, Row?]> = {
  USER: [
    [
      'Gives the user name {0}; the password follows.',
      'Называет имя пользователя {0}; дальше будет пароль.',
      1939,
      '7',
    ],
  ],
  PASS: [['Gives the password, hidden here.', 'Называет пароль, здесь он скрыт.', 1939, '7']],
  APOP: [
    [
      'Logs in as {0} with a hash instead of the password.',
      'Вход под именем {0}: вместо пароля — хеш.',
      1939,
      '7',
    ],
  ],
  CAPA: [['Asks what the server can do.', 'Спрашивает, что сервер умеет.', 2449, '5']],
  STLS: [
    ['Asks to encrypt the connection from here on.', 'Просит дальше зашифровать соединение.', 2595, '4'],
  ],
  STAT: [
    [
      'Asks how many messages wait and how large they are together.',
      'Спрашивает, сколько писем ждёт и сколько они занимают вместе.',
      1939,
      '5',
    ],
  ],
  LIST: [
    ['Asks for the size of every message.', 'Спрашивает размер каждого письма.', 1939, '5'],
    ['Asks for the size of message {0}.', 'Спрашивает размер письма {0}.', 1939, '5'],
  ],
  UIDL: [
    [
      'Asks for the lasting name of every message: numbers change, these do not.',
      'Спрашивает постоянное имя каждого письма: номера меняются, имена — нет.',
      1939,
      '7',
    ],
    ['Asks for the lasting name of message {0}.', 'Спрашивает постоянное имя письма {0}.', 1939, '7'],
  ],
  RETR: [['Fetches message {0} whole.', 'Забирает письмо {0} целиком.', 1939, '5']],
  DELE: [
    [
      'Marks message {0} for deletion. It goes when the session ends with QUIT.',
      'Помечает письмо {0} на удаление. Оно исчезнет, когда сеанс закончится командой QUIT.',
      1939,
      '5',
    ],
  ],
  RSET: [['Takes every mark for deletion back.', 'Снимает все пометки об удалении.', 1939, '5']],
  NOOP: [
    [
      'Does nothing but show that the connection lives.',
      'Ничего не делает, только показывает, что связь жива.',
      1939,
      '5',
    ],
  ],
  QUIT: [
    ['Says goodbye; now what is marked is deleted.', 'Прощается; теперь помеченное удаляется.', 1939, '6'],
  ],
  UTF8: [
    [
      'Asks for messages with UTF-8 in their headers as they are.',
      'Просит отдавать письма с UTF-8 в заголовках как есть.',
      6856,
      '2',
    ],
  ],
  LANG: [
    [
      'Asks which languages the server speaks in its answers.',
      'Спрашивает, на каких языках сервер отвечает.',
      6856,
      '3',
    ],
    ['Asks for answers in the language {0}.', 'Просит отвечать на языке {0}.', 6856, '3'],
  ],
  LAST: [
    [
      'Asks for the highest number that was read; abandoned long ago.',
      'Спрашивает наибольший прочитанный номер; давно заброшено.',
      1225,
    ],
  ],
  XTND: [['Asks for an extension of old servers: {0}.', 'Просит расширение старых серверов: {0}.', 1082]],
};

export function explainPop3Command(verb: string, rest: string): Told {
  if (verb === 'TOP') {
    const [number = '', lines = ''] = rest.split(/ +/u);
    return fill(
      lines === '0'
        ? [
            'Fetches the header of message {0} and nothing of its text.',
            'Забирает заголовок письма {0} без текста.',
            1939,
            '7',
          ]
        : [
            'Fetches the header of message {0} and the first lines of its text: {1}.',
            'Забирает заголовок письма {0} и начало текста, строк: {1}.',
            1939,
            '7',
          ],
      number,
      lines,
    );
  }
  if (verb === 'AUTH') {
    const [name = ''] = rest.split(/ +/u);
    if (name === '')
      return fill(['Asks which ways to log in there are.', 'Спрашивает, какие есть способы входа.', 1734]);
    return fill(['Logs in by {0}.', 'Вход по {0}.', 5034, '4'], mechanism(name).text);
  }
  const found = COMMANDS[verb];
  if (!found) {
    return {
      ...fill(
        [
          '{0} is not a command of RFC 1939 or of an extension known here.',
          '{0} — не команда RFC 1939 и не из известных здесь расширений.',
        ],
        quoted(verb, 40),
      ),
      vague: true,
    };
  }
  const value = verb === 'APOP' ? (rest.split(' ')[0] ?? '') : rest;
  const word = /^\d+$/u.test(value) ? value : quoted(value);
  return fill(rest === '' ? found[0] : (found[1] ?? found[0]), word);
}

/** What `+OK` and `-ERR` mean for a command. */
const FATES: Record<string, readonly [yes: Row, no: Row]> = {
  GREETING: [
    ['The server greets: it is ready for a login.', 'Сервер здоровается: можно входить.', 1939, '4'],
    ['The server does not let anybody in now.', 'Сервер сейчас никого не пускает.', 1939, '4'],
  ],
  USER: [
    [
      'The server takes the name and waits for the password. It does not tell whether the name exists.',
      'Сервер принял имя и ждёт пароль. Есть ли такое имя, он не говорит.',
      1939,
      '7',
    ],
    ['The name is refused.', 'Имя отвергнуто.', 1939, '7'],
  ],
  PASS: [
    [
      'Logged in: the mailbox is locked for this session.',
      'Вход выполнен: ящик закреплён за этим сеансом.',
      1939,
      '4',
    ],
    ['The login is refused.', 'Во входе отказано.', 1939, '4'],
  ],
  CAPA: [
    ['What the server can do follows.', 'Дальше — что сервер умеет.', 2449, '5'],
    [
      'The server does not tell what it can do: it is an old one.',
      'Сервер не говорит, что умеет: он старый.',
      2449,
      '5',
    ],
  ],
  STLS: [
    [
      'The server agrees: TLS begins with the next byte.',
      'Сервер согласен: со следующего байта начинается TLS.',
      2595,
      '4',
    ],
    ['The server won’t begin TLS.', 'Сервер не станет начинать TLS.', 2595, '4'],
  ],
  STAT: [
    ['The server counted the messages.', 'Сервер посчитал письма.', 1939, '5'],
    ['The server can’t count the messages.', 'Сервер не может посчитать письма.', 1939, '5'],
  ],
  LIST: [
    ['The sizes follow.', 'Дальше — размеры.', 1939, '5'],
    ['There is no such message.', 'Такого письма нет.', 1939, '5'],
  ],
  UIDL: [
    ['The lasting names follow.', 'Дальше — постоянные имена.', 1939, '7'],
    [
      'There is no such message, or the server knows no lasting names.',
      'Такого письма нет, или постоянных имён сервер не знает.',
      1939,
      '7',
    ],
  ],
  RETR: [
    ['The message follows.', 'Дальше — письмо.', 1939, '5'],
    [
      'There is no such message, or it is marked for deletion.',
      'Такого письма нет, или оно помечено на удаление.',
      1939,
      '5',
    ],
  ],
  TOP: [
    ['The beginning of the message follows.', 'Дальше — начало письма.', 1939, '7'],
    [
      'There is no such message, or the server can’t give a part of it.',
      'Такого письма нет, или отдать его часть сервер не может.',
      1939,
      '7',
    ],
  ],
  DELE: [
    ['The message is marked for deletion.', 'Письмо помечено на удаление.', 1939, '5'],
    [
      'The message is not marked: it is not there, or it was marked before.',
      'Письмо не помечено: его нет, или оно уже было помечено.',
      1939,
      '5',
    ],
  ],
  RSET: [
    ['Nothing is marked for deletion any more.', 'На удаление больше ничего не помечено.', 1939, '5'],
    ['The marks could not be taken back.', 'Снять пометки не удалось.', 1939, '5'],
  ],
  NOOP: [
    ['The server is there.', 'Сервер на месте.', 1939, '5'],
    ['The server does not like even this.', 'Серверу не нравится даже это.', 1939, '5'],
  ],
  QUIT: [
    [
      'The server says goodbye; what was marked is deleted.',
      'Сервер прощается; помеченное удалено.',
      1939,
      '6',
    ],
    [
      'The server says goodbye, but not everything that was marked could be deleted.',
      'Сервер прощается, но удалить удалось не всё помеченное.',
      1939,
      '6',
    ],
  ],
  UTF8: [
    ['Messages come with UTF-8 as it is.', 'Письма будут приходить с UTF-8 как есть.', 6856, '2'],
    ['The server can’t do that.', 'Сервер этого не умеет.', 6856, '2'],
  ],
  LANG: [
    ['The server answers about languages.', 'Сервер отвечает о языках.', 6856, '3'],
    ['The server does not speak that language.', 'На этом языке сервер не отвечает.', 6856, '3'],
  ],
};

export function pop3Fate(verb: string, ok: boolean): Told {
  const name = verb === 'APOP' || verb === 'AUTH' ? 'PASS' : verb;
  const fate = FATES[name];
  if (fate) return fill(fate[ok ? 0 : 1]);
  return fill(
    ok
      ? ['The server did {0}.', 'Сервер выполнил {0}.', 1939, '3']
      : ['The server does not know or do {0}.', 'Сервер не знает или не выполняет {0}.', 1939, '3'],
    quoted(verb, 40),
  );
}

/** Codes in brackets (RFC 2449 section 8, RFC 3206, RFC 6856). */
const CODES: Record<string, Row> = {
  'IN-USE': [
    'Another program has the mailbox open: wait until it is done.',
    'Ящик открыт другой программой: подождите, пока она закончит.',
    2449,
    '8.1.2',
  ],
  'LOGIN-DELAY': [
    'The last login was too short ago: wait a little.',
    'С прошлого входа прошло слишком мало времени: подождите.',
    2449,
    '8.1.1',
  ],
  'SYS/TEMP': [
    'The trouble is on the server and will pass; the password is not to blame.',
    'Неполадка на сервере, она пройдёт; пароль ни при чём.',
    3206,
    '4',
  ],
  'SYS/PERM': [
    'The trouble is on the server, and somebody has to look after it; the password is not to blame.',
    'Неполадка на сервере, её должен устранить человек; пароль ни при чём.',
    3206,
    '4',
  ],
  AUTH: ['The name or the password is to blame.', 'Дело в имени или пароле.', 3206, '5'],
  UTF8: [
    'The message needs UTF-8: ask for it by UTF8 first.',
    'Письму нужен UTF-8: сначала дайте команду UTF8.',
    6856,
    '5',
  ],
};

export function pop3Code(text: string): Told | undefined {
  const name = /^\[([^\]\s]+)[^\]]*\]/u.exec(text)?.[1]?.toUpperCase();
  if (name === undefined) return undefined;
  const row = CODES[name];
  return row ? fill(row) : fill(['It adds the code {0}.', 'К этому — код {0}.', 2449, '8'], quoted(name));
}

const CAPABILITIES: Record<string, readonly [Row, Row?]> = {
  CAPA: [
    [
      'What the server can do may be asked by CAPA, as just now.',
      'Что сервер умеет, можно спросить командой CAPA, как сейчас.',
      2449,
      '5',
    ],
  ],
  TOP: [
    [
      'The header and the beginning of a message can be fetched by TOP.',
      'Заголовок и начало письма можно взять командой TOP.',
      2449,
      '6.1',
    ],
  ],
  USER: [['One may log in by USER and PASS.', 'Войти можно командами USER и PASS.', 2449, '6.2']],
  'RESP-CODES': [
    [
      'Refusals carry a code in brackets that programs understand.',
      'В отказах есть код в скобках, понятный программам.',
      2449,
      '6.4',
    ],
  ],
  'AUTH-RESP-CODE': [
    [
      'A refused login tells whether the password or the server is to blame.',
      'При отказе во входе сказано, виноват пароль или сервер.',
      3206,
      '6',
    ],
  ],
  'LOGIN-DELAY': [
    ['The server wants a pause between two logins.', 'Между двумя входами сервер хочет паузу.', 2449, '6.5'],
    [
      'The server wants a pause between two logins: {0} seconds.',
      'Между двумя входами сервер хочет паузу: {0} с.',
      2449,
      '6.5',
    ],
  ],
  PIPELINING: [
    [
      'The client may send several commands without waiting for each answer.',
      'Клиент может слать команды подряд, не дожидаясь каждого ответа.',
      2449,
      '6.6',
    ],
  ],
  EXPIRE: [
    ['The server deletes old messages by itself.', 'Старые письма сервер удаляет сам.', 2449, '6.7'],
    [
      'How long the server keeps messages, in days: {0}.',
      'Сколько дней сервер хранит письма: {0}.',
      2449,
      '6.7',
    ],
  ],
  UIDL: [
    [
      'Messages have lasting names, told by UIDL.',
      'У писем есть постоянные имена, их сообщает UIDL.',
      2449,
      '6.8',
    ],
  ],
  IMPLEMENTATION: [
    ['The server’s program is not named.', 'Программа сервера не названа.', 2449, '6.9'],
    ['The server’s program: {0}.', 'Программа сервера: {0}.', 2449, '6.9'],
  ],
  STLS: [
    ['The connection can be encrypted by STLS.', 'Соединение можно зашифровать командой STLS.', 2595, '4'],
  ],
  UTF8: [
    [
      'Messages with UTF-8 in their headers can be had as they are.',
      'Письма с UTF-8 в заголовках можно получать как есть.',
      6856,
      '2',
    ],
  ],
  LANG: [['The server can answer in other languages.', 'Сервер умеет отвечать на других языках.', 6856, '3']],
  APOP: [['One may log in by APOP.', 'Войти можно командой APOP.', 1939, '7']],
  SASL: [
    [
      'The server knows ways to log in by AUTH, but names none yet.',
      'Сервер умеет вход командой AUTH, но способов пока не называет.',
      2449,
      '6.3',
    ],
  ],
};

/** One line of the answer to CAPA. */
export function pop3Capability(line: string): Told {
  const [name = '', ...values] = line.trim().split(/ +/u);
  const upper = name.toUpperCase();
  if (upper === 'SASL' && values.length > 0)
    return fill(
      ['Ways to log in by AUTH: {0}.', 'Способы входа командой AUTH: {0}.', 2449, '6.3'],
      mechanisms(values),
    );
  if (upper === 'EXPIRE' && values[0]?.toUpperCase() === 'NEVER')
    return fill([
      'The server never deletes messages by itself.',
      'Сам сервер писем не удаляет.',
      2449,
      '6.7',
    ]);
  const found = CAPABILITIES[upper];
  if (!found)
    return fill(
      [
        'The server offers {0}, an extension of its own or one that is not described here.',
        'Сервер предлагает {0} — своё собственное расширение или такое, что здесь не описано.',
        2449,
        '5',
      ],
      upper,
    );
  return fill(values.length > 0 ? (found[1] ?? found[0]) : found[0], values.join(' '));
}
