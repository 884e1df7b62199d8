// The authorization server of the tests: tells Dovecot whose an access token is (RFC 7662).
import { once } from 'node:events';
import fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

export const tokenOf = (email: string, password: string): string =>
  Buffer.from(`${password} ${email}`).toString('base64url');

export async function startTokens(usersFolder: string): Promise<{ port: number; close(): void }> {
  const server = createServer((request, response) => {
    const token = new URL(request.url ?? '/', 'http://localhost').searchParams.get('token') ?? '';
    const [password, email] = Buffer.from(token, 'base64url').toString().split(' ');
    const file = path.join(usersFolder, path.basename(email ?? '-'));
    const known = fs.existsSync(file) && fs.readFileSync(file, 'utf8') === JSON.stringify({ password });
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(known ? { active: true, email } : { active: false }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}
