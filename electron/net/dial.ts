import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { ServerSettings } from '../../shared/model/account.ts';
import type { Protocol } from '../../shared/wire/line.ts';
import { MailError } from '../../shared/contract/mail-error.ts';
import { tapSocket } from '../wire/tap.ts';
import type { Recorder } from '../app/ports-engine.ts';
import { LineReader } from './line-reader.ts';
import { networkError, PATIENCE, refuseClearText, tlsOptions } from './policy.ts';

/** A connection ready for its first command: protected as the settings ask, or it does not exist. */
export interface Dialled {
  socket: Socket;
  /** The greeting, when it was read on the way (STARTTLS); else it is still to come. */
  greeting: string | undefined;
}

/** What is never sent by name: our computer's own name is nobody's business (RFC 5321 section 4.1.3 address literal). */
export const EHLO_NAME = '[127.0.0.1]';

/**
 * Opens a connection: TCP, then TLS at once or after STARTTLS/STLS, verified. There is no way to go on without
 * protection but to a loopback address.
 * @param clearText a person at a console asked for clear text in so many words; nothing of ours ever does
 * @param patience of which only the time to connect counts here
 * @throws MailError
 */
export async function dial(
  protocol: Protocol,
  server: ServerSettings,
  recorder: Recorder,
  clearText = false,
  patience = PATIENCE,
): Promise<Dialled> {
  if (!clearText) refuseClearText(server);
  recorder.note(`connecting ${server.host}:${server.port}`);
  let socket: Socket | undefined;
  try {
    if (server.security === 'tls') {
      socket = await secure(
        connectTls({ host: server.host, port: server.port, ...tlsOptions(server) }),
        recorder,
        patience.connect,
      );
      return { socket, greeting: undefined };
    }
    const plain = connectTcp({ host: server.host, port: server.port });
    socket = plain;
    tapSocket(plain, recorder.sink);
    await settle(plain, 'connect', patience.connect);
    if (server.security === 'none') {
      recorder.note('clear');
      return { socket: plain, greeting: undefined };
    }
    const greeting = await startTls(protocol, plain, server, patience.connect);
    socket = await secure(connectTls({ socket: plain, ...tlsOptions(server) }), recorder, patience.connect);
    return { socket, greeting };
  } catch (thrown) {
    socket?.destroy();
    throw networkError(thrown, server);
  }
}

/** Tapped before the handshake ends: the server's first line may come in the same packet. */
async function secure(socket: TLSSocket, recorder: Recorder, timeout: number): Promise<TLSSocket> {
  tapSocket(socket, recorder.sink);
  await settle(socket, 'secureConnect', timeout);
  recorder.note(`tls ${socket.getProtocol() ?? ''} ${socket.getCipher().standardName}`);
  return socket;
}

function settle<S extends Socket>(socket: S, event: string, timeout: number): Promise<S> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }));
      socket.destroy();
    }, timeout);
    const failed = (error: Error) => done(() => reject(error));
    const closed = () => done(() => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
    const done = (then: () => void) => {
      clearTimeout(timer);
      socket.off('error', failed);
      socket.off('close', closed);
      then();
    };
    socket.once(event, () => done(() => resolve(socket)));
    socket.once('error', failed);
    socket.once('close', closed);
  });
}

/** What a server says to be one of its kind (RFC 9051 section 7.1, RFC 1939 section 3, RFC 5321 section 4.2.1). */
const GREETING: Record<Protocol, RegExp> = { imap: /^\* (?:OK|PREAUTH)\b/iu, pop3: /^\+OK/u, smtp: /^220/u };
const TAG = 'tls1';

/**
 * Speaks just enough to ask for TLS (RFC 9051 section 6.2.1, RFC 2595 section 4, RFC 3207).
 * What came after the go-ahead in clear is refused, for it was not protected.
 */
async function startTls(
  protocol: Protocol,
  socket: Socket,
  server: ServerSettings,
  timeout: number,
): Promise<string> {
  const where = { host: server.host, port: server.port };
  const reader = new LineReader(socket, timeout);
  const ask = async (command: string) => {
    socket.write(`${command}\r\n`);
    if (protocol === 'smtp') return reader.reply();
    for (;;) {
      const line = await reader.line();
      // IMAP may say something untagged first; POP3 never begins a line with an asterisk.
      if (!line.startsWith('* ')) return line;
    }
  };
  try {
    const greeting = await (protocol === 'smtp' ? reader.reply() : reader.line());
    if (protocol === 'pop3' && greeting.startsWith('-ERR'))
      throw new MailError('server-refused', greeting, where);
    if (!GREETING[protocol].test(greeting)) throw new MailError('not-a-mail-server', greeting, where);
    // Logged in already, IMAP allows no STARTTLS (RFC 9051 section 7.1.4): a clear connection is refused all the same.
    if (/^\* PREAUTH/iu.test(greeting)) throw new MailError('no-starttls', greeting, where);
    if (protocol === 'smtp') {
      const offers = await ask(`EHLO ${EHLO_NAME}`);
      if (!/^250[ -]STARTTLS\s*$/imu.test(offers)) throw new MailError('no-starttls', offers, where);
    }
    const [command, agreed] = {
      imap: [`${TAG} STARTTLS`, new RegExp(`^${TAG} OK\\b`, 'iu')] as const,
      pop3: ['STLS', /^\+OK/u] as const,
      smtp: ['STARTTLS', /^220/u] as const,
    }[protocol];
    const go = await ask(command);
    if (!agreed.test(go)) throw new MailError('no-starttls', go, where);
    if (reader.buffered > 0) throw new MailError('tls-failed', 'data was injected before TLS began', where);
    return greeting.split('\n').at(-1) ?? greeting;
  } finally {
    reader.release();
  }
}
