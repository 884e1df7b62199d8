import { fill, join, size, t, type Row, type Told } from './explanation.ts';
import { mechanisms } from './sasl.ts';

/** What a server offers in its answer to EHLO (RFC 5321 section 4.1.1.1 and the IANA registry of extensions). */
const KEYWORDS: Record<string, Row> = {
  '8BITMIME': [
    'Letters may hold any byte above 127 as it is, not only plain ASCII.',
    'Письма могут содержать любые байты как есть, не только ASCII.',
    6152,
    '2',
  ],
  BINARYMIME: [
    'Letters may hold any bytes at all, even without line ends.',
    'Письма могут состоять из любых байтов, даже без строк.',
    3030,
    '3',
  ],
  CHUNKING: [
    'A letter may be sent in counted pieces by BDAT; nothing in it has to be escaped then.',
    'Письмо можно слать кусками известной длины командой BDAT; экранировать в нём тогда ничего не надо.',
    3030,
    '2',
  ],
  PIPELINING: [
    'The client may send several commands without waiting for each answer.',
    'Клиент может слать команды подряд, не дожидаясь каждого ответа.',
    2920,
    '2',
  ],
  DSN: [
    'The sender may ask for reports: on delivery, on delay, on failure.',
    'Отправитель может просить отчёты: о доставке, задержке, неудаче.',
    3461,
    '3',
  ],
  ENHANCEDSTATUSCODES: [
    'Answers carry a second code like 5.1.1 that says more exactly what is the matter.',
    'В ответах есть второй код вида 5.1.1, который точнее говорит, в чём дело.',
    2034,
    '3',
  ],
  STARTTLS: [
    'The connection can be encrypted by the command STARTTLS.',
    'Соединение можно зашифровать командой STARTTLS.',
    3207,
    '2',
  ],
  SMTPUTF8: [
    'Addresses and headers may be in any script.',
    'Адреса и заголовки могут быть на любой письменности.',
    6531,
    '3.1',
  ],
  VRFY: [
    'One may ask whether an address exists; most servers do not really tell.',
    'Можно спросить, есть ли такой адрес; большинство серверов по-настоящему не отвечает.',
    5321,
    '4.1.1.6',
  ],
  EXPN: [
    'One may ask who is on a mailing list.',
    'Можно спросить, кто состоит в списке рассылки.',
    5321,
    '4.1.1.7',
  ],
  HELP: ['The server has a help text.', 'У сервера есть справка.', 5321, '4.1.1.8'],
  ETRN: [
    'A server that is not always online may ask for the mail that waits for it.',
    'Сервер, который не всегда в сети, может запросить ждущую его почту.',
    1985,
    '3',
  ],
  ATRN: [
    'A server may fetch the mail of its domains over this connection.',
    'Сервер может забрать почту своих доменов по этому соединению.',
    2645,
    '4',
  ],
  DELIVERBY: [
    'The sender may say until when a letter has to arrive.',
    'Отправитель может указать, к какому сроку письмо должно дойти.',
    2852,
    '3',
  ],
  REQUIRETLS: [
    'The sender may demand that a letter travels encrypted on every hop.',
    'Отправитель может потребовать, чтобы письмо шло зашифрованным на всём пути.',
    8689,
    '2',
  ],
  'MT-PRIORITY': [
    'Letters may carry a priority for the servers on their way.',
    'Письма могут нести важность для серверов на пути.',
    6710,
    '3',
  ],
  BURL: [
    'A letter may be fetched by the server itself from an IMAP server.',
    'Сервер может сам взять письмо с сервера IMAP.',
    4468,
    '3',
  ],
  FUTURERELEASE: [
    'Letters may be handed in now and sent later.',
    'Письмо можно сдать сейчас, а отправить позже.',
    4865,
    '3',
  ],
  CHECKPOINT: [
    'A transfer that broke off may be taken up again.',
    'Прерванную передачу можно продолжить.',
    1845,
    '3',
  ],
  'NO-SOLICITING': [
    'The server asks that advertising be marked as such.',
    'Сервер просит помечать рекламу.',
    3865,
    '2',
  ],
  MTRK: ['One may ask later where a letter is.', 'Потом можно спросить, где письмо.', 3885, '3'],
  RRVS: [
    'The sender may ask that a letter goes only to the mailbox’s former owner.',
    'Отправитель может просить доставить письмо лишь прежнему владельцу ящика.',
    7293,
    '3',
  ],
  CONPERM: [
    'The server may be told which contents the recipient takes.',
    'Серверу можно сказать, какое содержимое берёт получатель.',
    4141,
  ],
  CONNEG: [
    'The server tells which contents the recipient takes.',
    'Сервер говорит, какое содержимое берёт получатель.',
    4141,
  ],
  SUBMITTER: [
    'An abandoned way to say who is responsible for a letter.',
    'Заброшенный способ сказать, кто отвечает за письмо.',
    4405,
    '3',
  ],
  TURN: [
    'An abandoned way to swap the roles of the two sides.',
    'Заброшенный способ поменять стороны ролями.',
    5321,
    'F.1',
  ],
  SEND: [
    'An abandoned way to write to a person’s terminal.',
    'Заброшенный способ писать прямо на терминал.',
    5321,
    'F.6',
  ],
  XCLIENT: [
    'A trusted proxy may tell who the real client is (an extension of Postfix).',
    'Доверенный посредник может сказать, кто настоящий клиент (расширение Postfix).',
  ],
  XFORWARD: [
    'A filter in front of the server may tell where a letter came from (an extension of Postfix).',
    'Фильтр перед сервером может сказать, откуда письмо (расширение Postfix).',
  ],
  UTF8SMTP: ['An experimental forerunner of SMTPUTF8.', 'Экспериментальный предшественник SMTPUTF8.', 5336],
  XEXCH50: [
    'Microsoft servers may pass on data of their own.',
    'Серверы Microsoft могут передавать свои данные.',
  ],
};

/** One line of the answer to EHLO after the first. */
export function explainKeyword(text: string): Told {
  const [word = '', ...values] = text.trim().split(/[ =]+/u);
  const name = word.toUpperCase();
  if (name === 'SIZE') {
    const limit = Number(values[0] ?? 0);
    return fill(
      limit > 0
        ? [
            'Letters may be as large as {0}, and the client may say the size beforehand.',
            'Размер письма — до {0}; клиент может назвать его заранее.',
            1870,
            '3',
          ]
        : [
            'The client may say how large a letter is before it is sent; no limit is named.',
            'Клиент может назвать размер письма до отправки; предел не указан.',
            1870,
            '3',
          ],
      size(limit),
    );
  }
  if (name === 'AUTH') {
    const told = fill(['Ways to log in: {0}.', 'Способы входа: {0}.', 4954, '3'], mechanisms(values));
    return values.length === 0
      ? fill(['The server can log people in.', 'На сервер можно входить под именем.', 4954, '3'])
      : told;
  }
  if (name === 'LIMITS')
    return fill(
      ['The server names its limits: {0}.', 'Сервер называет свои пределы: {0}.', 9422, '3'],
      text.trim().slice(name.length).trim(),
    );
  const row = KEYWORDS[name];
  if (row) {
    const extra =
      values.length > 0 ? t(` It names: ${values.join(' ')}.`, ` Названо: ${values.join(' ')}.`) : undefined;
    const told = fill(row);
    return extra ? { ...told, text: join([told.text, extra], '') } : told;
  }
  return fill(
    [
      'The server offers {0}, an extension of its own or one that is not described here.',
      'Сервер предлагает {0} — своё собственное расширение или такое, что здесь не описано.',
      5321,
      '2.2.2',
    ],
    name,
  );
}
