import type { Protocol } from '../wire/line.ts';
import type { Security } from './account.ts';
import type { Language } from './language.ts';

/** Where a server is and how it is spoken to, as a URL says it. */
export interface ServerAddress {
  protocol: Protocol;
  /** Without the brackets of an IPv6 address; in small letters. */
  host: string;
  port: number;
  security: Security;
  user?: string;
}

export type ServerUrl = { server: ServerAddress } | { error: string };

/** The schemes that are understood, for help texts. The ports are those of RFC 8314 and of the protocols themselves. */
export const SERVER_SCHEMES: Readonly<Record<string, Pick<ServerAddress, 'protocol' | 'port' | 'security'>>> =
  {
    imaps: { protocol: 'imap', port: 993, security: 'tls' },
    'imap+starttls': { protocol: 'imap', port: 143, security: 'starttls' },
    imap: { protocol: 'imap', port: 143, security: 'none' },
    pop3s: { protocol: 'pop3', port: 995, security: 'tls' },
    'pop3+starttls': { protocol: 'pop3', port: 110, security: 'starttls' },
    pop3: { protocol: 'pop3', port: 110, security: 'none' },
    smtps: { protocol: 'smtp', port: 465, security: 'tls' },
    'smtp+starttls': { protocol: 'smtp', port: 587, security: 'starttls' },
    smtp: { protocol: 'smtp', port: 587, security: 'none' },
  };

/**
 * Reads `imaps://vera%40example.org@mail.example.org:993` (RFC 3986 section 3.2). A user name may hold an `@` as it is;
 * a password is refused, for a URL ends up in the history of the shell and in the list of processes.
 */
export function parseServerUrl(url: string, language: Language = 'en'): ServerUrl {
  const say = (problem: Problem, detail = ''): ServerUrl => ({ error: WORDS[language][problem](detail) });
  const whole = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/isu.exec(url.trim());
  if (!whole) return say('form');
  const [, scheme = '', authority = '', rest = ''] = whole;
  const kind = SERVER_SCHEMES[scheme.toLowerCase()];
  if (!kind || !Object.hasOwn(SERVER_SCHEMES, scheme.toLowerCase())) return say('scheme', scheme);
  if (rest !== '' && rest !== '/') return say('rest', rest);

  const at = authority.lastIndexOf('@');
  const named = at < 0 ? '' : authority.slice(0, at);
  if (named.includes(':')) return say('password');
  const user = decodeUser(named);
  if (user === undefined || (at >= 0 && user === '')) return say('user', named);

  const place = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::([^:]*))?$/u.exec(authority.slice(at + 1));
  if (!place) return say('host', authority.slice(at + 1));
  const [, six, name = '', digits] = place;
  const host = (six ?? name).toLowerCase();
  const wellFormed =
    six === undefined
      ? host.length <= 253 &&
        /^(?=.*[\p{L}\p{N}])[\p{L}\p{M}\p{N}_-]+(?:\.[\p{L}\p{M}\p{N}_-]+)*\.?$/u.test(host)
      : /^[0-9a-f:.]*:[0-9a-f:.]*(?:%25?[\w.-]+)?$/u.test(host);
  if (!wellFormed) return say('host', six === undefined ? name : `[${six}]`);

  const port = digits === undefined || digits === '' ? kind.port : Number(digits);
  if (!/^\d{0,5}$/u.test(digits ?? '') || port < 1 || port > 65535) return say('port', digits ?? '');
  return {
    server: {
      ...kind,
      host: host.replace('%25', '%'),
      port,
      ...(user === '' ? {} : { user }),
    },
  };
}

/** The same address as a URL; what `parseServerUrl` reads back. */
export function serverUrl({ protocol, host, port, security, user }: ServerAddress): string {
  const scheme = { tls: `${protocol}s`, starttls: `${protocol}+starttls`, none: protocol }[security];
  const name = user === undefined ? '' : `${encodeURIComponent(user)}@`;
  return `${scheme}://${name}${host.includes(':') ? `[${host.replace('%', '%25')}]` : host}:${port}`;
}

/** @returns undefined for what is no percent-encoding, is too long, or would end a protocol line */
function decodeUser(text: string): string | undefined {
  if (text.includes(';')) return undefined;
  try {
    const user = decodeURIComponent(text);
    return user.length > 320 || /\p{Cc}/u.test(user) ? undefined : user;
  } catch {
    return undefined;
  }
}

type Problem = 'form' | 'scheme' | 'rest' | 'password' | 'user' | 'host' | 'port';
const schemes = Object.keys(SERVER_SCHEMES).join(', ');

const WORDS: Record<Language, Record<Problem, (detail: string) => string>> = {
  en: {
    form: () => 'This is not a server address: write it as imaps://mail.example.org:993.',
    scheme: (given) => `"${given}://" is not known. Known are: ${schemes}.`,
    rest: (given) => `Nothing may follow the port, but "${given}" does.`,
    password: () =>
      'A password does not belong in an address: other programs can read it there. Leave it out.',
    user: (given) => `"${given}" can't be read as a user name: write special characters as %XX.`,
    host: (given) =>
      given === ''
        ? 'The name of the server is missing.'
        : `"${given}" is no name of a server. An IPv6 address goes into square brackets: [::1].`,
    port: (given) => `"${given}" is no port: it is a number from 1 to 65535.`,
  },
  ru: {
    form: () => 'Это не адрес сервера: его пишут так: imaps://mail.example.org:993.',
    scheme: (given) => `Схема «${given}://» неизвестна. Известны: ${schemes}.`,
    rest: (given) => `После порта ничего быть не должно, а здесь «${given}».`,
    password: () => 'Паролю не место в адресе: там его могут прочитать другие программы. Уберите его.',
    user: (given) => `«${given}» не читается как имя пользователя: особые знаки пишут как %XX.`,
    host: (given) =>
      given === ''
        ? 'Не указано имя сервера.'
        : `«${given}» — не имя сервера. Адрес IPv6 пишут в квадратных скобках: [::1].`,
    port: (given) => `«${given}» — не порт: нужно число от 1 до 65535.`,
  },
};
