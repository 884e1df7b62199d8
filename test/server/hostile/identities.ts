// Certificates of the hostile server: the honest one, and what is wrong with the others. Those that are only out of date or
// of another name are vouched for, so that each fails for its own reason.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { makeIdentity, type Identity } from '../../../electron/practice/certificate.ts';

export interface Identities {
  honest: Identity;
  selfSigned: Identity;
  expired: Identity;
  otherName: Identity;
  otherAuthority: Identity;
}

const run = promisify(execFile);
const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** @returns the certificates, and a file with those that the client's system vouches for */
export async function makeIdentities(): Promise<{
  identities: Identities;
  authorities: string;
  drop(): void;
}> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'glasspost-hostile-'));
  const at = (name: string) => path.join(folder, name);
  const read = (name: string): Identity => ({
    cert: fs.readFileSync(at(`${name}.pem`), 'utf8'),
    key: fs.readFileSync(at(`${name}.key`), 'utf8'),
  });
  const make = (name: string, subject: string, alternative: string, ...more: string[]) =>
    run('openssl', [
      'req',
      '-x509',
      ...EC,
      '-days',
      '30',
      '-subj',
      subject,
      '-addext',
      `subjectAltName=${alternative}`,
      '-keyout',
      at(`${name}.key`),
      '-out',
      at(`${name}.pem`),
      ...more,
    ]);
  await make('other', '/CN=other.example', 'DNS:other.example');
  await make('authority', '/CN=An authority that nobody knows', 'DNS:authority.example');
  await make(
    'leaf',
    '/CN=localhost',
    'DNS:localhost,IP:127.0.0.1',
    '-CA',
    at('authority.pem'),
    '-CAkey',
    at('authority.key'),
  );
  const identities: Identities = {
    honest: await makeIdentity(new Date()),
    selfSigned: await makeIdentity(new Date()),
    expired: await makeIdentity(new Date('2019-01-01T00:00:00Z')),
    otherName: read('other'),
    otherAuthority: read('leaf'),
  };
  const authorities = at('authorities.pem');
  const { honest, expired, otherName } = identities;
  fs.writeFileSync(authorities, [honest, expired, otherName].map(({ cert }) => cert).join('\n'));
  return { identities, authorities, drop: () => fs.rmSync(folder, { recursive: true, force: true }) };
}
