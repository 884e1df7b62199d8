import type { WireLine } from '../line.ts';
import { fill, join, quoted, rfc, size, t, type Told } from './explanation.ts';
import { capabilities } from './imap-capabilities.ts';
import { codeOf } from './imap-codes.ts';
import { explainImapCommand } from './imap-commands.ts';
import { explainData } from './imap-data.ts';
import { imapFate, isPassing, untaggedStatus } from './imap-fates.ts';
import { openItem, told as fetched } from './imap-fetch.ts';
import { itemsOf, parse, textOf, upper, type Node } from './imap-parse.ts';
import { countOf } from './imap-sets.ts';
import { letter } from './letter.ts';
import { challenge, credentials } from './sasl.ts';

interface Command {
  tag: string;
  verb: string;
  uid: boolean;
  args: Node[];
  seq: number;
  /** Of AUTHENTICATE: the mechanism and the next step of the client. */
  mechanism: string;
  step: number;
}

interface Writing {
  command: Command;
  literals: number;
}

/** Which commands ask for which untagged data (RFC 9051 section 7). */
const ASKED: Record<string, RegExp> = {
  EXISTS: /^(?:SELECT|EXAMINE)$/u,
  RECENT: /^(?:SELECT|EXAMINE)$/u,
  FLAGS: /^(?:SELECT|EXAMINE)$/u,
  FETCH: /^(?:FETCH|STORE|SELECT|EXAMINE)$/u,
  EXPUNGE: /^(?:EXPUNGE|MOVE|CLOSE|REPLACE)$/u,
  VANISHED: /^(?:EXPUNGE|MOVE|SELECT|EXAMINE|FETCH)$/u,
  CAPABILITY: /^(?:CAPABILITY|LOGIN|AUTHENTICATE|STARTTLS)$/u,
  ENABLED: /^ENABLE$/u,
  LIST: /^(?:LIST|XLIST|SELECT|CREATE|NOTIFY)$/u,
  LSUB: /^LSUB$/u,
  XLIST: /^XLIST$/u,
  STATUS: /^(?:STATUS|LIST|NOTIFY)$/u,
  SEARCH: /^SEARCH$/u,
  ESEARCH: /^(?:SEARCH|SORT)$/u,
  SORT: /^SORT$/u,
  THREAD: /^THREAD$/u,
  NAMESPACE: /^NAMESPACE$/u,
  ID: /^ID$/u,
  QUOTA: /QUOTA/u,
  QUOTAROOT: /^GETQUOTAROOT$/u,
  ACL: /^GETACL$/u,
  MYRIGHTS: /^(?:MYRIGHTS|LIST)$/u,
  LISTRIGHTS: /^LISTRIGHTS$/u,
  METADATA: /METADATA|^LIST$/u,
  OK: /^(?:SELECT|EXAMINE|COPY|MOVE|FETCH|SEARCH)$/u,
  NO: /./u,
  BAD: /./u,
  BYE: /^LOGOUT$/u,
};

/** Follows an IMAP dialogue: commands by their tags, literals, logins, IDLE. */
export class ImapExplainer {
  #greeted = false;
  readonly #open = new Map<string, Command>();
  /** The command whose next line still belongs to it, with how many literals it had. */
  #writing: Writing | undefined;
  /** What the server has said of an answer that is cut up by literals. */
  #reading: { text: string; items: number } | undefined;
  #exists: number | undefined;

  next(line: WireLine): Told {
    return line.direction === 'client' ? this.#client(line) : this.#server(line);
  }

  #client(line: WireLine): Told {
    if (line.kind === 'block') return this.#given(line);
    if (this.#writing) return this.#goesOn(line.text, this.#writing);
    const waiting = [...this.#open.values()].find((one) => one.step > 0);
    if (waiting?.verb === 'IDLE') {
      waiting.step = 0;
      return /^DONE$/iu.test(line.text)
        ? fill(['Ends the waiting for news.', 'Заканчивает ожидание новостей.', 9051, '6.3.13'])
        : {
            ...fill([
              'While IDLE runs only DONE may be said.',
              'Пока идёт IDLE, сказать можно только DONE.',
              9051,
              '6.3.13',
            ]),
            vague: true,
          };
    }
    if (waiting) {
      const text = credentials(waiting.mechanism, line.text, waiting.step);
      waiting.step += 1;
      return { text, rfc: rfc(9051, '6.2.2') };
    }
    return this.#command(line);
  }

  #command({ text, seq }: WireLine): Told {
    const [tag, first, ...rest] = parse(text);
    const uid = upper(first) === 'UID';
    const verb = uid ? upper(rest[0]) : upper(first);
    const args = uid ? rest.slice(1) : rest;
    if (verb === '')
      return {
        ...fill([
          'A command of IMAP is a tag of the client’s choice and a word; the word is missing.',
          'Команда IMAP — это метка, выбранная клиентом, и слово; слова нет.',
          9051,
          '2.2.1',
        ]),
        vague: true,
      };
    const command: Command = { tag: textOf(tag), verb, uid, args, seq, mechanism: textOf(args[0]), step: 0 };
    this.#open.set(command.tag, command);
    if (/\{\d+\+?\}$/u.test(text)) this.#writing = { command, literals: 0 };
    const told = explainImapCommand(verb, args, uid);
    if (verb !== 'AUTHENTICATE' || args.length < 2) return told;
    command.step = -1; // The first answer stands on the command's line (RFC 4959).
    return { ...told, text: join([told.text, credentials(command.mechanism, textOf(args[1]), 1)]) };
  }

  /** The bytes of a client's literal. */
  #given(line: WireLine): Told {
    const verb = this.#writing?.command.verb ?? '';
    const args = this.#writing?.command.args ?? [];
    const literals = this.#writing?.literals ?? 0;
    if (this.#writing) this.#writing.literals += 1;
    if (verb === 'LOGIN') {
      return literals === 0 && args[0]?.kind === 'literal'
        ? fill(['The user name, hidden here.', 'Имя пользователя, здесь оно скрыто.', 9051, '6.2.3'])
        : fill(['The password, hidden here.', 'Пароль, здесь он скрыт.', 9051, '6.2.3']);
    }
    const names = args.filter(
      (node, at) => node.kind === 'literal' && at === (verb === 'REPLACE' ? 1 : 0),
    ).length;
    if ((verb === 'APPEND' || verb === 'REPLACE') && literals >= names) {
      return {
        text: join([
          fill(['The message to be stored, {0}.', 'Письмо, которое надо сохранить, {0}.'], size(line.bytes))
            .text,
          letter(line),
        ]),
        rfc: rfc(9051, '6.3.12'),
      };
    }
    if (/^(?:SEARCH|SORT|THREAD)$/u.test(verb))
      return fill(['What to look for: {0}.', 'Что искать: {0}.', 9051, '6.4.4'], quoted(line.text));
    return fill(
      ['A value of {1}, {2}: {0}.', 'Значение команды {1}, {2}: {0}.', 9051, '4.3'],
      quoted(line.text),
      verb,
      size(line.bytes),
    );
  }

  #goesOn(text: string, writing: Writing): Told {
    const { verb } = writing.command;
    const more = /\{\d+\+?\}$/u.test(text);
    if (!more) this.#writing = undefined;
    if (text.trim() === '')
      return fill(['The end of the command {0}.', 'Конец команды {0}.', 9051, '4.3'], verb);
    return fill(
      more
        ? [
            'The command {0} goes on and announces more bytes.',
            'Команда {0} продолжается и объявляет ещё байты.',
            9051,
            '4.3',
          ]
        : ['The rest of the command {0}: {1}.', 'Остаток команды {0}: {1}.', 9051, '4.3'],
      verb,
      quoted(text.trim()),
    );
  }

  #server(line: WireLine): Told {
    if (line.kind === 'block') return this.#taken(line);
    if (this.#reading) return this.#continued(line, this.#reading);
    const { text } = line;
    if (/^\+(?: |$)/u.test(text)) return this.#go(text.slice(2));
    const [tag = '', word = ''] = text.split(' ');
    const rest = text.slice(tag.length + word.length + 2);
    if (tag === '*') return this.#untagged(text.slice(2));
    const command = this.#open.get(tag);
    if (command && /^(?:OK|NO|BAD)$/iu.test(word)) return this.#tagged(command, word.toUpperCase(), rest);
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

  #tagged(command: Command, status: string, rest: string): Told {
    this.#open.delete(command.tag);
    if (this.#writing?.command === command) this.#writing = undefined;
    const told = imapFate(status, command.verb);
    const code = this.#code(rest);
    if (/^(?:CLOSE|UNSELECT|LOGOUT)$/u.test(command.verb) && status === 'OK') this.#exists = undefined;
    return {
      ...told,
      text: join([told.text, code?.text]),
      ...(code?.rfc ? { rfc: code.rfc } : {}),
      ...(status === 'NO' && isPassing(code?.name) ? { outcome: 'failed' as const } : {}),
      answers: command.seq,
    };
  }

  #code(text: string): (Told & { name: string }) | undefined {
    const listed = /^\[CAPABILITY ([^\]]*)\]/iu.exec(text)?.[1];
    if (listed !== undefined)
      return {
        name: 'CAPABILITY',
        ...fill(['It can: {0}.', 'Он умеет: {0}.', 9051, '7.1'], capabilities(listed.trim().split(/ +/u))),
      };
    return codeOf(text);
  }

  /** `+`: go on (RFC 9051 section 7.6). */
  #go(rest: string): Told {
    const told = this.#goAhead(rest.trim());
    return { ...told, outcome: told.outcome ?? 'info' };
  }

  #goAhead(rest: string): Told {
    if (this.#writing) {
      return {
        ...fill(
          [
            'Go on: the server waits for the bytes that {0} announced.',
            'Продолжайте: сервер ждёт байты, объявленные командой {0}.',
            9051,
            '7.6',
          ],
          this.#writing.command.verb,
        ),
        answers: this.#writing.command.seq,
      };
    }
    const open = [...this.#open.values()];
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

  #untagged(text: string): Told {
    const first = !this.#greeted;
    this.#greeted = true;
    const status = /^(OK|NO|BAD|BYE|PREAUTH)(?: (.*))?$/isu.exec(text);
    if (status) return this.#status((status[1] ?? '').toUpperCase(), status[2] ?? '', first);
    const nodes = parse(text);
    const word = /^\d+$/u.test(upper(nodes[0])) ? upper(nodes[1]) : upper(nodes[0]);
    const asked = this.#askedFor(word);
    if (/\{\d+\}$/u.test(text))
      this.#reading = { text, items: word === 'FETCH' ? fetched(itemsOf(nodes[2])).length : 0 };
    const told = explainData(nodes, {
      opening: asked !== undefined && /^(?:SELECT|EXAMINE)$/u.test(asked.verb),
      exists: this.#exists,
      uid: asked?.uid === true,
    });
    const number = Number(upper(nodes[0]));
    if (word === 'EXISTS') this.#exists = number;
    if (word === 'EXPUNGE' && this.#exists !== undefined) this.#exists -= 1;
    if (word === 'VANISHED' && nodes.length === 2 && this.#exists !== undefined) {
      this.#exists -= countOf(textOf(nodes[1])) ?? 0;
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

  #status(status: string, rest: string, first: boolean): Told {
    const code = this.#code(rest);
    const asked = this.#askedFor(status);
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
    const alert =
      code?.name === 'ALERT' || (!code && status !== 'OK' && status !== 'BYE')
        ? quoted(words, 200)
        : undefined;
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

  #askedFor(word: string): Command | undefined {
    const pattern = ASKED[word];
    return pattern ? [...this.#open.values()].find((one) => pattern.test(one.verb)) : undefined;
  }

  /** The bytes of a server's literal. */
  #taken(line: WireLine): Told {
    const nodes = parse(this.#reading?.text ?? '');
    const number = textOf(nodes[0]);
    const asked = this.#askedFor(upper(nodes[1]) === 'FETCH' ? 'FETCH' : upper(nodes[0]));
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
  #continued(line: WireLine, reading: { text: string; items: number }): Told {
    const text = reading.text + line.text;
    const more = /\{\d+\}$/u.test(line.text);
    const nodes = parse(text);
    const word = upper(nodes[1]) === 'FETCH' ? 'FETCH' : upper(nodes[0]);
    const items = word === 'FETCH' ? fetched(itemsOf(nodes[2])) : [];
    this.#reading = more ? { text, items: items.length } : undefined;
    const answers = this.#askedFor(word)?.seq;
    if (word !== 'FETCH')
      return {
        ...(explainData(nodes, { opening: false, exists: this.#exists, uid: false }) ??
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
}
