import { commas, fill, join, quoted, t, type Row, type Text, type Told } from './explanation.ts';
import { named, statusItem } from './imap-names.ts';
import { itemsOf, textOf, upper, type Node } from './imap-parse.ts';
import { conditions, results } from './imap-search.ts';
import { mailboxName } from './mailbox-name.ts';

/** LIST, LSUB and XLIST (RFC 9051 section 6.3.9, RFC 5258, RFC 5819). */
export function listing(verb: string, args: readonly Node[]): Told {
  const selection = args[0]?.kind === 'list' ? args[0] : undefined;
  const [base, pattern, mark, options] = selection ? args.slice(1) : args;
  const where = textOf(base) === '' ? undefined : join([t(' under ', ' внутри '), named(base)], '');
  const name = textOf(pattern);
  if (pattern?.kind !== 'list' && name === '') {
    return fill([
      'Asks how the parts of names are divided.',
      'Спрашивает, чем делятся части имён.',
      9051,
      '6.3.9',
    ]);
  }
  const what =
    pattern?.kind === 'list'
      ? join(
          [t('mailboxes that fit ', 'ящики, подходящие под '), quoted(pattern.items.map(textOf).join(', '))],
          '',
        )
      : name === '*'
        ? t('all mailboxes', 'все ящики')
        : name === '%'
          ? t('the mailboxes of the top level', 'ящики верхнего уровня')
          : join([t('mailboxes that fit ', 'ящики, подходящие под '), quoted(mailboxName(name))], '');
  const only =
    verb === 'LSUB' || itemsOf(selection).some((node) => upper(node) === 'SUBSCRIBED')
      ? t(', subscribed ones only', ', только с подпиской')
      : undefined;
  const uses = itemsOf(selection).some((node) => upper(node) === 'SPECIAL-USE')
    ? t(', those with a use only', ', только с назначением')
    : undefined;
  const returned = upper(mark) === 'RETURN' ? itemsOf(options) : [];
  const also = returned.flatMap((node, at): Text[] => {
    const status =
      upper(node) === 'STATUS' ? itemsOf(returned[at + 1]).map((item) => statusItem(textOf(item))) : [];
    const plain: Record<string, Text> = {
      'SPECIAL-USE': t('their use', 'их назначение'),
      SUBSCRIBED: t('whether subscribed', 'есть ли подписка'),
      CHILDREN: t('whether they hold others', 'содержат ли другие'),
    };
    return status.length > 0 ? status : [plain[upper(node)] ?? t('', '')];
  });
  const more = commas(also.filter((text) => text.en !== ''));
  return {
    text: join(
      [
        t('Lists ', 'Перечисляет '),
        what,
        where,
        only,
        uses,
        more.en === '' ? undefined : join([t(', and tells of each: ', ', о каждом говорит: '), more], ''),
        t('.', '.'),
      ],
      '',
    ),
    rfc: verb === 'LSUB' ? { number: 3501, section: '6.3.9' } : { number: 9051, section: '6.3.9' },
  };
}

/** SEARCH (RFC 9051 section 6.4.4). */
export function searching(args: readonly Node[], uid: boolean): Told {
  let rest = args;
  let wanted: Text | undefined;
  if (upper(rest[0]) === 'RETURN') {
    wanted = results(itemsOf(rest[1]));
    rest = rest.slice(2);
  }
  if (upper(rest[0]) === 'CHARSET') rest = rest.slice(2);
  const told = fill(
    ['Looks for messages: {0}.', 'Ищет письма: {0}.', 9051, uid ? '6.4.9' : '6.4.4'],
    conditions(rest),
  );
  return {
    ...told,
    text: join([
      told.text,
      wanted ? join([t('It wants: ', 'Нужно: '), wanted, t('.', '.')], '') : undefined,
      uid ? t('The answer is to be in UIDs.', 'Ответ пусть будет в UID.') : undefined,
    ]),
  };
}

const ORDERS: Record<string, Row> = {
  ARRIVAL: ['arrival', 'приход'],
  CC: ['Cc', 'копия'],
  DATE: ['date', 'дата'],
  FROM: ['sender', 'отправитель'],
  SIZE: ['size', 'размер'],
  SUBJECT: ['subject', 'тема'],
  TO: ['recipient', 'получатель'],
  REVERSE: ['the other way round:', 'наоборот:'],
  DISPLAYFROM: ['shown sender', 'видимый отправитель'],
  DISPLAYTO: ['shown recipient', 'видимый получатель'],
  RELEVANCY: ['how well they fit', 'соответствие'],
};

/** SORT and THREAD (RFC 5256). */
export function sorting(verb: string, args: readonly Node[], uid: boolean): Told {
  const rest = upper(args[0]) === 'RETURN' ? args.slice(2) : args;
  const what = conditions(rest.slice(2));
  if (verb === 'THREAD')
    return fill(
      [
        'Puts messages together into conversations ({0}): {1}.',
        'Собирает письма в переписки ({0}): {1}.',
        5256,
        '3',
      ],
      upper(rest[0]),
      what,
    );
  const order = join(
    itemsOf(rest[0]).map((node) => {
      const row = ORDERS[upper(node)];
      return row ? fill(row).text : quoted(textOf(node));
    }),
    ' ',
  );
  return fill(
    [
      'Looks for messages and sorts them{2} by: {1}. Condition: {0}.',
      'Ищет письма и сортирует{2}; порядок: {1}. Условие: {0}.',
      5256,
      '3',
    ],
    what,
    order,
    uid ? t(' (UIDs)', ' (UID)') : '',
  );
}
