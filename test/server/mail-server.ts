// How tests reach the real mail servers: `const server = await mailServer()` in a beforeAll, a new user for each test.
import { randomBytes, X509Certificate } from 'node:crypto';
import type { TrustedCertificate } from '../../shared/model/account.ts';
import fs from 'node:fs';
import { text } from 'node:stream/consumers';
import net from 'node:net';
import path from 'node:path';
import { inject } from 'vitest';
import type { Ports } from './dovecot-config.ts';
import type { MailServerAddress } from './dovecot.ts';
import { lmtpDeliver } from './lmtp.ts';
import { tokenOf } from './tokens.ts';

export interface MailUser {
  readonly email: string;
  readonly password: string;
  /** An access token that Dovecot takes in the place of the password. */
  readonly token?: string;
}

export interface MailServer {
  readonly host: string;
  readonly ports: Ports;
  /** The self-signed certificate (PEM), for `tls: { ca }`: verification stays on. Its names: localhost, 127.0.0.1. */
  readonly ca: string;
  readonly certFile: string;
  /** The same certificate as a person trusts it in the account dialog. */
  readonly trusted: TrustedCertificate;
  /** A mailbox of one's own, known to all services at once. */
  newUser(name?: string): MailUser;
  /** Puts a message into the INBOX of `email`, as from the outside; it is there when this resolves. */
  deliver(email: string, raw: string | Buffer): Promise<void>;
}

export async function mailServer(): Promise<MailServer> {
  const answer = await text(net.connect(inject('mailServerDesk'), '127.0.0.1'));
  const { address, error } = JSON.parse(answer) as { address?: MailServerAddress; error?: string };
  if (address === undefined) throw new Error(error);
  return serverAt(address);
}

/** A server that somebody started. */
export function serverAt({ ports, certFile, usersFolder }: MailServerAddress): MailServer {
  const ca = fs.readFileSync(certFile, 'utf8');
  return {
    host: '127.0.0.1',
    ports,
    certFile,
    ca,
    trusted: { pem: ca, fingerprint: new X509Certificate(ca).fingerprint256 },
    newUser: (name = 'user') => {
      const email = `${name}-${randomBytes(4).toString('hex')}@example.test`;
      const password = randomBytes(6).toString('hex');
      fs.writeFileSync(path.join(usersFolder, email), JSON.stringify({ password }));
      return { email, password, token: tokenOf(email, password) };
    },
    deliver: async (email, raw) => {
      await lmtpDeliver(ports.lmtp, 'sender@example.test', [email], raw);
    },
  };
}
