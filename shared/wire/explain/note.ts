import type { Protocol, WireLine } from '../line.ts';
import { fill, join, quoted, t, type Row, type Text, type Told } from './explanation.ts';

const REASONS: readonly (readonly [RegExp, Row])[] = [
  [
    /ECONNREFUSED/u,
    [
      'Nothing answers at this port: the server is not running there, or a firewall is in the way.',
      'На этом порту никто не отвечает: сервер там не работает или мешает сетевой экран.',
    ],
  ],
  [
    /ENOTFOUND|EAI_/u,
    ['No computer has this name, or there is no network.', 'Компьютера с таким именем нет, или нет сети.'],
  ],
  [/ETIMEDOUT|no answer|timeout/iu, ['No answer came in time.', 'Ответ не пришёл вовремя.']],
  [
    /EHOSTUNREACH|ENETUNREACH/u,
    ['There is no way to this computer from here.', 'Отсюда до этого компьютера нет пути.'],
  ],
  [
    /ECONNRESET|EPIPE|^closed$|closed the connection|Connection not available|Unexpected close/iu,
    ['The other side hung up.', 'Другая сторона разорвала соединение.'],
  ],
  [/expired/iu, ['The server’s certificate has run out.', 'Срок сертификата сервера истёк.']],
  [
    /self.signed|unable to (?:verify|get)|certificate is not the one/iu,
    [
      'Nobody that this computer trusts vouches for the server’s certificate.',
      'За сертификат сервера не ручается никто, кому доверяет этот компьютер.',
    ],
  ],
  [/altnames|does not match/iu, ['The certificate is for another name.', 'Сертификат выдан на другое имя.']],
  [
    /ssl|tls|handshake|wrong version/iu,
    ['The two sides did not agree on TLS.', 'Стороны не договорились о TLS.'],
  ],
];

/** What this program says of itself in a transcript: a code word, then details. */
export function explainNote(line: WireLine, protocol: Protocol): Told {
  const [word = '', ...rest] = line.text.split(' ');
  const detail = rest.join(' ');
  switch (word) {
    case 'connecting':
      return {
        text: join(
          [
            t('A connection is opened to ', 'Открывается соединение с '),
            quoted(detail),
            t(`, to speak ${protocol.toUpperCase()}.`, `, чтобы говорить по ${protocol.toUpperCase()}.`),
          ],
          '',
        ),
        outcome: 'info',
      };
    case 'tls':
      return {
        ...fill(
          [
            'The connection is encrypted ({0}), and the certificate shows that this is the right server. Nobody on the way can read what follows.',
            'Соединение зашифровано ({0}), и сертификат показал, что сервер тот самый. Никто по дороге не прочтёт того, что дальше.',
            8446,
            '2',
          ],
          detail.trim(),
        ),
        outcome: 'ok',
      };
    case 'clear':
      return {
        text: t('The connection is not encrypted.', 'Соединение не зашифровано.'),
        outcome: 'info',
        hint: t(
          'That is harmless on this very computer only.',
          'Это безопасно только внутри этого компьютера.',
        ),
      };
    case 'failed':
      return {
        text: join([t('It failed.', 'Не удалось.'), reason(detail)]),
        outcome: 'failed',
      };
    case 'closed':
      return { text: t('The connection is closed.', 'Соединение закрыто.'), outcome: 'info' };
    default:
      return {
        text: join([t('This program notes: ', 'Заметка программы: '), quoted(line.text, 200)], ''),
        outcome: 'info',
      };
  }
}

function reason(detail: string): Text | undefined {
  if (detail === '') return undefined;
  const known = REASONS.find(([pattern]) => pattern.test(detail));
  if (known) return fill(known[1]).text;
  return join(
    [t('The reason given: ', 'Указанная причина: '), quoted(detail.replace(/\.$/u, ''), 200), t('.', '.')],
    '',
  );
}

export function explainGap(line: WireLine): Told {
  return {
    text: t(
      `Here ${line.bytes} lines are missing: they came faster than they could be kept.`,
      `Здесь не хватает строк (${line.bytes}): они шли быстрее, чем их удавалось сохранять.`,
    ),
    outcome: 'info',
  };
}
