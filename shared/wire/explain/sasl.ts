import { MASK } from '../line.ts';
import { decodeBase64 } from './base64.ts';
import { fill, join, quoted, t, type Row, type Text, type Told } from './explanation.ts';

/** What is said of a mechanism where it is chosen and where it is offered (RFC 4422; the IANA registry of mechanisms). */
const MECHANISMS: Record<string, Row> = {
  PLAIN: [
    'name and password as they are, in base64: only TLS keeps them secret',
    'имя и пароль как есть, в base64: тайной их держит только TLS',
    4616,
    '2',
  ],
  LOGIN: [
    'an old way that asks for the name and the password one after the other, in base64',
    'старый способ: имя и пароль спрашиваются по очереди, в base64',
  ],
  'CRAM-MD5': [
    'the password itself is not sent, only a hash of it with a number that the server makes up',
    'сам пароль не передаётся, только его хеш с числом, которое придумал сервер',
    2195,
    '2',
  ],
  'DIGEST-MD5': [
    'an abandoned way that sends hashes instead of the password',
    'заброшенный способ, где вместо пароля идут хеши',
    6331,
    '1',
  ],
  'SCRAM-SHA-1': [
    'both sides prove that they know the password and nobody sends it',
    'обе стороны доказывают, что знают пароль, и никто его не передаёт',
    5802,
    '3',
  ],
  'SCRAM-SHA-256': [
    'both sides prove that they know the password and nobody sends it (SHA-256)',
    'обе стороны доказывают, что знают пароль, и никто его не передаёт (SHA-256)',
    7677,
    '3',
  ],
  'SCRAM-SHA-512': [
    'both sides prove that they know the password and nobody sends it (SHA-512)',
    'обе стороны доказывают, что знают пароль, и никто его не передаёт (SHA-512)',
    5802,
    '3',
  ],
  XOAUTH2: [
    'a token of the mail provider instead of the password (Google’s older form)',
    'вместо пароля — токен почтовой службы (прежний вид, придуманный Google)',
  ],
  OAUTHBEARER: [
    'a token of the mail provider instead of the password',
    'вместо пароля — токен почтовой службы',
    7628,
    '3',
  ],
  EXTERNAL: [
    'the server already knows who this is, as a rule by the client’s certificate',
    'сервер уже знает, кто это, — обычно по сертификату клиента',
    4422,
    'A',
  ],
  ANONYMOUS: ['no name and no password: for guests', 'без имени и пароля: для гостей', 4505, '2'],
  NTLM: ['Microsoft’s login of Windows domains', 'вход доменов Windows, придуманный Microsoft'],
  GSSAPI: ['Kerberos: a ticket instead of a password', 'Kerberos: билет вместо пароля', 4752, '3'],
  'GSS-SPNEGO': ['Kerberos or NTLM, whichever both sides know', 'Kerberos или NTLM, что знают обе стороны'],
  KERBEROS_V4: ['an outdated Kerberos', 'устаревший Kerberos', 2222, '7.1'],
  SKEY: ['passwords that work once', 'одноразовые пароли', 2222, '7.3'],
  OTP: ['passwords that work once', 'одноразовые пароли', 2444, '2'],
  SAML20: ['a login in the browser by SAML', 'вход через браузер по SAML', 6595, '3'],
  'ECDSA-NIST256P-CHALLENGE': ['a signature by a key instead of a password', 'подпись ключом вместо пароля'],
};

const MARKS: Record<string, Text> = {
  '-PLUS': t(' — bound to this very TLS connection', ' — с привязкой к этому самому соединению TLS'),
};

/** A mechanism with what it does; unknown ones by their name alone. */
export function mechanism(name: string): Told {
  const upper = name.toUpperCase();
  const plain = upper.replace(/-PLUS$/u, '');
  const row = MECHANISMS[plain];
  if (!row) return { text: t(upper, upper) };
  const told = fill(row);
  return {
    ...told,
    text: join(
      [t(`${upper} (`, `${upper} (`), told.text, upper === plain ? undefined : MARKS['-PLUS'], t(')', ')')],
      '',
    ),
  };
}

export const mechanisms = (names: readonly string[]): Text =>
  join(
    names.map((name) => mechanism(name).text),
    '; ',
  );

/**
 * The server's challenge within a login.
 * @param step 1 for the first
 */
export function challenge(name: string, data: string, step: number): Told {
  const upper = name.toUpperCase();
  const outcome = 'info' as const;
  if (data === '' || data === '=') {
    return {
      text: t(
        'Go on: the server waits for what proves who this is.',
        'Продолжайте: сервер ждёт доказательства, кто это.',
      ),
      outcome,
    };
  }
  const words = data === MASK ? undefined : decodeBase64(data);
  if (upper === 'LOGIN') {
    const asks = words ?? (step === 1 ? 'Username:' : 'Password:');
    const isName = /user|name|login/iu.test(asks) && !/pass/iu.test(asks);
    const text = isName
      ? t('asks for the user name', 'спрашивает имя пользователя')
      : t('asks for the password', 'спрашивает пароль');
    const said = words === undefined ? undefined : quoted(words);
    return {
      text: join(
        [
          t('The server ', 'Сервер '),
          text,
          said ? join([t(': in base64 it says ', ': в base64 здесь '), said], '') : undefined,
          t('.', '.'),
        ],
        '',
      ),
      outcome,
    };
  }
  if (/^X?OAUTH/u.test(upper)) {
    return {
      text: join([
        t(
          'The server does not take the token; what is wrong stands here in base64.',
          'Сервер не принимает токен; что не так, сказано здесь в base64.',
        ),
        words === undefined ? undefined : quoted(words, 200),
      ]),
      outcome: 'refused',
      hint: t(
        'The token has run out or lacks a permission: sign in with the provider again.',
        'Токен истёк или ему не хватает прав: войдите у почтовой службы заново.',
      ),
    };
  }
  const shown =
    words === undefined
      ? t(
          ' It is hidden here, for it could help to guess the password.',
          ' Здесь он скрыт: он помог бы подобрать пароль.',
        )
      : join([t(' In base64 it says ', ' В base64 здесь '), quoted(words, 120), t('.', '.')], '');
  const about = upper.startsWith('SCRAM-')
    ? step === 1
      ? t(
          'The server’s part of SCRAM: its random number, the salt and how often to hash.',
          'Часть SCRAM от сервера: его случайное число, соль и число повторов хеша.',
        )
      : t(
          'The server’s proof that it knows the password too.',
          'Доказательство сервера, что и он знает пароль.',
        )
    : upper === 'CRAM-MD5'
      ? t(
          'A number made up for this login: the client answers with its hash, made with the password.',
          'Число, придуманное для этого входа: клиент ответит его хешем, взятым с паролем.',
        )
      : t(
          `A challenge of ${upper}: the client has to answer it.`,
          `Вызов ${upper}: клиент должен на него ответить.`,
        );
  return { text: join([about, shown], ''), outcome };
}

/** The client's part of a login. @param initial it stands on the command's own line */
export function credentials(name: string, data: string, step: number): Text {
  const upper = name.toUpperCase();
  if (data === '*') return t('Breaks the login off.', 'Прерывает вход.');
  if (data === '' || data === '=')
    return t(
      'An empty answer: this step of the login needs no words.',
      'Пустой ответ: на этом шаге входа слова не нужны.',
    );
  if (upper === 'PLAIN')
    return t(
      'The user name and the password in base64, hidden here.',
      'Имя пользователя и пароль в base64, здесь они скрыты.',
    );
  if (upper === 'LOGIN') {
    return step === 1
      ? t('The user name in base64, hidden here.', 'Имя пользователя в base64, здесь оно скрыто.')
      : t('The password in base64, hidden here.', 'Пароль в base64, здесь он скрыт.');
  }
  if (upper === 'CRAM-MD5')
    return t(
      'The user name and the hash that proves the password, hidden here.',
      'Имя пользователя и хеш, доказывающий пароль; здесь они скрыты.',
    );
  if (upper.startsWith('SCRAM-')) {
    return step === 1
      ? t(
          'The client’s first part of SCRAM: the user name and a random number, hidden here.',
          'Первая часть SCRAM от клиента: имя и случайное число; здесь она скрыта.',
        )
      : step === 2
        ? t(
            'The client’s proof that it knows the password, hidden here.',
            'Доказательство клиента, что он знает пароль; здесь оно скрыто.',
          )
        : t('The client has checked the server’s proof.', 'Клиент проверил доказательство сервера.');
  }
  if (/^X?OAUTH/u.test(upper))
    return t('The access token in base64, hidden here.', 'Токен доступа в base64, здесь он скрыт.');
  return t(`An answer of the login by ${upper}, hidden here.`, `Ответ входа по ${upper}, здесь он скрыт.`);
}
