import type { WireLine } from '../line.ts';
import { beforeUs, fill, join, quoted, rfc, size, t, type Told } from './explanation.ts';
import { letter } from './letter.ts';
import { challenge, credentials } from './sasl.ts';
import { explainSmtpCommand, smtpCommand } from './smtp-commands.ts';
import { explainKeyword } from './smtp-keywords.ts';
import { explainSmtpReply, smtpReply, type SmtpReply } from './smtp-replies.ts';

interface Asked {
  verb: string;
  seq: number | undefined;
  /** The mechanism of an AUTH. */
  mechanism?: string;
}

/** Follows an SMTP dialogue: replies come in the order of the commands (RFC 5321 section 4.2, RFC 2920). */
export class SmtpExplainer {
  readonly #asked: Asked[];
  readonly #late: boolean;
  /** Lines of the reply that is being given. */
  #said = 0;
  #data: Asked | undefined;
  #login: { mechanism: string; step: number; challenges: number } | undefined;

  /** @param late the beginning was missed */
  constructor(late: boolean) {
    this.#late = late;
    this.#asked = late ? [] : [{ verb: 'greeting', seq: undefined }];
  }

  next(line: WireLine): Told {
    return line.direction === 'client' ? this.#client(line) : this.#server(line);
  }

  #client(line: WireLine): Told {
    const { seq, text } = line;
    if (line.kind === 'block') return this.#letter(line);
    if (this.#data && text === '.') {
      this.#asked.push({ verb: 'message', seq });
      this.#data = undefined;
      return fill(['The single dot ends the letter.', 'Одинокая точка заканчивает письмо.', 5321, '4.1.1.4']);
    }
    if (this.#login && this.#login.challenges > 0) {
      const { mechanism, step } = this.#login;
      this.#login.challenges -= 1;
      this.#login.step += 1;
      this.#asked.push({ verb: 'AUTH', seq, mechanism });
      return { text: credentials(mechanism, text, step), rfc: rfc(4954, '4') };
    }
    const command = smtpCommand(text);
    const [mechanism = '', initial] = command.rest.split(/ +/u);
    this.#asked.push({ verb: command.verb, seq, ...(command.verb === 'AUTH' ? { mechanism } : {}) });
    this.#login =
      command.verb === 'AUTH' ? { mechanism, step: initial === undefined ? 1 : 2, challenges: 0 } : undefined;
    return explainSmtpCommand(command);
  }

  #letter(line: WireLine): Told {
    if (this.#asked.at(-1)?.verb === 'BDAT') {
      return fill(['A piece of the letter, {0}.', 'Кусок письма, {0}.', 3030, '2'], size(line.bytes));
    }
    return {
      text: join([
        fill(
          [
            'The letter itself, {0}: header, an empty line, body.',
            'Само письмо, {0}: заголовок, пустая строка, текст.',
          ],
          size(line.bytes),
        ).text,
        letter(line),
      ]),
      rfc: rfc(5322, '2.1'),
    };
  }

  #server(line: WireLine): Told {
    const reply = smtpReply(line.text);
    if (!reply) {
      return {
        ...fill(
          [
            'Every line of an SMTP server begins with three digits; this one does not.',
            'Каждая строка сервера SMTP начинается с трёх цифр, а эта — нет.',
            5321,
            '4.2',
          ],
          '',
        ),
        outcome: 'failed',
        vague: true,
      };
    }
    const asked = this.#asked[0];
    const first = this.#said === 0;
    this.#said = reply.last ? 0 : this.#said + 1;
    if (reply.last) this.#asked.shift();
    const told = asked
      ? this.#answer(reply, asked, first)
      : this.#late && reply.code !== '421'
        ? beforeUs
        : unasked(reply);
    return { ...told, answers: asked?.seq };
  }

  #answer(reply: SmtpReply, asked: Asked, first: boolean): Told {
    const { code, text, last } = reply;
    if (last && asked.verb === 'DATA' && /^[23]/u.test(code)) this.#data = asked;
    if (asked.verb === 'AUTH') {
      if (code === '334') {
        const mechanism = asked.mechanism ?? '';
        if (this.#login) this.#login.challenges += 1;
        return { ...challenge(mechanism, text, this.#login?.step ?? 1), rfc: rfc(4954, '4') };
      }
      if (last) this.#login = undefined;
    }
    const lists = asked.verb === 'EHLO' || asked.verb === 'LHLO';
    if (lists && !first && code.startsWith('2')) return { ...explainKeyword(text), outcome: 'ok' };
    const told = explainSmtpReply(reply, asked.verb);
    if (asked.verb === 'greeting') return greeting(reply, told, first);
    if (lists && code.startsWith('2')) {
      const name = /^\S+/u.exec(text)?.[0];
      return {
        ...told,
        text: join([
          name === undefined
            ? told.text
            : fill(['The server, {0}, greets back.', 'Сервер {0} здоровается в ответ.'], quoted(name)).text,
          last
            ? t('It offers no extensions.', 'Расширений он не предлагает.')
            : t('What it can do follows.', 'Дальше — что он умеет.'),
        ]),
        rfc: rfc(5321, '4.1.1.1'),
      };
    }
    if (first && (last || asked.verb !== 'HELP')) return told;
    return {
      ...told,
      text: first ? told.text : join([t('The answer goes on: ', 'Продолжение ответа: '), told.text], ''),
    };
  }
}

function greeting(reply: SmtpReply, told: Told, first: boolean): Told {
  if (!reply.code.startsWith('2')) return told;
  if (!first) return { ...told, text: t('The greeting goes on.', 'Приветствие продолжается.') };
  const [name = '', kind = ''] = reply.text.split(' ');
  const who =
    name === ''
      ? told.text
      : fill(
          [
            'The server {0} greets: it is ready for mail.',
            'Сервер {0} здоровается: он готов принимать почту.',
          ],
          quoted(name),
        ).text;
  const speaks = /^ESMTP/iu.test(kind)
    ? t('It knows extensions (ESMTP).', 'Он знает расширения (ESMTP).')
    : undefined;
  return { ...told, text: join([who, speaks]), rfc: rfc(5321, '3.1') };
}

function unasked(reply: SmtpReply): Told {
  const closing = reply.code === '421';
  return {
    text: closing
      ? t(
          'The server ends the connection by itself; try again later.',
          'Сервер сам обрывает соединение; попробуйте позже.',
        )
      : t('The server says this although nothing was asked.', 'Сервер говорит это, хотя его не спрашивали.'),
    rfc: rfc(5321, closing ? '3.8' : '4.2'),
    outcome: closing ? 'failed' : 'info',
    ...(closing ? {} : { vague: true as const }),
  };
}
