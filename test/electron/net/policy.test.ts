import { describe, expect, it } from 'vitest';
import { isLoopback, networkError, refuseClearText, tlsOptions } from '../../../electron/net/policy.ts';
import { MailError, failureOf } from '../../../shared/contract/mail-error.ts';
import type { ServerSettings } from '../../../shared/model/account.ts';

const server = (host: string, security: ServerSettings['security'] = 'none'): ServerSettings => ({
  host,
  port: 143,
  security,
  user: 'vera',
});

describe('isLoopback', () => {
  it.each(['localhost', 'LocalHost', 'localhost.', 'mail.localhost', '127.0.0.1', '127.255.0.3', '::1'])(
    '%s',
    (host) => {
      expect(isLoopback(host)).toBe(true);
    },
  );

  it.each([
    '',
    'example.org',
    'localhost.example.org',
    'notlocalhost',
    'localhost.localdomain',
    '127.0.0.1.example.org',
    '128.0.0.1',
    '0.0.0.0',
    '10.0.0.1',
    '192.168.1.1',
    '::',
    '::2',
    'fe80::1',
    '127.0.0.1x',
    '127.0.0',
    '127.0.0.999',
    ' 127.0.0.1',
  ])('not %j', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});

describe('clear text', () => {
  it('is refused to any other computer', () => {
    for (const host of ['example.org', '192.168.1.1', 'localhost.example.org']) {
      let thrown: unknown;
      try {
        refuseClearText(server(host));
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(MailError);
      expect(failureOf(thrown)).toMatchObject({ code: 'clear-text-refused', host, port: 143 });
    }
  });

  it('may go to this one, and protected connections anywhere', () => {
    expect(() => refuseClearText(server('127.0.0.1'))).not.toThrow();
    expect(() => refuseClearText(server('localhost'))).not.toThrow();
    expect(() => refuseClearText(server('example.org', 'tls'))).not.toThrow();
    expect(() => refuseClearText(server('example.org', 'starttls'))).not.toThrow();
  });
});

describe('tlsOptions', () => {
  it('always verifies, with TLS 1.2 at least', () => {
    expect(tlsOptions(server('example.org', 'tls'))).toMatchObject({
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      servername: 'example.org',
    });
    expect(tlsOptions(server('192.0.2.1', 'tls'))).not.toHaveProperty('servername');
    expect(tlsOptions(server('example.org', 'tls'))).not.toHaveProperty('checkServerIdentity');
  });

  it('takes a trusted certificate for itself and for no other', () => {
    const fingerprint = Array.from({ length: 32 }, () => 'AB').join(':');
    const options = tlsOptions({ ...server('example.org', 'tls'), trusted: { fingerprint, pem: 'PEM' } });
    expect(options.ca).toEqual(['PEM']);
    expect(options.rejectUnauthorized).toBe(true);
    const check = (fingerprint256: string) =>
      options.checkServerIdentity?.('example.org', { fingerprint256 } as Parameters<
        typeof options.checkServerIdentity
      >[1]);
    expect(check(fingerprint)).toBeUndefined();
    expect(check(fingerprint.replace('AB', 'AC'))).toBeInstanceOf(Error);
  });
});

describe('networkError', () => {
  it.each([
    ['ENOTFOUND', 'host-not-found'],
    ['ECONNREFUSED', 'refused'],
    ['ETIMEDOUT', 'timeout'],
    ['ECONNRESET', 'connection-lost'],
    ['CERT_HAS_EXPIRED', 'certificate-expired'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate-other-name'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate-untrusted'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tls-failed'],
    ['EWHATEVER', 'connection-lost'],
  ])('%s is %s', (code, expected) => {
    const error = networkError(Object.assign(new Error('words'), { code }), server('example.org'));
    expect(error.failure).toEqual({ code: expected, detail: 'words', host: 'example.org', port: 143 });
  });

  it('knows a server that speaks no TLS', () => {
    const thrown = Object.assign(new Error('ssl routines:wrong version number'), {
      code: 'ERR_SSL_WRONG_VERSION_NUMBER',
    });
    expect(networkError(thrown, server('example.org')).failure.code).toBe('not-a-mail-server');
  });

  it('keeps what is said already, and takes anything thrown', () => {
    const known = new MailError('no-starttls', 'x');
    expect(networkError(known, server('example.org'))).toBe(known);
    expect(networkError('words', server('example.org')).failure.detail).toBe('words');
  });
});
