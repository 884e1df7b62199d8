import { X509Certificate } from 'node:crypto';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { ServerSettings } from '../../shared/model/account.ts';
import type { Failure } from '../../shared/model/failure.ts';
import type { Protocol } from '../../shared/wire/line.ts';
import { LineReader } from './line-reader.ts';
import { CONNECT_TIMEOUT, tlsOptions } from './policy.ts';

const ASK: Record<Protocol, string[]> = {
  imap: ['a STARTTLS'],
  pop3: ['STLS'],
  smtp: ['EHLO [127.0.0.1]', 'STARTTLS'],
};

/**
 * Looks at the certificate that a server shows, so that a person can decide about it. Nothing secret is sent
 * and the connection is closed at once: this is the only place where verification is off.
 * @returns undefined when the server shows none
 */
export async function peekCertificate(
  server: ServerSettings,
  protocol: Protocol,
): Promise<Failure['certificate']> {
  const options = { ...tlsOptions({ ...server, trusted: undefined }), rejectUnauthorized: false };
  const where = { host: server.host, port: server.port };
  if (server.security === 'none') return undefined;
  if (server.security === 'tls') return shown(connectTls({ ...where, ...options }));
  const plain = connectTcp(where);
  const reader = new LineReader(plain, CONNECT_TIMEOUT);
  try {
    const next = () => (protocol === 'smtp' ? reader.reply() : reader.line());
    await next();
    for (const command of ASK[protocol]) {
      plain.write(`${command}\r\n`);
      // IMAP may say something untagged first; the other two never begin a line with an asterisk.
      for (let answer = await next(); answer.startsWith('*');) answer = await next();
    }
    reader.release();
    return await shown(connectTls({ socket: plain, ...options }));
  } catch {
    return undefined;
  } finally {
    plain.destroy();
  }
}

function shown(socket: TLSSocket): Promise<Failure['certificate']> {
  return new Promise((resolve) => {
    const finish = (value: Failure['certificate']) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(value);
    };
    const timer = setTimeout(() => finish(undefined), CONNECT_TIMEOUT);
    socket.once('error', () => finish(undefined));
    socket.once('secureConnect', () => {
      const peer = socket.getPeerCertificate();
      const line = (name: typeof peer.subject | undefined) =>
        [name?.CN, name?.O].flat().filter(Boolean).join(', ');
      if (!peer.fingerprint256) return finish(undefined);
      finish({
        subject: line(peer.subject),
        issuer: line(peer.issuer),
        names: (peer.subjectaltname ?? '').split(', ').map((name) => name.replace(/^(DNS|IP Address):/u, '')),
        validFrom: peer.valid_from,
        validTo: peer.valid_to,
        fingerprint: peer.fingerprint256,
        pem: new X509Certificate(peer.raw).toString(),
      });
    });
  });
}
