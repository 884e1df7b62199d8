import { fill, quoted, t, type Row, type Text, type Told } from './explanation.ts';

/** What OK and NO mean for a command: `{0}` is what it was about. */
const FATES: Record<string, readonly [yes: Row, no: Row]> = {
  CAPABILITY: [
    ['That is all it can do.', 'Это всё, что он умеет.'],
    ['The server does not tell what it can do.', 'Сервер не говорит, что умеет.'],
  ],
  NOOP: [
    ['The server is there and has told its news.', 'Сервер на месте и новости сообщил.'],
    ['The server does not like even this.', 'Серверу не нравится даже это.'],
  ],
  LOGOUT: [
    ['The session is over.', 'Сеанс окончен.'],
    ['The server does not take the goodbye.', 'Сервер не принимает прощание.'],
  ],
  STARTTLS: [
    [
      'The server agrees: TLS begins with the next byte.',
      'Сервер согласен: со следующего байта начинается TLS.',
    ],
    ['The server won’t begin TLS.', 'Сервер не станет начинать TLS.'],
  ],
  LOGIN: [
    ['Logged in.', 'Вход выполнен.'],
    ['The login is refused.', 'Во входе отказано.'],
  ],
  AUTHENTICATE: [
    ['Logged in.', 'Вход выполнен.'],
    ['The login is refused.', 'Во входе отказано.'],
  ],
  ENABLE: [
    ['What could be switched on is on.', 'Что можно было включить, включено.'],
    ['Nothing is switched on.', 'Ничего не включено.'],
  ],
  SELECT: [
    ['The mailbox is open.', 'Ящик открыт.'],
    ['The mailbox can’t be opened; none is open now.', 'Ящик открыть не удалось; теперь не открыт никакой.'],
  ],
  EXAMINE: [
    ['The mailbox is open for reading.', 'Ящик открыт для чтения.'],
    ['The mailbox can’t be opened; none is open now.', 'Ящик открыть не удалось; теперь не открыт никакой.'],
  ],
  CREATE: [
    ['The mailbox is created.', 'Ящик создан.'],
    ['The mailbox is not created.', 'Ящик не создан.'],
  ],
  DELETE: [
    ['The mailbox is deleted.', 'Ящик удалён.'],
    ['The mailbox is not deleted.', 'Ящик не удалён.'],
  ],
  RENAME: [
    ['The mailbox is renamed.', 'Ящик переименован.'],
    ['The mailbox is not renamed.', 'Ящик не переименован.'],
  ],
  SUBSCRIBE: [
    ['It is on the list.', 'Теперь он в списке.'],
    ['It does not get on the list.', 'В список он не попал.'],
  ],
  UNSUBSCRIBE: [
    ['It is off the list.', 'Из списка он убран.'],
    ['It stays on the list.', 'Он остаётся в списке.'],
  ],
  LIST: [
    ['That is the whole list.', 'Список окончен.'],
    ['The server gives no list.', 'Сервер не даёт списка.'],
  ],
  NAMESPACE: [
    ['That is where mailboxes are.', 'Вот где лежат ящики.'],
    ['The server does not tell.', 'Сервер не говорит.'],
  ],
  STATUS: [
    ['That is how the mailbox stands.', 'Вот как обстоят дела в ящике.'],
    ['The server does not tell about this mailbox.', 'Об этом ящике сервер не говорит.'],
  ],
  APPEND: [
    ['The message is stored.', 'Письмо сохранено.'],
    ['The message is not stored.', 'Письмо не сохранено.'],
  ],
  REPLACE: [
    ['The message is replaced.', 'Письмо заменено.'],
    ['The message is not replaced.', 'Письмо не заменено.'],
  ],
  IDLE: [
    ['The waiting is over.', 'Ожидание окончено.'],
    ['The server does not tell news by itself.', 'Сам сервер новостей не сообщает.'],
  ],
  CHECK: [
    ['Everything is in order.', 'Всё в порядке.'],
    ['The server could not do it.', 'Сервер не смог.'],
  ],
  CLOSE: [
    ['The mailbox is closed, and what was marked is deleted.', 'Ящик закрыт, помеченное удалено.'],
    ['The mailbox is not closed.', 'Ящик не закрыт.'],
  ],
  UNSELECT: [
    ['The mailbox is closed; nothing is deleted.', 'Ящик закрыт; ничего не удалено.'],
    ['The mailbox is not closed.', 'Ящик не закрыт.'],
  ],
  EXPUNGE: [
    ['What was marked is deleted.', 'Помеченное удалено.'],
    ['Nothing is deleted.', 'Ничего не удалено.'],
  ],
  SEARCH: [
    ['The search is done.', 'Поиск окончен.'],
    ['The server can’t search like this.', 'Так сервер искать не умеет.'],
  ],
  SORT: [
    ['The search is done.', 'Поиск окончен.'],
    ['The server can’t sort like this.', 'Так сервер сортировать не умеет.'],
  ],
  THREAD: [
    ['The conversations are told.', 'Переписки названы.'],
    ['The server can’t do that.', 'Этого сервер не умеет.'],
  ],
  FETCH: [
    ['Everything asked for is told.', 'Всё запрошенное передано.'],
    ['The server can’t give all of it.', 'Отдать всё это сервер не может.'],
  ],
  STORE: [
    ['The flags are changed.', 'Флаги изменены.'],
    ['Not all flags are changed.', 'Изменены не все флаги.'],
  ],
  COPY: [
    ['The copy is made.', 'Копия сделана.'],
    ['Nothing is copied.', 'Ничего не скопировано.'],
  ],
  MOVE: [
    ['It is moved.', 'Перенесено.'],
    ['Nothing is moved.', 'Ничего не перенесено.'],
  ],
  ID: [
    ['The two have told who they are.', 'Стороны представились.'],
    ['The server does not tell what it is.', 'Сервер о себе не говорит.'],
  ],
  NOTIFY: [
    ['The server will tell such news.', 'О таком сервер будет сообщать.'],
    ['The server won’t tell such news.', 'О таком сервер сообщать не станет.'],
  ],
  GETQUOTA: [
    ['That is how much room there is.', 'Вот сколько места.'],
    ['The server does not tell about room.', 'О месте сервер не говорит.'],
  ],
  GETQUOTAROOT: [
    ['That is how much room there is.', 'Вот сколько места.'],
    ['The server does not tell about room.', 'О месте сервер не говорит.'],
  ],
  COMPRESS: [
    ['From here on everything is compressed.', 'Дальше всё идёт сжатым.'],
    ['The connection is not compressed.', 'Соединение не сжимается.'],
  ],
};
const ALIASES: Record<string, string> = { LSUB: 'LIST', XLIST: 'LIST' };

const HINT = t(
  'Many providers want a password made for programs, and IMAP switched on in their settings.',
  'Многие службы ждут пароль для приложений и включённый в их настройках IMAP.',
);

/** How a command ended (RFC 9051 section 7.1). @param verb of the command, empty when it is not known */
export function imapFate(status: string, verb: string): Told {
  if (status === 'BAD') {
    return {
      ...fill(
        verb === ''
          ? ['The server does not understand the command.', 'Сервер не понимает команды.', 9051, '7.1.3']
          : [
              'The server does not understand {0} as it was written, or not now.',
              'Сервер не понимает {0} в таком виде или в такой момент.',
              9051,
              '7.1.3',
            ],
        verb,
      ),
      outcome: 'refused',
    };
  }
  const ok = status === 'OK';
  const fate = FATES[ALIASES[verb] ?? verb];
  const told: Told = fate
    ? fill(fate[ok ? 0 : 1])
    : fill(
        ok
          ? ['The server did {0}.', 'Сервер выполнил {0}.']
          : ['The server refuses {0}.', 'Сервер отказал команде {0}.'],
        quoted(verb, 40),
      );
  return {
    ...told,
    rfc: { number: 9051, section: ok ? '7.1.1' : '7.1.2' },
    outcome: ok ? 'ok' : 'refused',
    ...(!ok && (verb === 'LOGIN' || verb === 'AUTHENTICATE') ? { hint: HINT } : {}),
  };
}

/** Codes of a refusal that passes. */
export const isPassing = (code: string | undefined): boolean =>
  code !== undefined && /^(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG|THROTTLED)$/u.test(code);

/** What `*` and a status mean: nobody's answer, or a part of one. */
export function untaggedStatus(status: string, first: boolean): Text {
  switch (status) {
    case 'BYE':
      return t(
        'The server says goodbye and closes the connection.',
        'Сервер прощается и закрывает соединение.',
      );
    case 'PREAUTH':
      return t(
        'The server greets and has let this client in already.',
        'Сервер здоровается и уже впустил этого клиента.',
      );
    case 'NO':
      return t('The server warns.', 'Сервер предупреждает.');
    case 'BAD':
      return t(
        'The server complains about something it can’t assign to a command.',
        'Сервер жалуется на что-то, чего не может связать с командой.',
      );
    default:
      return first
        ? t('The server greets: it is ready.', 'Сервер здоровается: он готов.')
        : t('A remark of the server.', 'Замечание сервера.');
  }
}
