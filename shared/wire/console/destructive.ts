import type { Language } from '../../model/language.ts';
import { quoted, t, type Text } from '../explain/explanation.ts';
import { parse, textOf, upper, itemsOf, type Node } from '../explain/imap-parse.ts';
import { which } from '../explain/imap-sets.ts';
import { mailboxName } from '../explain/mailbox-name.ts';
import type { Protocol, WireLine } from '../line.ts';
import { turnOf } from '../turn.ts';
import { knowledgeOf } from './knowledge.ts';

/**
 * A question to ask before a typed line is sent, when it deletes something on the server or decides that it will be.
 * @param linesSoFar the session: what is typed into a letter or a literal is no command, and QUIT deletes only what is marked
 */
export function questionBefore(
  protocol: Protocol,
  line: string,
  language: Language,
  linesSoFar: readonly WireLine[] = [],
): string | undefined {
  if (linesSoFar.length > 0) {
    const turn = turnOf(protocol);
    for (const one of linesSoFar) turn.hear(one);
    const { kind } = turn.expects;
    if (kind !== 'command' && kind !== 'answer') return undefined;
  }
  const question =
    protocol === 'pop3' ? pop3(line, linesSoFar) : protocol === 'imap' ? imap(line, linesSoFar) : undefined;
  return question?.[language];
}

export function isDestructive(
  protocol: Protocol,
  line: string,
  linesSoFar: readonly WireLine[] = [],
): boolean {
  return questionBefore(protocol, line, 'en', linesSoFar) !== undefined;
}

function pop3(line: string, lines: readonly WireLine[]): Text | undefined {
  const [verb = '', number = ''] = line.trim().split(/\s+/u);
  if (/^DELE$/iu.test(verb)) {
    return t(
      `Mark message ${number} for deletion? QUIT will delete it for good.`,
      `Пометить письмо ${number} на удаление? QUIT удалит его окончательно.`,
    );
  }
  if (/^QUIT$/iu.test(verb) && knowledgeOf('pop3', lines).marked) {
    return t(
      'Delete what is marked, for good? RSET takes the marks back.',
      'Удалить помеченное окончательно? RSET снимет пометки.',
    );
  }
  return undefined;
}

function imap(line: string, lines: readonly WireLine[]): Text | undefined {
  const [, first, ...rest] = parse(line.trim());
  const uid = upper(first) === 'UID';
  const verb = uid ? upper(rest[0]) : upper(first);
  const args = uid ? rest.slice(1) : rest;
  switch (verb) {
    case 'DELETE': {
      const name = quoted(mailboxName(textOf(args[0])));
      return t(
        `Delete the mailbox ${name.en} with everything in it, for good?`,
        `Удалить ящик ${name.ru} со всем, что в нём есть, окончательно?`,
      );
    }
    case 'EXPUNGE':
      return uid
        ? expunge(which(textOf(args[0]), true))
        : t(
            'Delete everything in this mailbox that is marked for deletion, for good?',
            'Окончательно удалить всё помеченное в этом ящике?',
          );
    case 'CLOSE':
      return knowledgeOf('imap', lines).selected === 'read-only'
        ? undefined
        : t(
            'Close the mailbox and delete what is marked in it, for good? UNSELECT closes without deleting.',
            'Закрыть ящик и окончательно удалить в нём помеченное? UNSELECT закроет, не удаляя.',
          );
    case 'STORE':
      return marks(args) ? mark(which(textOf(args[0]), uid)) : undefined;
    case 'REPLACE':
      return t(
        `Replace message ${textOf(args[0])}? The old one is deleted for good.`,
        `Заменить письмо ${textOf(args[0])}? Прежнее будет удалено окончательно.`,
      );
    default:
      return undefined;
  }
}

/** Whether a STORE sets \Deleted (RFC 9051 section 6.4.6). */
function marks(args: readonly Node[]): boolean {
  const at = args.findIndex((node) => /^[+-]?FLAGS/u.test(upper(node)));
  if (at < 0 || upper(args[at]).startsWith('-')) return false;
  return args
    .slice(at + 1)
    .flatMap((node) => (node.kind === 'list' ? itemsOf(node) : [node]))
    .some((node) => upper(node) === '\\DELETED');
}

const mark = (set: Text): Text =>
  t(
    `Mark for deletion: ${set.en}? The next EXPUNGE or CLOSE deletes for good, by any client.`,
    `Пометить на удаление: ${set.ru}? Следующий EXPUNGE или CLOSE любой программы удалит окончательно.`,
  );
const expunge = (set: Text): Text =>
  t(
    `Delete for good ${set.en}, where marked for deletion?`,
    `Окончательно удалить ${set.ru} с пометкой на удаление?`,
  );
