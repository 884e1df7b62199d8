import type { ImapFlow, ImapFlowOptions } from 'imapflow';
import { MailError } from '../../../shared/contract/mail-error.ts';
import type { ImapLink, Login, Recorder, WireLog } from '../../app/ports-engine.ts';
import { isLoopback, PATIENCE, refuseClearText, tlsOptions } from '../../net/policy.ts';
import { Client } from './client.ts';
import { imapError } from './errors.ts';
import { ImapflowLink } from './link.ts';
import { tapImap } from './tap.ts';

/** ms of rest before the connection goes back to IDLE. */
const IDLE_DELAY = 100;
/** Bytes of one literal; what is larger is fetched in pieces. */
const LITERAL_LIMIT = 64 * 1024 * 1024;

/** Connects and logs in; the connection is protected as the settings ask, or it is not made. @throws MailError */
export async function openImap(login: Login, wire: WireLog, patience = PATIENCE): Promise<ImapLink> {
  const { server } = login;
  refuseClearText(server);
  const recorder = wire.open({
    protocol: 'imap',
    server,
    ...(login.account === undefined ? {} : { account: login.account }),
    email: login.email,
    purpose: login.purpose,
    secrets: [login.password, login.token].filter((one) => one !== undefined),
  });
  recorder.note(`connecting ${server.host}:${server.port}`);
  const options: ImapFlowOptions = {
    host: server.host,
    port: server.port,
    secure: server.security === 'tls',
    // Left to itself imapflow would go on in clear text where a server offers no STARTTLS.
    doSTARTTLS: server.security === 'starttls',
    tls: tlsOptions(server),
    // Every name of ours and none of the library's: it would introduce itself, version and all (RFC 2971).
    clientInfo: { name: 'Glasspost', version: false, vendor: false, 'support-url': false },
    qresync: true,
    // Within one computer it would only cost time.
    disableCompression: login.compress === undefined ? isLoopback(server.host) : !login.compress,
    autoIdleDelay: IDLE_DELAY,
    maxLiteralSize: LITERAL_LIMIT,
    maxLineLength: 16 * 1024 * 1024,
    maxResponseSize: LITERAL_LIMIT + 16 * 1024 * 1024,
  };
  const client = new Client(options, login, patience);
  let failure: unknown;
  // While connecting, the reason is told below; `close` comes before it.
  let connected = false;
  client.on('error', (error) => (failure ??= error));
  const closed = new Promise<void>((resolve) => {
    client.on('close', () => {
      if (connected) recorder.close('closed');
      resolve();
    });
  });
  tapImap(client, recorder.sink);
  noteTls(client, recorder);
  try {
    await client.connect();
    // PREAUTH (RFC 9051 section 7.1.4) skips STARTTLS: a logged-in clear connection is refused all the same.
    if (server.security !== 'none' && !client.secureConnection) {
      throw new MailError('no-starttls', client.greeting ?? '', { host: server.host, port: server.port });
    }
  } catch (thrown) {
    client.close();
    const error = imapError(failure ?? thrown, server, client.greeting !== undefined);
    recorder.close(`failed ${error.failure.detail}`);
    throw error;
  }
  connected = true;
  return new ImapflowLink(client, login, closed, recorder);
}

/** Notes what was agreed when it is agreed: before the first protected line. */
function noteTls(client: ImapFlow, recorder: Recorder): void {
  let agreed: ImapFlow['tls'] = client.tls;
  Object.defineProperty(client, 'tls', {
    configurable: true,
    enumerable: true,
    get: () => agreed,
    set: (tls: ImapFlow['tls']) => {
      agreed = tls;
      if (tls) recorder.note(`tls ${tls.version ?? ''} ${tls.standardName ?? ''}`);
    },
  });
}
