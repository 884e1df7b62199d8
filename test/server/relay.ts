// The outside world: takes what Dovecot's submission service relays and gives it to Dovecot's LMTP. All addresses under
// .test are at home there; any other is refused, so that no test ever sends mail to anyone.
import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';
import { lmtpDeliver } from './lmtp.ts';

export async function startRelay(port: number, lmtpPort: number): Promise<{ close(): void }> {
  const relay = new SMTPServer({
    name: 'relay.test',
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: 50 * 1024 * 1024,
    onRcptTo({ address }, _session, done) {
      done(address.endsWith('.test') ? null : reply('relaying denied', 550));
    },
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const to = envelope.rcptTo.map(({ address }) => address);
        lmtpDeliver(lmtpPort, from, to, Buffer.concat(chunks)).then(
          (answer) => done(null, answer),
          (error: Error & { responseCode?: number }) => done(reply(error.message, error.responseCode ?? 451)),
        );
      });
    },
  });
  // A client that hangs up in the middle is its own affair, and some tests do.
  relay.on('error', () => undefined);
  const server = relay.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { close: () => relay.close(() => undefined) };
}

function reply(text: string, responseCode: number): Error {
  return Object.assign(new Error(text), { responseCode });
}
