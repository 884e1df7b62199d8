import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { makeIdentity } from '../../../electron/practice/certificate.ts';
import { peekCertificate } from '../../../electron/net/certificate.ts';

describe('a certificate that was looked at', () => {
  it('can be trusted, whatever its length', async () => {
    const lengths = new Set<number>();
    for (let round = 0; round < 200; round += 1) {
      const identity = await makeIdentity(new Date());
      const length = identity.cert.length;
      // A signature is 70 to 72 bytes: certificates of some lengths fill their last line.
      if (lengths.has(length)) continue;
      lengths.add(length);
      const server = tls.createServer(identity, (socket) => socket.end('hello'));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const shown = await peekCertificate({ host: '127.0.0.1', port, security: 'tls', user: 'x' }, 'imap');
      const client = tls.connect({ host: '127.0.0.1', port, ca: [shown?.pem ?? ''] });
      await expect(once(client, 'secureConnect')).resolves.toBeDefined();
      client.destroy();
      server.close();
    }
    expect(lengths.size).toBeGreaterThan(1);
  });
});
