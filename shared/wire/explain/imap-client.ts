import type { WireLine } from '../line.ts';
import { fill, join, quoted, rfc, size, type Told } from './explanation.ts';
import { explainImapCommand } from './imap-commands.ts';
import type { Command, Dialogue, Writing } from './imap-dialogue.ts';
import { parse, textOf, upper } from './imap-parse.ts';
import { letter } from './letter.ts';
import { credentials } from './sasl.ts';

/** A line or a block of the client. */
export function explainClient(dialogue: Dialogue, line: WireLine): Told {
  if (line.kind === 'block') return given(dialogue, line);
  if (dialogue.writing) return goesOn(dialogue, line.text, dialogue.writing);
  const waiting = [...dialogue.open.values()].find((one) => one.step > 0);
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
  return command(dialogue, line);
}

function command(dialogue: Dialogue, { text, seq }: WireLine): Told {
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
  dialogue.open.set(command.tag, command);
  if (/\{\d+\+?\}$/u.test(text)) dialogue.writing = { command, literals: 0 };
  const told = explainImapCommand(verb, args, uid);
  if (verb !== 'AUTHENTICATE' || args.length < 2) return told;
  command.step = -1; // The first answer stands on the command's line (RFC 4959).
  return { ...told, text: join([told.text, credentials(command.mechanism, textOf(args[1]), 1)]) };
}

/** The bytes of a client's literal. */
function given(dialogue: Dialogue, line: WireLine): Told {
  const verb = dialogue.writing?.command.verb ?? '';
  const args = dialogue.writing?.command.args ?? [];
  const literals = dialogue.writing?.literals ?? 0;
  if (dialogue.writing) dialogue.writing.literals += 1;
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

function goesOn(dialogue: Dialogue, text: string, writing: Writing): Told {
  const { verb } = writing.command;
  const more = /\{\d+\+?\}$/u.test(text);
  if (!more) dialogue.writing = undefined;
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
