import type { WireLine } from '../line.ts';
import { beforeUs, fill, join, quoted, rfc, size, t, type Told } from './explanation.ts';
import { capabilities } from './imap-capabilities.ts';
import { codeOf } from './imap-codes.ts';
import { explainData } from './imap-data.ts';
import type { Command, Dialogue, Reading } from './imap-dialogue.ts';
import { imapFate, isPassing, untaggedStatus } from './imap-fates.ts';
import { openItem, told as fetched } from './imap-fetch.ts';
import { itemsOf, parse, textOf, upper } from './imap-parse.ts';
import { countOf } from './imap-sets.ts';
import { letter } from './letter.ts';
import { challenge } from './sasl.ts';

/** An answer cut up by literals is read again with each of its pieces; when it is longer, only its beginning is. */
const LONGEST = 32 * 1024;
const PIECES = 200;

/** A line or a block of the server. */
export function explainServer(dialogue: Dialogue, line: WireLine): Told {
  if (line.kind === 'block') return taken(dialogue, line);
  if (dialogue.reading) return continued(dialogue, line, dialogue.reading);
  const { text } = line;
  if (/^\+(?: |$)/u.test(text)) return go(dialogue, text.slice(2));
  const [tag = '', word = ''] = text.split(' ');
  const rest = text.slice(tag.length + word.length + 2);
  if (tag === '*') return untagged(dialogue, text.slice(2));
  const command = dialogue.open.get(tag);
  if (command && /^(?:OK|NO|BAD)$/iu.test(word)) return tagged(dialogue, command, word.toUpperCase(), rest);
  if (dialogue.late) return beforeUs;
  return {
    ...fill([
      'This is no line that an IMAP server may say here.',
      'Такой строки сервер IMAP здесь сказать не может.',
      9051,
      '2.2.2',
    ]),
    outcome: 'failed',
    vague: true,
  };
}

function tagged(dialogue: Dialogue, command: Command, status: string, rest: string): Told {
  dialogue.open.delete(command.tag);
  if (dialogue.writing?.command === command) dialogue.writing = undefined;
  const told = imapFate(status, command.verb);
  const code = codeIn(rest);
  if (/^(?:CLOSE|UNSELECT|LOGOUT)$/u.test(command.verb) && status === 'OK') dialogue.exists = undefined;
  return {
    ...told,
    text: join([told.text, code?.text]),
    ...(code?.rfc ? { rfc: code.rfc } : {}),
    ...(status === 'NO' && isPassing(code?.name) ? { outcome: 'failed' as const } : {}),
    answers: command.seq,
  };
}

function codeIn(text: string): (Told & { name: string }) | undefined {
  const listed = /^\[CAPABILITY ([^\]]*)\]/iu.exec(text)?.[1];
  if (listed !== undefined)
    return {
      name: 'CAPABILITY',
      ...fill(['It can: {0}.', 'Он умеет: {0}.', 9051, '7.1'], capabilities(listed.trim().split(/ +/u))),
    };
  return codeOf(text);
}

/** `+`: go on (RFC 9051 section 7.6). */
function go(dialogue: Dialogue, rest: string): Told {
  const told = goAhead(dialogue, rest.trim());
  return { ...told, outcome: told.outcome ?? 'info' };
}

function goAhead(dialogue: Dialogue, rest: string): Told {
  if (dialogue.writing) {
    return {
      ...fill(
        [
          'Go on: the server waits for the bytes that {0} announced.',
          'Продолжайте: сервер ждёт байты, объявленные командой {0}.',
          9051,
          '7.6',
        ],
        dialogue.writing.command.verb,
      ),
      answers: dialogue.writing.command.seq,
    };
  }
  const open = [...dialogue.open.values()];
  const idle = open.find((one) => one.verb === 'IDLE');
  if (idle) {
    idle.step = 1;
    return {
      ...fill([
        'From now on the server tells news by itself.',
        'Теперь сервер сам сообщает новости.',
        9051,
        '6.3.13',
      ]),
      answers: idle.seq,
    };
  }
  const login = open.find((one) => one.verb === 'AUTHENTICATE');
  if (!login)
    return {
      ...fill([
        'The server says “go on”, but nothing waits for it.',
        'Сервер говорит «продолжайте», но этого никто не ждёт.',
        9051,
        '7.6',
      ]),
      vague: true,
    };
  // After an initial answer (RFC 4959) the client's next is its second.
  login.step = login.step === -1 ? 2 : Math.max(1, login.step);
  return { ...challenge(login.mechanism, rest, login.step), rfc: rfc(9051, '6.2.2'), answers: login.seq };
}

function untagged(dialogue: Dialogue, text: string): Told {
  const first = !dialogue.greeted;
  dialogue.greeted = true;
  const status = /^(OK|NO|BAD|BYE|PREAUTH)(?: (.*))?$/isu.exec(text);
  if (status) return remark(dialogue, (status[1] ?? '').toUpperCase(), status[2] ?? '', first);
  const nodes = parse(text);
  const word = /^\d+$/u.test(upper(nodes[0])) ? upper(nodes[1]) : upper(nodes[0]);
  const asked = dialogue.askedFor(word);
  if (/\{\d+\}$/u.test(text))
    dialogue.reading = { text, pieces: 1, items: word === 'FETCH' ? fetched(itemsOf(nodes[2])).length : 0 };
  const told = explainData(nodes, {
    opening: asked !== undefined && /^(?:SELECT|EXAMINE)$/u.test(asked.verb),
    exists: dialogue.exists,
    uid: asked?.uid === true,
  });
  const number = Number(upper(nodes[0]));
  if (word === 'EXISTS') dialogue.exists = number;
  if (word === 'EXPUNGE' && dialogue.exists !== undefined) dialogue.exists -= 1;
  if (word === 'VANISHED' && nodes.length === 2 && dialogue.exists !== undefined) {
    dialogue.exists -= countOf(textOf(nodes[1])) ?? 0;
  }
  if (told) return { ...told, outcome: 'info', answers: asked?.seq };
  return {
    ...fill(
      [
        'The server tells {0}, which is of no standard known here.',
        'Сервер сообщает {0}; такого нет в известных здесь стандартах.',
        9051,
        '7',
      ],
      quoted(word, 40),
    ),
    outcome: 'info',
    vague: true,
  };
}

function remark(dialogue: Dialogue, status: string, rest: string, first: boolean): Told {
  const code = codeIn(rest);
  const asked = dialogue.askedFor(status);
  const said = untaggedStatus(status, first);
  // A remark with a code is the code: `* OK [UIDNEXT 12]`.
  const bare = status === 'OK' && !first && code;
  const outcomes = {
    OK: first ? 'ok' : 'info',
    PREAUTH: 'ok',
    NO: 'failed',
    BAD: 'refused',
    BYE: asked ? 'ok' : 'failed',
  } as const;
  const words = rest.replace(/^\[[^\]]*\] */u, '');
  const worth = code === undefined ? !(first || status === 'BYE' || words === '') : code.name === 'ALERT';
  const alert = worth ? quoted(words, 200) : undefined;
  return {
    text: join([bare ? undefined : said, code?.text, alert]),
    rfc:
      bare && code.rfc
        ? code.rfc
        : rfc(
            9051,
            { OK: '7.1.1', NO: '7.1.2', BAD: '7.1.3', PREAUTH: '7.1.4', BYE: '7.1.5' }[status] ?? '7.1',
          ),
    outcome: outcomes[status as keyof typeof outcomes],
    answers: asked?.seq,
  };
}

/** The bytes of a server's literal. */
function taken(dialogue: Dialogue, line: WireLine): Told {
  const nodes = parse(dialogue.reading?.text ?? '');
  const number = textOf(nodes[0]);
  const asked = dialogue.askedFor(upper(nodes[1]) === 'FETCH' ? 'FETCH' : upper(nodes[0]));
  if (upper(nodes[1]) !== 'FETCH')
    return {
      ...fill(
        ['A value of the answer, {1}: {0}.', 'Значение из ответа, {1}: {0}.', 9051, '4.3'],
        quoted(line.text),
        size(line.bytes),
      ),
      outcome: 'info',
      answers: asked?.seq,
    };
  const item = openItem(itemsOf(nodes[2]));
  const what = item?.what ?? t('a value', 'значение');
  const told = fill(
    ['Message {0}, {1}: {2}.', 'Письмо {0}, {1}: {2}.', 9051, '7.5.2'],
    number,
    what,
    size(line.bytes),
  );
  return { ...told, text: join([told.text, letter(line)]), outcome: 'info', answers: asked?.seq };
}

/** What follows a server's literal on the same answer. */
function continued(dialogue: Dialogue, line: WireLine, reading: Reading): Told {
  const more = /\{\d+\}$/u.test(line.text);
  const pieces = reading.pieces + 1;
  if (pieces > PIECES || reading.text.length > LONGEST) {
    dialogue.reading = more ? { ...reading, pieces } : undefined;
    return {
      ...fill(['A long answer goes on.', 'Длинный ответ продолжается.', 9051, '4.3']),
      outcome: 'info',
    };
  }
  const text = reading.text + line.text;
  const nodes = parse(text);
  const word = upper(nodes[1]) === 'FETCH' ? 'FETCH' : upper(nodes[0]);
  const items = word === 'FETCH' ? fetched(itemsOf(nodes[2])) : [];
  dialogue.reading = more ? { text, pieces, items: items.length } : undefined;
  const answers = dialogue.askedFor(word)?.seq;
  if (word !== 'FETCH')
    return {
      ...(explainData(nodes, { opening: false, exists: dialogue.exists, uid: false }) ??
        fill(['The rest of the answer.', 'Остаток ответа.', 9051, '4.3'])),
      outcome: 'info',
      answers,
    };
  const fresh = items.slice(reading.items);
  const number = textOf(nodes[0]);
  const told =
    fresh.length > 0
      ? fill(
          ['More about message {0}: {1}.', 'Ещё о письме {0}: {1}.', 9051, '7.5.2'],
          number,
          join(fresh, '; '),
        )
      : more
        ? fill(
            ['The answer about message {0} goes on.', 'Ответ о письме {0} продолжается.', 9051, '7.5.2'],
            number,
          )
        : fill(['That is all about message {0}.', 'О письме {0} это всё.', 9051, '7.5.2'], number);
  return { ...told, outcome: 'info', answers };
}
