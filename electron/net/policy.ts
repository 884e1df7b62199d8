import { isIP, isIPv4 } from 'node:net';
import type { ConnectionOptions, PeerCertificate } from 'node:tls';
import type { ServerSettings } from '../../shared/model/account.ts';
import type { Failure } from '../../shared/model/failure.ts';
import { MailError } from '../../shared/contract/mail-error.ts';

/** ms to open a connection and agree on TLS. */
export const CONNECT_TIMEOUT = 20_000;
/** ms a connection may stay silent while we wait for an answer. */
export const ANSWER_TIMEOUT = 60_000;

/** How long a server is waited for, ms. */
export interface Patience {
  /** To open a connection, agree on TLS and be greeted. */
  connect: number;
  /** For a sign of life while it owes an answer. */
  answer: number;
}
export const PATIENCE: Patience = { connect: CONNECT_TIMEOUT, answer: ANSWER_TIMEOUT };

/** True for names and addresses that never leave this computer. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/u, '');
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '::1' ||
    (isIPv4(name) && name.startsWith('127.'))
  );
}

/** Clear text goes to this computer only, unless somebody allowed more in so many words. */
export function refuseClearText(server: ServerSettings): void {
  if (server.security === 'none' && !server.allowClearText && !isLoopback(server.host)) {
    throw new MailError('clear-text-refused', '', { host: server.host, port: server.port });
  }
}

/**
 * TLS as we want it: verified, TLS 1.2 or newer, the name checked.
 * A certificate that the person chose to trust stands for its own authority, and only itself is accepted.
 */
export function tlsOptions(server: ServerSettings): ConnectionOptions {
  const trusted = server.trusted;
  return {
    ...(isIP(server.host) ? {} : { servername: server.host }),
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    ...(trusted
      ? {
          ca: [trusted.pem],
          // Most certificates that people make themselves are no authority's: BoringSSL would look for one above them.
          allowPartialTrustChain: true,
          checkServerIdentity: (_host: string, peer: PeerCertificate) =>
            peer.fingerprint256 === trusted.fingerprint
              ? undefined
              : Object.assign(new Error('the certificate is not the one that was trusted'), {
                  code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
                }),
        }
      : {}),
  };
}

const CERTIFICATE_CODES: Record<string, Failure['code']> = {
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-other-name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate-untrusted',
  CERT_UNTRUSTED: 'certificate-untrusted',
  CERT_SIGNATURE_FAILURE: 'certificate-untrusted',
  CERT_REVOKED: 'certificate-untrusted',
};

const SOCKET_CODES: Record<string, Failure['code']> = {
  ENOTFOUND: 'host-not-found',
  EAI_AGAIN: 'host-not-found',
  EAI_NODATA: 'host-not-found',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  EACCES: 'refused',
  ETIMEDOUT: 'timeout',
  ESOCKETTIMEDOUT: 'timeout',
  CONNECT_TIMEOUT: 'timeout',
  ECONNRESET: 'connection-lost',
  EPIPE: 'connection-lost',
  EMFILE: 'too-many-files',
  ENFILE: 'too-many-files',
  NoConnection: 'connection-lost',
  EConnectionClosed: 'connection-lost',
};

/** Turns what the system or OpenSSL threw into words for a person. */
export function networkError(thrown: unknown, server: ServerSettings): MailError {
  if (thrown instanceof MailError) return thrown;
  const where = { host: server.host, port: server.port };
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = CERTIFICATE_CODES[code] ?? SOCKET_CODES[code];
  if (known) return new MailError(known, error.message, where);
  if (
    code.startsWith('ERR_SSL') ||
    code === 'EPROTO' ||
    /ssl routines|wrong version number/iu.test(error.message)
  ) {
    // A clear-text port that was asked for TLS answers with something that is no TLS record.
    return new MailError(
      /wrong.version/iu.test(error.message) ? 'not-a-mail-server' : 'tls-failed',
      error.message,
      where,
    );
  }
  return new MailError('connection-lost', error.message, where);
}
