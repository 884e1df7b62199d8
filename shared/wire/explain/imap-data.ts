import {
  commas,
  fill,
  join,
  messages,
  quoted,
  size,
  t,
  type Row,
  type Text,
  type Told,
} from './explanation.ts';
import { capabilities } from './imap-capabilities.ts';
import { told as fetched } from './imap-fetch.ts';
import { attributes, flags, isUse } from './imap-flags.ts';
import { named, pairs, statusItem } from './imap-names.ts';
import { isNil, itemsOf, textOf, upper, type Node } from './imap-parse.ts';
import { countOf, numbers } from './imap-sets.ts';

/** What untagged data may depend on. */
export interface Surroundings {
  /** A mailbox is being opened: counts are its first ones. */
  opening: boolean;
  /** How many messages there were, as far as told. */
  exists: number | undefined;
  /** Whether the search that runs answers in UIDs. */
  uid: boolean;
}

/** Untagged data: `* 23 EXISTS`, `* LIST …` (RFC 9051 sections 7.2 to 7.5). @param nodes without the asterisk */
export function explainData(nodes: readonly Node[], around: Surroundings): Told | undefined {
  const first = upper(nodes[0]);
  if (/^\d+$/u.test(first)) return numbered(Number(first), upper(nodes[1]), nodes[2], around);
  const rest = nodes.slice(1);
  switch (first) {
    case 'CAPABILITY':
      return fill(
        ['The server can: {0}.', 'Сервер умеет: {0}.', 9051, '7.2.2'],
        capabilities(rest.map(textOf)),
      );
    case 'ENABLED':
      return rest.length === 0
        ? fill(['Nothing new is switched on.', 'Ничего нового не включено.', 9051, '7.2.1'])
        : fill(['Switched on: {0}.', 'Включено: {0}.', 9051, '7.2.1'], rest.map(textOf).join(', '));
    case 'FLAGS':
      return fill(
        ['Flags that messages here may have: {0}.', 'Какие флаги бывают у писем здесь: {0}.', 9051, '7.3.5'],
        flags(itemsOf(rest[0])),
      );
    case 'LIST':
    case 'LSUB':
    case 'XLIST':
      return listed(first, rest);
    case 'STATUS':
      return status(rest);
    case 'SEARCH':
    case 'SORT':
      return found(first, rest, around.uid);
    case 'ESEARCH':
      return foundShort(rest);
    case 'THREAD':
      return rest.length === 0
        ? fill(['There are no conversations.', 'Переписок нет.', 5256, '4'])
        : fill(
            [
              'Conversations: {0}. Numbers in brackets belong together.',
              'Переписок: {0}. Номера в скобках относятся друг к другу.',
              5256,
              '4',
            ],
            String(rest.length),
          );
    case 'NAMESPACE':
      return namespace(rest);
    case 'ID':
      return isNil(rest[0]) || !rest[0]
        ? fill([
            'The server does not say what program it is.',
            'Сервер не называет своей программы.',
            2971,
            '3.2',
          ])
        : fill(
            ['The server says what program it is: {0}.', 'Сервер называет свою программу: {0}.', 2971, '3.2'],
            pairs(rest[0]),
          );
    case 'QUOTAROOT':
      return rest.length < 2
        ? fill(
            ['The mailbox {0} has no limit of room.', 'У ящика {0} нет предела места.', 9208, '4.2.2'],
            named(rest[0]),
          )
        : fill(
            [
              'The mailbox {0} falls under the limit {1}.',
              'Ящик {0} подпадает под предел {1}.',
              9208,
              '4.2.2',
            ],
            named(rest[0]),
            commas(rest.slice(1).map(named)),
          );
    case 'QUOTA':
      return quota(rest);
    case 'VANISHED':
      return vanished(rest);
    case 'ACL':
      return fill(
        ['Who may do what with the mailbox {0}: {1}.', 'Кому что можно с ящиком {0}: {1}.', 4314, '3.6'],
        named(rest[0]),
        rest.slice(1).map(textOf).join(' '),
      );
    case 'MYRIGHTS':
      return fill(
        ['What one may do with the mailbox {0}: {1}.', 'Что можно с ящиком {0}: {1}.', 4314, '3.8'],
        named(rest[0]),
        quoted(textOf(rest[1])),
      );
    case 'LISTRIGHTS':
      return fill(
        [
          'Rights that can be given on the mailbox {0}: {1}.',
          'Какие права можно дать на ящик {0}: {1}.',
          4314,
          '3.7',
        ],
        named(rest[0]),
        rest.slice(1).map(textOf).join(' '),
      );
    case 'METADATA':
      return fill(
        ['Notes on the mailbox {0}: {1}.', 'Заметки к ящику {0}: {1}.', 5464, '4.4'],
        named(rest[0]),
        quoted(rest.slice(1).map(textOf).join(' '), 160),
      );
    case 'LANGUAGE':
      return fill(
        ['The server answers in: {0}.', 'Сервер отвечает на языке: {0}.', 5255, '3.3'],
        rest.map(textOf).join(' '),
      );
    case 'COMPARATOR':
      return fill(
        ['The rules of sorting: {0}.', 'Правила сортировки: {0}.', 5255, '4.8'],
        rest.map(textOf).join(' '),
      );
    case 'GENURLAUTH':
    case 'URLFETCH':
      return fill(
        [
          'The address of a part, or what is there: {0}.',
          'Адрес части или то, что по нему лежит: {0}.',
          4467,
          '8',
        ],
        quoted(rest.map(textOf).join(' '), 160),
      );
    case 'XAPPLEPUSHSERVICE':
      return fill(['Where the news for an Apple device goes.', 'Куда пойдут новости для устройства Apple.']);
    default:
      return undefined;
  }
}

function numbered(
  number: number,
  word: string,
  value: Node | undefined,
  around: Surroundings,
): Told | undefined {
  switch (word) {
    case 'EXISTS': {
      if (around.opening || around.exists === undefined)
        return fill(
          ['There are {0} in the mailbox.', 'Писем в ящике: {1}.', 9051, '7.4.1'],
          messages(number),
          number,
        );
      const more = number - around.exists;
      if (more > 0)
        return fill(
          ['New mail: {0}; now there are {1}.', 'Новая почта: {0}; теперь писем: {1}.', 9051, '7.4.1'],
          messages(more),
          number,
        );
      return fill(
        ['There are {0} in the mailbox, as before.', 'Писем в ящике по-прежнему: {1}.', 9051, '7.4.1'],
        messages(number),
        number,
      );
    }
    case 'RECENT':
      return fill(
        ['Of these, new to this session: {0}.', 'Из них новых для этого сеанса: {0}.', 3501, '7.3.2'],
        number,
      );
    case 'EXPUNGE':
      return fill(
        [
          'Message {0} is gone; those after it move up by one.',
          'Письмо {0} исчезло; следующие сдвинулись на одно.',
          9051,
          '7.5.1',
        ],
        number,
      );
    case 'FETCH': {
      const words = fetched(itemsOf(value));
      return fill(
        ['About message {0}: {1}.', 'О письме {0}: {1}.', 9051, '7.5.2'],
        number,
        words.length === 0 ? t('nothing', 'ничего') : join(words, '; '),
      );
    }
    default:
      return undefined;
  }
}

function listed(word: string, [marks, divider, name, ...more]: readonly Node[]): Told {
  const list = itemsOf(marks);
  const uses = list.filter((node) => isUse(textOf(node)));
  const others = list.filter((node) => !isUse(textOf(node)));
  const about = attributes([...uses, ...others]);
  const row: Row =
    textOf(name) === '' && !more.length && name?.kind !== 'literal'
      ? ['Names of mailboxes are divided by {1}.', 'Имена ящиков делятся знаком {1}.', 9051, '7.3.1']
      : isNil(divider)
        ? [
            'The mailbox {0}; names are not divided here{2}.',
            'Ящик {0}; имена здесь не делятся{2}.',
            9051,
            '7.3.1',
          ]
        : [
            'The mailbox {0}{2}. Names are divided by {1}.',
            'Ящик {0}{2}. Имена делятся знаком {1}.',
            9051,
            '7.3.1',
          ];
  const told = fill(
    row,
    named(name),
    quoted(textOf(divider)),
    about.en === '' ? '' : join([t(': ', ': '), about], ''),
  );
  const child = more.flatMap(itemsOf).some((node) => upper(node) === 'CHILDINFO')
    ? t('Some mailbox in it was asked for.', 'Спрашивали о ящике внутри него.')
    : undefined;
  const subscribed = word === 'LSUB' ? t('It is subscribed.', 'На него есть подписка.') : undefined;
  return { ...told, text: join([told.text, subscribed, child]) };
}

function status([name, values]: readonly Node[]): Told {
  const items = itemsOf(values);
  const words: Text[] = [];
  for (let at = 0; at + 1 < items.length; at += 2) {
    const key = upper(items[at]);
    const value = textOf(items[at + 1]).replace(/^\((.*)\)$/u, '$1');
    const shown =
      key === 'SIZE' || key === 'APPENDLIMIT' || key === 'DELETED-STORAGE'
        ? size(Number(value))
        : t(value, value);
    words.push(join([statusItem(key), t(': ', ' — '), shown], ''));
  }
  return fill(
    ['The mailbox {0}: {1}.', 'Ящик {0}: {1}.', 9051, '7.3.3'],
    named(name),
    words.length === 0 ? t('nothing to tell', 'сказать нечего') : commas(words),
  );
}

function found(word: string, nodes: readonly Node[], uid: boolean): Told {
  const change = nodes.find((node) => node.kind === 'list');
  const all = nodes.filter((node) => node.kind === 'atom').map(textOf);
  const section = word === 'SORT' ? (['5256', '4'] as const) : (['3501', '7.2.5'] as const);
  const written = { rfc: { number: Number(section[0]), section: section[1] } };
  if (all.length === 0) return { ...fill(['Nothing was found.', 'Ничего не найдено.']), ...written };
  const told = fill(
    ['Found: {0}{1}: {2}.', 'Найдено: {0}{1}: {2}.'],
    messages(all.length),
    uid ? t(' (UIDs)', ' (UID)') : '',
    numbers(all.join(',')),
  );
  const last = change
    ? fill(
        ['The latest change among them: {0}.', 'Последнее изменение среди них: {0}.'],
        textOf(itemsOf(change)[1]),
      ).text
    : undefined;
  return { ...told, ...written, text: join([told.text, last]) };
}

const FOUND: Record<string, Row> = {
  MIN: ['the first is {0}', 'первое — {0}'],
  MAX: ['the last is {0}', 'последнее — {0}'],
  COUNT: ['how many: {0}', 'сколько: {0}'],
  ALL: ['these: {0}', 'вот они: {0}'],
  MODSEQ: ['the latest change among them: {0}', 'последнее изменение среди них: {0}'],
  PARTIAL: ['a piece of the list: {0}', 'часть списка: {0}'],
  MAILBOX: ['in the mailbox {0}', 'в ящике {0}'],
  UIDVALIDITY: ['UIDs depend on {0}', 'UID зависят от {0}'],
};

/** ESEARCH: `(TAG "a") UID MIN 1 COUNT 3` (RFC 9051 section 7.3.4). */
function foundShort(nodes: readonly Node[]): Told {
  const words: Text[] = [];
  const rest = nodes.filter((node, at) => !(at === 0 && node.kind === 'list'));
  const uid = rest.some((node) => upper(node) === 'UID');
  for (let at = 0; at < rest.length; at += 1) {
    const key = upper(rest[at]);
    if (key === 'UID') continue;
    const row = FOUND[key];
    at += 1;
    const value = numbers(textOf(rest[at]));
    words.push(row ? fill(row, value).text : quoted(`${key} ${value}`));
  }
  if (words.length === 0) return fill(['Nothing was found.', 'Ничего не найдено.', 9051, '7.3.4']);
  return fill(
    ['Found{0}: {1}.', 'Найдено{0}: {1}.', 9051, '7.3.4'],
    uid ? t(' (UIDs)', ' (UID)') : '',
    commas(words),
  );
}

function namespace(nodes: readonly Node[]): Told {
  const kinds = [
    t('one’s own mailboxes', 'свои ящики'),
    t('other people’s', 'чужие'),
    t('shared ones', 'общие'),
  ];
  const words = kinds.map((kind, at) => {
    const spaces = itemsOf(nodes[at]).map((space) => {
      const [prefix, divider] = itemsOf(space);
      const where =
        textOf(prefix) === ''
          ? t('at the top', 'наверху')
          : join([t('under ', 'внутри '), quoted(textOf(prefix))], '');
      return isNil(divider)
        ? where
        : join([where, t(`, divided by “${textOf(divider)}”`, `, делятся знаком «${textOf(divider)}»`)], '');
    });
    return join([kind, t(': ', ': '), spaces.length === 0 ? t('none', 'нет') : commas(spaces)], '');
  });
  return fill(['Where mailboxes are — {0}.', 'Где лежат ящики — {0}.', 9051, '7.3.2'], join(words, '; '));
}

function quota([root, values]: readonly Node[]): Told {
  const items = itemsOf(values);
  const words: Text[] = [];
  for (let at = 0; at + 2 < items.length; at += 3) {
    const [used, limit] = [Number(textOf(items[at + 1])), Number(textOf(items[at + 2]))];
    const kind = upper(items[at]);
    words.push(
      kind === 'STORAGE'
        ? join([size(used * 1024), t(' of ', ' из '), size(limit * 1024)], '')
        : kind === 'MESSAGE'
          ? join([messages(used), t(' of ', ' из '), t(String(limit), String(limit))], '')
          : t(`${kind}: ${used} of ${limit}`, `${kind}: ${used} из ${limit}`),
    );
  }
  const name = textOf(root);
  return fill(
    ['Room used{0}: {1}.', 'Занято{0}: {1}.', 9208, '4.2.1'],
    name === '' ? '' : join([t(' in ', ' в '), quoted(name)], ''),
    words.length === 0 ? t('no limits', 'пределов нет') : commas(words),
  );
}

/** VANISHED (RFC 7162 section 3.2.10): instead of EXPUNGE, by UID. */
function vanished(nodes: readonly Node[]): Told {
  const earlier = nodes[0]?.kind === 'list';
  const set = textOf(nodes[earlier ? 1 : 0]);
  const total = countOf(set);
  const row: Row = earlier
    ? [
        'Gone since the last visit, by UID: {0}{1}.',
        'Исчезло с прошлого раза, по UID: {0}{1}.',
        7162,
        '3.2.10',
      ]
    : ['Gone just now, by UID: {0}{1}.', 'Только что исчезло, по UID: {0}{1}.', 7162, '3.2.10'];
  const many = total === undefined || total === 1 ? '' : t(` (at most ${total})`, ` (не больше ${total})`);
  return fill(row, numbers(set), many);
}
