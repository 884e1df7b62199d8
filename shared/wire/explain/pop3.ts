import type { WireLine } from '../line.ts';
import { beforeUs, fill, join, messages, quoted, rfc, size, t, type Told } from './explanation.ts';
import { letter } from './letter.ts';
import { explainPop3Command, pop3Capability, pop3Code, pop3Fate } from './pop3-words.ts';
import { challenge, credentials } from './sasl.ts';

interface Asked {
  verb: string;
  rest: string;
  seq: number | undefined;
}

/** Follows a POP3 dialogue: answers come in the order of the commands, some go on until a dot (RFC 1939 section 3). */
export class Pop3Explainer {
  readonly #asked: Asked[];
  readonly #late: boolean;
  /** The command whose answer goes on. */
  #open: Asked | undefined;
  #login: { mechanism: string; step: number; challenges: number; seq: number } | undefined;

  /** @param late the beginning was missed */
  constructor(late: boolean) {
    this.#late = late;
    this.#asked = late ? [] : [{ verb: 'GREETING', rest: '', seq: undefined }];
  }

  next(line: WireLine): Told {
    if (line.direction === 'client') return this.#client(line);
    const open = this.#open;
    if (open) return { ...this.#body(line, open), answers: open.seq };
    const asked = this.#asked[0];
    return { ...this.#status(line.text, asked), answers: asked?.seq };
  }

  #client({ text, seq }: WireLine): Told {
    if (this.#login && this.#login.challenges > 0) {
      const { mechanism, step } = this.#login;
      this.#login.challenges -= 1;
      this.#login.step += 1;
      this.#asked.push({ verb: 'AUTH', rest: mechanism, seq });
      return { text: credentials(mechanism, text, step), rfc: rfc(5034, '4') };
    }
    const verb = /^\S*/u.exec(text)?.[0] ?? '';
    const rest = text.slice(verb.length).trim();
    const asked = { verb: verb.toUpperCase(), rest, seq };
    this.#asked.push(asked);
    const told = explainPop3Command(asked.verb, rest);
    if (asked.verb !== 'AUTH' || rest === '') return told;
    const [mechanism = '', initial] = rest.split(/ +/u);
    this.#login = { mechanism, step: initial === undefined ? 1 : 2, challenges: 0, seq };
    return initial === undefined
      ? told
      : { ...told, text: join([told.text, credentials(mechanism, initial, 1)]) };
  }

  #status(text: string, asked: Asked | undefined): Told {
    const found = /^(\+OK|-ERR|\+)(?: (.*))?$/su.exec(text);
    if (!asked && this.#late) return beforeUs;
    if (!found || !asked) {
      return {
        ...fill(
          found
            ? [
                'The server says this although nothing was asked.',
                'Сервер говорит это, хотя его не спрашивали.',
                1939,
                '3',
              ]
            : [
                'Every answer of a POP3 server begins with +OK or -ERR; this one does not.',
                'Каждый ответ сервера POP3 начинается с +OK или -ERR, а этот — нет.',
                1939,
                '3',
              ],
        ),
        outcome: found ? 'info' : 'failed',
        vague: true,
      };
    }
    const [, sign, words = ''] = found;
    this.#asked.shift();
    if (sign === '+') {
      if (this.#login) this.#login.challenges += 1;
      return {
        ...challenge(this.#login?.mechanism ?? asked.rest, words.trim(), this.#login?.step ?? 1),
        rfc: rfc(5034, '4'),
      };
    }
    if (asked.verb === 'AUTH') this.#login = undefined;
    const ok = sign === '+OK';
    if (ok && goesOn(asked)) this.#open = asked;
    const told = (ok ? figures(asked, words) : undefined) ?? pop3Fate(asked.verb, ok);
    const code = pop3Code(words);
    const temporary = /^\[(?:IN-USE|LOGIN-DELAY|SYS\/TEMP)/iu.test(words);
    return {
      ...told,
      text: join([told.text, code?.text]),
      ...(code?.rfc ? { rfc: code.rfc } : {}),
      outcome: ok ? 'ok' : temporary ? 'failed' : 'refused',
      ...(!ok && /^(?:PASS|AUTH|APOP)$/u.test(asked.verb) && (!code || /^\[AUTH\]/iu.test(words))
        ? {
            hint: t(
              'Many providers want a password made for programs, and POP3 switched on in their settings.',
              'Многие службы ждут пароль для приложений и включённый в их настройках POP3.',
            ),
          }
        : {}),
    };
  }

  #body(line: WireLine, asked: Asked): Told {
    const { text, kind } = line;
    if (kind === 'block') {
      const told =
        asked.verb === 'TOP'
          ? fill(
              ['The beginning of message {0}, {1}.', 'Начало письма {0}, {1}.', 1939, '7'],
              asked.rest.split(' ')[0] ?? '',
              size(line.bytes),
            )
          : fill(
              [
                'Message {0}, {1}: header, an empty line, body.',
                'Письмо {0}, {1}: заголовок, пустая строка, текст.',
                5322,
                '2.1',
              ],
              asked.rest,
              size(line.bytes),
            );
      return { ...told, text: join([told.text, letter(line)]), outcome: 'info' };
    }
    if (text === '.') {
      this.#open = undefined;
      return {
        ...fill(
          /^(?:RETR|TOP)$/u.test(asked.verb)
            ? ['The single dot ends the message.', 'Одинокая точка заканчивает письмо.', 1939, '3']
            : ['The single dot ends the list.', 'Одинокая точка заканчивает список.', 1939, '3'],
        ),
        outcome: 'ok',
      };
    }
    return { ...listed(asked.verb, text), outcome: 'info' };
  }
}

/** Whether a positive answer is followed by lines and a dot. */
function goesOn({ verb, rest }: Asked): boolean {
  return /^(?:RETR|TOP|CAPA)$/u.test(verb) || (/^(?:LIST|UIDL|AUTH|LANG)$/u.test(verb) && rest === '');
}

/** Answers that carry figures of their own. */
function figures(asked: Asked, words: string): Told | undefined {
  const pair = /^(\d+) +(\S+)/u.exec(words);
  switch (asked.verb) {
    case 'GREETING': {
      const stamp = /<[^<>\s]+@[^<>\s]*>/u.exec(words)?.[0];
      const told = pop3Fate('GREETING', true);
      return stamp === undefined
        ? undefined
        : {
            ...told,
            text: join([
              told.text,
              fill(
                ['With the number {0} one may log in by APOP.', 'С числом {0} можно войти командой APOP.'],
                quoted(stamp),
              ).text,
            ]),
            rfc: rfc(1939, '7'),
          };
    }
    case 'STAT':
      return pair
        ? fill(
            ['{0} in the mailbox, {1} together.', '{0} в ящике, вместе {1}.', 1939, '5'],
            messages(Number(pair[1])),
            size(Number(pair[2])),
          )
        : undefined;
    case 'LIST':
      if (pair && asked.rest !== '') return listed('LIST', words);
      return pair
        ? fill(['{0}; the sizes follow.', '{0}; дальше — размеры.', 1939, '5'], messages(Number(pair[1])))
        : undefined;
    case 'UIDL':
      return pair && asked.rest !== '' ? listed('UIDL', words) : undefined;
    default:
      return undefined;
  }
}

function listed(verb: string, text: string): Told {
  const pair = /^(\d+) +(\S.*)$/u.exec(text);
  if (verb === 'CAPA') return pop3Capability(text);
  if (verb === 'LIST' && pair)
    return fill(
      ['Message {0} has {1}.', 'Письмо {0} — {1}.', 1939, '5'],
      pair[1] ?? '',
      size(Number.parseInt(pair[2] ?? '0', 10)),
    );
  if (verb === 'UIDL' && pair)
    return fill(
      ['Message {0} has the lasting name {1}.', 'Постоянное имя письма {0} — {1}.', 1939, '7'],
      pair[1] ?? '',
      quoted(pair[2] ?? ''),
    );
  if (verb === 'AUTH') return fill(['A way to log in: {0}.', 'Способ входа: {0}.', 1734], quoted(text));
  if (verb === 'LANG')
    return fill(
      ['A language the server speaks: {0}.', 'Язык, на котором сервер отвечает: {0}.', 6856, '3'],
      quoted(text),
    );
  return {
    ...fill(['This is no line of such a list.', 'В таком списке такой строки быть не должно.', 1939, '3']),
    vague: true,
  };
}
