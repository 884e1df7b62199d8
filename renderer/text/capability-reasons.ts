import type { Language } from '../../shared/model/language.ts';

/** Why Glasspost leaves something alone that a server offers, or what is missed where it does not; in both languages at once. */
type Reason = Readonly<Record<Language, string>>;

const conversations: Reason = {
  en: 'The list does not group messages by conversations.',
  ru: 'Список не собирает письма в переписки.',
};
const sorting: Reason = {
  en: 'Messages are sorted here: the list is on this computer already.',
  ru: 'Письма сортируются здесь: список уже на этом компьютере.',
};
const elsewhere: Reason = {
  en: 'Glasspost connects only where you told it to, and follows no hint to another server.',
  ru: 'Glasspost соединяется только туда, куда вы сказали, и не идёт по отсылкам на другой сервер.',
};
const snippets: Reason = {
  en: 'The first words are taken from the message itself, which is kept here.',
  ru: 'Первые слова берутся из самого письма, оно хранится здесь.',
};
const addresses: Reason = {
  en: 'Parts are never handed to another server; a letter is sent as it is.',
  ru: 'Части писем другому серверу не передаются, письмо отправляется как есть.',
};
const notes: Reason = {
  en: 'Glasspost keeps no notes of its own on servers.',
  ru: 'Своих заметок на серверах Glasspost не хранит.',
};
const scripts: Reason = {
  en: 'Searching and sorting happen here, for every script.',
  ru: 'Поиск и сортировка идут здесь, для всех письменностей.',
};
const fuzzy: Reason = {
  en: 'A server’s own idea of what is alike can’t be checked; the search here says what it found and where.',
  ru: 'Что сервер считает похожим, не проверить, а поиск здесь показывает, что и где нашлось.',
};

/** By the names of `UNUSED` in `electron/app/capabilities.ts`. */
export const UNUSED: Readonly<Record<string, Reason>> = {
  CATENATE: {
    en: 'Letters are put together here, so that what is sent is what is kept.',
    ru: 'Письма собираются здесь, чтобы отправленное и сохранённое совпадали.',
  },
  'CONTEXT=SEARCH': {
    en: 'Searches are kept up to date by the index on this computer.',
    ru: 'Результаты поиска обновляет указатель на этом компьютере.',
  },
  CONVERT: {
    en: 'Attachments are shown as they were sent, never converted.',
    ru: 'Вложения показываются такими, какими пришли, без преобразования.',
  },
  ESORT: sorting,
  'I18NLEVEL=1': scripts,
  'I18NLEVEL=2': scripts,
  'LOGIN-REFERRALS': elsewhere,
  'MAILBOX-REFERRALS': elsewhere,
  METADATA: notes,
  'METADATA-SERVER': notes,
  MULTIAPPEND: {
    en: 'Messages are stored one by one, so that each has its own answer.',
    ru: 'Письма сохраняются по одному, чтобы о каждом был свой ответ.',
  },
  MULTISEARCH: {
    en: 'Mailboxes are asked one after another, so that what is more urgent gets in between.',
    ru: 'Папки опрашиваются по очереди, чтобы срочное могло пройти между ними.',
  },
  PREVIEW: snippets,
  'PREVIEW=FUZZY': snippets,
  'SNIPPET=FUZZY': snippets,
  REPLACE: {
    en: 'Glasspost rewrites no message on a server.',
    ru: 'Glasspost не переписывает письма на сервере.',
  },
  SAVEDATE: {
    en: 'Mailboxes are ordered by the date of the message.',
    ru: 'Письма в папках стоят по дате письма.',
  },
  SEARCHRES: {
    en: 'Results are needed here anyway, so the server need not remember them.',
    ru: 'Результаты всё равно нужны здесь, серверу незачем их помнить.',
  },
  'SEARCH=FUZZY': fuzzy,
  SORT: sorting,
  'SORT=DISPLAY': sorting,
  'THREAD=ORDEREDSUBJECT': conversations,
  'THREAD=REFERENCES': conversations,
  'THREAD=REFS': conversations,
  UNAUTHENTICATE: {
    en: 'Each account has connections of its own, which are closed when it is done.',
    ru: 'У каждого ящика свои соединения, и в конце они закрываются.',
  },
  UNSELECT: {
    en: 'Opening the next mailbox leaves the one before without deleting anything.',
    ru: 'При открытии следующей папки прежняя и так закрывается, ничего не удаляя.',
  },
  URLAUTH: addresses,
  'URLAUTH=BINARY': addresses,
  'URL-PARTIAL': addresses,
  WITHIN: {
    en: 'Dates are worked out here and asked for as days.',
    ru: 'Даты вычисляются здесь, и сервер спрашивается о днях.',
  },
};

/** What a person feels where a name of `MISSED` is not offered. */
export const MISSED: Readonly<Record<string, Reason>> = {
  IDLE: {
    en: 'Without it the server is asked now and then, so new mail comes a little later.',
    ru: 'Без этого сервер опрашивается время от времени, и новая почта приходит чуть позже.',
  },
  UIDPLUS: {
    en: 'Without it moved messages are looked for again, and deleted ones are only marked, so as not to take along what another program marked.',
    ru: 'Без этого перемещённые письма приходится искать заново, а удалённые только помечаются, чтобы не задеть помеченное другой программой.',
  },
  MOVE: {
    en: 'Without it moving is copying and then deleting, in two steps.',
    ru: 'Без этого перемещение — это копирование, а потом удаление, в два шага.',
  },
  CONDSTORE: {
    en: 'Without it the flags of all messages are asked for to find the few that changed.',
    ru: 'Без этого приходится спрашивать флажки всех писем, чтобы найти изменившиеся.',
  },
  QRESYNC: {
    en: 'Without it the list of all messages is compared to find what was deleted elsewhere.',
    ru: 'Без этого приходится сверять список всех писем, чтобы найти удалённое в другом месте.',
  },
  'SPECIAL-USE': {
    en: 'Without it Sent, Trash and the like are recognised by their names.',
    ru: 'Без этого «Отправленные», «Корзина» и другие узнаются по названиям.',
  },
  'LIST-STATUS': {
    en: 'Without it each mailbox is asked for its counts by itself.',
    ru: 'Без этого о счётчиках приходится спрашивать каждую папку отдельно.',
  },
  NOTIFY: {
    en: 'Without it only some mailboxes are watched; the others are looked at now and then.',
    ru: 'Без этого наблюдаются только некоторые папки, остальные проверяются время от времени.',
  },
};
