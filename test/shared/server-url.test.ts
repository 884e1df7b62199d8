import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseServerUrl, serverUrl, SERVER_SCHEMES } from '../../shared/model/server-url.ts';

const at = (url: string) => {
  const read = parseServerUrl(url);
  if ('error' in read) throw new Error(read.error);
  return read.server;
};
const error = (url: string, language?: 'en' | 'ru') => {
  const read = parseServerUrl(url, language);
  return 'error' in read ? read.error : undefined;
};

describe('parseServerUrl', () => {
  it.each([
    ['imaps://mail.example.org', 'imap', 'mail.example.org', 993, 'tls'],
    ['IMAP+STARTTLS://Mail.Example.org/', 'imap', 'mail.example.org', 143, 'starttls'],
    ['imap://127.0.0.1:1143', 'imap', '127.0.0.1', 1143, 'none'],
    ['pop3s://h', 'pop3', 'h', 995, 'tls'],
    ['pop3+starttls://h', 'pop3', 'h', 110, 'starttls'],
    ['pop3://localhost', 'pop3', 'localhost', 110, 'none'],
    ['smtps://h:', 'smtp', 'h', 465, 'tls'],
    ['smtp+starttls://h', 'smtp', 'h', 587, 'starttls'],
    ['smtp://[::1]:25', 'smtp', '::1', 25, 'none'],
    ['imaps://[FE80::1%25eth0]', 'imap', 'fe80::1%eth0', 993, 'tls'],
    [' imaps://почта.рф ', 'imap', 'почта.рф', 993, 'tls'],
  ])('%s', (url, protocol, host, port, security) => {
    expect(at(url)).toEqual({ protocol, host, port, security });
  });

  it.each([
    ['imaps://vera@h', 'vera'],
    ['imaps://vera%40example.org@h', 'vera@example.org'],
    ['imaps://vera@example.org@h', 'vera@example.org'],
    ['imaps://%D0%92%D0%B5%D1%80%D0%B0@h', 'Вера'],
    ['imaps://a%3Ab@h', 'a:b'],
  ])('reads the user of %s', (url, user) => {
    expect(at(url).user).toBe(user);
  });

  it.each([
    ['mail.example.org', /not a server address/u],
    ['', /not a server address/u],
    ['https://mail.example.org', /"https:\/\/" is not known.*imaps, imap\+starttls/u],
    ['constructor://h', /not known/u],
    ['imaps://', /name of the server is missing/u],
    ['imaps://::1:993', /square brackets/u],
    ['imaps://[::1', /square brackets/u],
    ['imaps://[hello]', /no name of a server/u],
    ['imaps://two words', /no name of a server/u],
    ['imaps://a..b', /no name of a server/u],
    ['imaps://h:0', /no port/u],
    ['imaps://h:65536', /no port/u],
    ['imaps://h:-1', /no port/u],
    ['imaps://h:99x', /no port/u],
    ['imaps://h/INBOX', /Nothing may follow/u],
    ['imaps://h?x', /Nothing may follow/u],
    ['imaps://@h', /user name/u],
    ['imaps://%zz@h', /user name/u],
    ['imaps://a%0D%0AB@h', /user name/u],
    ['imaps://vera;AUTH=PLAIN@h', /user name/u],
  ])('refuses %s', (url, words) => {
    expect(error(url)).toMatch(words);
    expect(error(url, 'ru')).toMatch(/[а-я]/u);
  });

  it('refuses a password and does not repeat it', () => {
    for (const language of ['en', 'ru'] as const) {
      const words = error('imaps://vera:swordfish@h', language);
      expect(words).toMatch(/password|Парол/u);
      expect(words).not.toContain('swordfish');
    }
    expect(error('imaps://:swordfish@h')).toMatch(/password/u);
  });

  it('reads back what serverUrl writes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(SERVER_SCHEMES)),
        fc.constantFrom('mail.example.org', '127.0.0.1', '::1', 'fe80::1%eth0'),
        fc.integer({ min: 1, max: 65535 }),
        fc.option(fc.stringMatching(/^[ -~а-я]{1,40}$/u), { nil: undefined }),
        (kind, host, port, user) => {
          const server = { ...kind, host, port, ...(user === undefined ? {} : { user }) };
          expect(at(serverUrl(server))).toEqual(server);
        },
      ),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseServerUrl(text)).toBeDefined();
        expect(parseServerUrl(`imaps://${text}`)).toBeDefined();
      }),
    );
  });
});
