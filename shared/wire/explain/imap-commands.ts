import { commas, fill, join, quoted, t, type Row, type Text, type Told } from './explanation.ts';
import { COMMANDS } from './imap-command-words.ts';
import { requested } from './imap-fetch.ts';
import { flags } from './imap-flags.ts';
import { named, pairs, statusItem } from './imap-names.ts';
import { itemsOf, textOf, upper, type Node } from './imap-parse.ts';
import { listing, searching, sorting } from './imap-queries.ts';
import { which } from './imap-sets.ts';
import { mechanism } from './sasl.ts';

/** @param args what follows the command's name; `uid` when it was `UID FETCH` and the like */
export function explainImapCommand(verb: string, args: readonly Node[], uid: boolean): Told {
  const set = which(textOf(args[0]), uid);
  const by = uid ? '6.4.9' : undefined;
  switch (verb) {
    case 'LOGIN':
      return fill(
        args[0]?.kind === 'literal'
          ? [
              'Logs in; the name and the password follow, hidden here.',
              'Вход; имя и пароль — дальше, здесь они скрыты.',
              9051,
              '6.2.3',
            ]
          : [
              'Logs in as {0}; the password is hidden here.',
              'Вход под именем {0}; пароль здесь скрыт.',
              9051,
              '6.2.3',
            ],
        quoted(textOf(args[0])),
      );
    case 'AUTHENTICATE':
      return fill(['Logs in by {0}.', 'Вход по {0}.', 9051, '6.2.2'], mechanism(textOf(args[0])).text);
    case 'SELECT':
    case 'EXAMINE':
      return opening(verb, args);
    case 'ENABLE':
      return fill(['Switches on: {0}.', 'Включает: {0}.', 9051, '6.3.1'], args.map(textOf).join(', '));
    case 'ID':
      return args[0]?.kind === 'list'
        ? fill(
            ['The client says what program it is: {0}.', 'Клиент называет свою программу: {0}.', 2971, '3.1'],
            pairs(args[0]),
          )
        : fill([
            'Asks what program the server is, and says nothing of itself.',
            'Спрашивает, что за программа сервер, о себе молчит.',
            2971,
            '3.1',
          ]);
    case 'LIST':
    case 'LSUB':
    case 'XLIST':
      return listing(verb, args);
    case 'STATUS':
      return fill(
        [
          'Asks about the mailbox {0} without opening it: {1}.',
          'Спрашивает о ящике {0}, не открывая его: {1}.',
          9051,
          '6.3.11',
        ],
        named(args[0]),
        commas(itemsOf(args[1]).map((item) => statusItem(textOf(item)))),
      );
    case 'APPEND':
    case 'REPLACE':
      return storing(verb, args);
    case 'SEARCH':
      return searching(args, uid);
    case 'SORT':
    case 'THREAD':
      return sorting(verb, args, uid);
    case 'FETCH': {
      const what = args[1]?.kind === 'list' ? args[1].items : args[1] ? [args[1]] : [];
      return {
        ...fill(
          ['Asks for {0}: {1}.', 'Запрашивает {0}: {1}.', 9051, by ?? '6.4.5'],
          set,
          join(
            what.map((item) => requested(textOf(item))),
            '; ',
          ),
        ),
        ...since(
          args[2],
          fill(
            ['Asks for {0}: {1}{2}.', 'Запрашивает {0}: {1}{2}.', 7162, '3.1.4'],
            set,
            join(
              what.map((item) => requested(textOf(item))),
              '; ',
            ),
            changed(args[2]),
          ),
        ),
      };
    }
    case 'STORE':
      return flagging(args, set, by);
    case 'COPY':
      return fill(
        ['Copies {0} to the mailbox {1}.', 'Копирует {0} в ящик {1}.', 9051, by ?? '6.4.7'],
        set,
        named(args[1]),
      );
    case 'MOVE':
      return fill(
        ['Moves {0} to the mailbox {1}.', 'Переносит {0} в ящик {1}.', 9051, by ?? '6.4.8'],
        set,
        named(args[1]),
      );
    case 'EXPUNGE':
      return uid
        ? fill(
            [
              'Deletes for good {0}, only where marked for deletion, and nothing else.',
              'Окончательно удаляет {0} — только с пометкой на удаление, и ничего кроме.',
              4315,
              '2.1',
            ],
            set,
          )
        : fill(COMMANDS['EXPUNGE'] ?? ['', '']);
    case 'NOTIFY':
      return upper(args[0]) === 'NONE'
        ? fill(['Wants no news any more.', 'Новостей больше не просит.', 5465, '3.1'])
        : fill(
            [
              'Says of what the server is to tell news: {0}.',
              'Говорит, о чём сервер пусть сообщает: {0}.',
              5465,
              '3.1',
            ],
            quoted(args.slice(1).map(textOf).join(' '), 160),
          );
    default: {
      const row = COMMANDS[verb];
      if (row)
        return fill(row, named(args[0]), args[1]?.kind === 'list' ? quoted(textOf(args[1])) : named(args[1]));
      return {
        ...fill(
          [
            '{0} is not a command of RFC 9051 or of an extension known here.',
            '{0} — не команда RFC 9051 и не из известных здесь расширений.',
          ],
          quoted(`${uid ? 'UID ' : ''}${verb}`, 40),
        ),
        vague: true,
      };
    }
  }
}

function opening(verb: string, args: readonly Node[]): Told {
  const told = fill(
    verb === 'SELECT'
      ? [
          'Opens the mailbox {0} for reading and changing.',
          'Открывает ящик {0} для чтения и изменений.',
          9051,
          '6.3.2',
        ]
      : ['Opens the mailbox {0} for reading only.', 'Открывает ящик {0} только для чтения.', 9051, '6.3.3'],
    named(args[0]),
  );
  const options = itemsOf(args[1]);
  const resync = options.findIndex((node) => upper(node) === 'QRESYNC');
  const extra =
    resync >= 0
      ? fill(
          [
            'It asks at once what changed since change {0}.',
            'Сразу спрашивает, что изменилось после изменения {0}.',
            7162,
            '3.2.5',
          ],
          textOf(itemsOf(options[resync + 1])[1]),
        )
      : options.some((node) => upper(node) === 'CONDSTORE')
        ? fill(['Changes are to be numbered.', 'Изменения просит нумеровать.', 7162, '3.1.8'])
        : undefined;
  return extra ? { ...extra, text: join([told.text, extra.text]) } : told;
}

/** `(CHANGEDSINCE 12 VANISHED)` (RFC 7162 section 3.1.4.1). */
function changed(node: Node | undefined): Text {
  const items = itemsOf(node);
  const at = items.findIndex((item) => upper(item) === 'CHANGEDSINCE');
  if (at < 0) return t('', '');
  const gone = items.some((item) => upper(item) === 'VANISHED');
  return join(
    [
      t(
        ` — only what changed after change ${textOf(items[at + 1])}`,
        ` — только то, что изменилось после изменения ${textOf(items[at + 1])}`,
      ),
      gone ? t(', and what has gone since', ', и что с тех пор исчезло') : undefined,
    ],
    '',
  );
}
const since = (node: Node | undefined, told: Told): Partial<Told> => (changed(node).en === '' ? {} : told);

function storing(verb: string, args: readonly Node[]): Told {
  const rest = verb === 'REPLACE' ? args.slice(1) : args;
  const list = rest.find((node) => node.kind === 'list');
  const told =
    verb === 'REPLACE'
      ? fill(
          [
            'Replaces message {1} by one that follows, in the mailbox {0}',
            'Заменяет письмо {1} тем, что дальше, в ящике {0}',
            8508,
            '3.1',
          ],
          named(rest[0]),
          textOf(args[0]),
        )
      : fill(
          ['Stores a message in the mailbox {0}', 'Кладёт письмо в ящик {0}', 9051, '6.3.12'],
          named(rest[0]),
        );
  const marks =
    list && list.kind === 'list' && list.items.length > 0
      ? join([t(', with the flags: ', ', с флагами: '), flags(list.items)], '')
      : undefined;
  return { ...told, text: join([told.text, marks, t('.', '.')], '') };
}

function flagging(args: readonly Node[], set: Text, by: string | undefined): Told {
  const modified = args[1]?.kind === 'list' ? args[1] : undefined;
  const [mode, ...list] = args.slice(modified ? 2 : 1);
  const items = list[0]?.kind === 'list' ? list[0].items : list;
  const how = upper(mode);
  const row: Row = how.startsWith('+')
    ? ['Adds flags ({1}): {0}.', 'Добавляет флаги ({1}): {0}.', 9051, by ?? '6.4.6']
    : how.startsWith('-')
      ? ['Takes flags away ({1}): {0}.', 'Снимает флаги ({1}): {0}.', 9051, by ?? '6.4.6']
      : ['Sets exactly these flags ({1}): {0}.', 'Ставит ровно эти флаги ({1}): {0}.', 9051, by ?? '6.4.6'];
  const told = fill(row, set, flags(items));
  const careful =
    itemsOf(modified).length > 0
      ? fill(
          [
            'Only where nothing changed after change {0}.',
            'Только где ничего не изменилось после изменения {0}.',
          ],
          textOf(itemsOf(modified)[1]),
        ).text
      : undefined;
  const silent = how.endsWith('.SILENT')
    ? t('The server need not repeat them.', 'Повторять их серверу не нужно.')
    : undefined;
  return { ...told, text: join([told.text, careful, silent]) };
}
