import { commas, fill, join, quoted, size, t, type Row, type Text, type Told } from './explanation.ts';
import { credentials, mechanism } from './sasl.ts';

/** The command in a line, read as far as an explanation needs it. */
export interface SmtpCommand {
  verb: string;
  /** What follows the verb. */
  rest: string;
}

export function smtpCommand(text: string): SmtpCommand {
  const [verb = ''] = /^\S*/u.exec(text) ?? [];
  return { verb: verb.toUpperCase(), rest: text.slice(verb.length).trim() };
}

const SIMPLE: Record<string, Row> = {
  RSET: [
    'Forgets the letter that was begun; the connection stays.',
    'Забывает начатое письмо; соединение остаётся.',
    5321,
    '4.1.1.5',
  ],
  NOOP: [
    'Does nothing but show that the connection lives.',
    'Ничего не делает, только показывает, что связь жива.',
    5321,
    '4.1.1.9',
  ],
  QUIT: [
    'Says goodbye; the server may close the connection.',
    'Прощается; сервер может закрыть соединение.',
    5321,
    '4.1.1.10',
  ],
  DATA: [
    'The letter itself follows once the server says so. A line with a single dot will end it.',
    'Дальше пойдёт само письмо, когда сервер разрешит. Его закончит строка из одной точки.',
    5321,
    '4.1.1.4',
  ],
  STARTTLS: [
    'Asks to encrypt the connection from here on.',
    'Просит дальше зашифровать соединение.',
    3207,
    '4',
  ],
  TURN: [
    'Asks to swap the roles of the two sides; abandoned long ago.',
    'Просит поменяться ролями; от этого давно отказались.',
    5321,
    'F.1',
  ],
};

const WITH_VALUE: Record<string, Row> = {
  VRFY: ['Asks whether there is a mailbox {0}.', 'Спрашивает, есть ли ящик {0}.', 5321, '4.1.1.6'],
  EXPN: [
    'Asks who is on the mailing list {0}.',
    'Спрашивает, кто состоит в списке рассылки {0}.',
    5321,
    '4.1.1.7',
  ],
  ETRN: ['Asks to send the mail that waits for {0}.', 'Просит отправить почту, которая ждёт {0}.', 1985, '5'],
  ATRN: [
    'Asks for the mail of {0} over this very connection.',
    'Просит почту для {0} по этому же соединению.',
    2645,
    '5',
  ],
  BURL: ['Tells the server to take the letter from {0}.', 'Велит серверу взять письмо из {0}.', 4468, '3'],
  XCLIENT: [
    'Tells who the real client is: {0} (an extension of Postfix).',
    'Говорит, кто настоящий клиент: {0} (расширение Postfix).',
  ],
  XFORWARD: [
    'Tells where the letter came from: {0} (an extension of Postfix).',
    'Говорит, откуда пришло письмо: {0} (расширение Postfix).',
  ],
  SEND: [
    'Would write to a terminal: {0}. Abandoned long ago.',
    'Писало бы на терминал: {0}. Давно заброшено.',
    5321,
    'F.6',
  ],
  SOML: [
    'Would write to a terminal or a mailbox: {0}. Abandoned long ago.',
    'Писало бы на терминал или в ящик: {0}. Давно заброшено.',
    5321,
    'F.6',
  ],
  SAML: [
    'Would write to a terminal and a mailbox: {0}. Abandoned long ago.',
    'Писало бы на терминал и в ящик: {0}. Давно заброшено.',
    5321,
    'F.6',
  ],
};

export function explainSmtpCommand({ verb, rest }: SmtpCommand): Told {
  const simple = SIMPLE[verb];
  if (simple) return fill(simple);
  const valued = WITH_VALUE[verb];
  if (valued) return fill(valued, quoted(rest));
  switch (verb) {
    case 'EHLO':
    case 'HELO':
    case 'LHLO':
      return hello(verb, rest);
    case 'MAIL':
      return sender(rest);
    case 'RCPT':
      return recipient(rest);
    case 'HELP':
      return rest === ''
        ? fill(['Asks for help.', 'Просит справку.', 5321, '4.1.1.8'])
        : fill(['Asks for help about {0}.', 'Просит справку о {0}.', 5321, '4.1.1.8'], quoted(rest));
    case 'BDAT': {
      const [bytes = '', last = ''] = rest.split(/ +/u);
      return fill(
        /^LAST$/iu.test(last)
          ? ['The next {0} are the end of the letter.', 'Следующие {0} — конец письма.', 3030, '2']
          : [
              'The next {0} are a piece of the letter; more will follow.',
              'Следующие {0} — часть письма; будут ещё.',
              3030,
              '2',
            ],
        size(Number(bytes)),
      );
    }
    case 'AUTH': {
      const [name = '', data] = rest.split(/ +/u);
      const way = mechanism(name);
      return {
        ...way,
        ...fill(['Logs in by {0}.', 'Вход по {0}.', 4954, '4'], way.text),
        text: join([
          fill(['Logs in by {0}.', 'Вход по {0}.'], way.text).text,
          data === undefined ? undefined : credentials(name, data, 1),
        ]),
      };
    }
    default:
      return {
        ...fill(
          [
            '{0} is not a command of RFC 5321 or of an extension known here.',
            '{0} — не команда RFC 5321 и не из известных здесь расширений.',
          ],
          quoted(verb, 40),
        ),
        vague: true,
      };
  }
}

function hello(verb: string, name: string): Told {
  const literal = /^\[(?:IPv6:)?(.*)\]$/iu.exec(name);
  const who = literal
    ? fill(
        ['gives an address, {0}, instead of a name', 'вместо имени называет адрес {0}'],
        quoted(literal[1] ?? ''),
      )
    : fill(['says that its name is {0}', 'говорит, что его имя {0}'], quoted(name));
  const rest =
    verb === 'HELO'
      ? t(' No extensions are asked for.', ' Расширения не нужны.')
      : t(' and asks what the server can do.', ' и спрашивает, что сервер умеет.');
  return {
    text: join(
      [
        t('The client greets, ', 'Клиент здоровается, '),
        who.text,
        verb === 'HELO' ? t('.', '.') : undefined,
        rest,
      ],
      '',
    ),
    rfc: { number: verb === 'LHLO' ? 2033 : 5321, section: '4.1.1.1' },
  };
}

/** Parameters of MAIL and RCPT. */
const PARAMETERS: Record<string, Row> = {
  SIZE: ['it will have about {0}', 'размер около {0}', 1870, '3'],
  'BODY=8BITMIME': ['it may hold any bytes above 127', 'в нём могут быть байты больше 127', 6152, '3'],
  'BODY=7BIT': ['it is plain ASCII', 'в нём только ASCII', 6152, '3'],
  'BODY=BINARYMIME': ['it may hold any bytes at all', 'в нём могут быть любые байты', 3030, '3'],
  SMTPUTF8: [
    'its addresses or header may be in any script',
    'адреса и заголовок могут быть на любой письменности',
    6531,
    '3.4',
  ],
  'RET=FULL': [
    'a report on failure is to hold the whole letter',
    'отчёт о неудаче пусть содержит всё письмо',
    3461,
    '4.3',
  ],
  'RET=HDRS': [
    'a report on failure is to hold the header only',
    'отчёт о неудаче пусть содержит только заголовок',
    3461,
    '4.3',
  ],
  ENVID: ['reports are to name it {0}', 'в отчётах пусть оно зовётся {0}', 3461, '4.4'],
  'AUTH=<>': ['who handed it in is not told', 'кто его сдал, не сообщается', 4954, '5'],
  AUTH: ['it was handed in by {0}', 'его сдал {0}', 4954, '5'],
  'NOTIFY=NEVER': ['no reports are wanted', 'отчёты не нужны', 3461, '4.1'],
  NOTIFY: ['a report is wanted on: {0}', 'отчёт нужен в случаях: {0}', 3461, '4.1'],
  ORCPT: ['the letter was first meant for {0}', 'сначала письмо предназначалось {0}', 3461, '4.2'],
  REQUIRETLS: ['every hop has to be encrypted', 'каждый шаг должен быть зашифрован', 8689, '2'],
  'MT-PRIORITY': ['its priority is {0}', 'его важность {0}', 6710, '3'],
  HOLDFOR: ['it is to be held for {0} seconds', 'его задержать на {0} с', 4865, '3'],
  HOLDUNTIL: ['it is to be held until {0}', 'его задержать до {0}', 4865, '3'],
  BY: ['it has to arrive within {0}', 'оно должно дойти за {0}', 2852, '4'],
  RRVS: [
    'only if the mailbox belongs to the same person since {0}',
    'только если ящик принадлежит тому же человеку с {0}',
    7293,
    '3',
  ],
};

function parameters(words: readonly string[]): Text | undefined {
  const told = words
    .filter((word) => word !== '')
    .map((word) => {
      const [name = '', ...rest] = word.split('=');
      const value = rest.join('=');
      const row = PARAMETERS[word.toUpperCase()] ?? PARAMETERS[name.toUpperCase()];
      return row
        ? fill(row, name.toUpperCase() === 'SIZE' ? size(Number(value)) : quoted(value)).text
        : quoted(word);
    });
  return told.length === 0 ? undefined : commas(told);
}

/** The address between angle brackets, and what follows it. */
function path(rest: string): { address: string; parameters: string[] } | undefined {
  const found = /^(?:FROM|TO): *<((?:"(?:[^"\\]|\\.)*"|[^>])*)>(.*)$/iu.exec(rest);
  return found ? { address: found[1] ?? '', parameters: (found[2] ?? '').trim().split(/ +/u) } : undefined;
}

function sender(rest: string): Told {
  const read = path(rest);
  if (!read)
    return fill(
      [
        'Would begin a letter, but {0} is not how a sender is written.',
        'Начала бы письмо, но {0} — не запись отправителя.',
        5321,
        '4.1.1.2',
      ],
      quoted(rest),
    );
  const who =
    read.address === ''
      ? t(
          'Begins a letter that nobody is to be told about when it fails: a report, not an answer.',
          'Начинает письмо, о неудаче которого сообщать некому: это отчёт, а не ответ.',
        )
      : fill(
          [
            'Begins a letter from {0}: failures are reported there.',
            'Начинает письмо от {0}: туда придут отчёты о неудаче.',
          ],
          quoted(read.address),
        ).text;
  const more = parameters(read.parameters);
  return {
    text: join([who, more ? join([t('Besides: ', 'Кроме того: '), more, t('.', '.')], '') : undefined]),
    rfc: { number: 5321, section: '4.1.1.2' },
  };
}

function recipient(rest: string): Told {
  const read = path(rest);
  if (!read)
    return fill(
      [
        'Would name a recipient, but {0} is not how one is written.',
        'Назвала бы получателя, но {0} — не запись получателя.',
        5321,
        '4.1.1.3',
      ],
      quoted(rest),
    );
  const who = fill(['The letter goes to {0}.', 'Получатель письма — {0}.'], quoted(read.address)).text;
  const more = parameters(read.parameters);
  return {
    text: join([who, more ? join([t('Besides: ', 'Кроме того: '), more, t('.', '.')], '') : undefined]),
    rfc: { number: 5321, section: '4.1.1.3' },
  };
}
