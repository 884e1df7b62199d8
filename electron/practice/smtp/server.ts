import type { Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerDataStream, SMTPServerOptions, SMTPServerSession } from 'smtp-server';
import type { Account } from '../account.ts';
import type { Identity } from '../certificate.ts';
import { LAST_WORDS_MS } from '../connection.ts';
import { bind } from '../listener.ts';
import type { Listener } from '../listener.ts';
import type { PostOffice } from '../post-office.ts';
import { sameText } from '../sasl.ts';
import { TeachingConnection } from './connection.ts';
import { recipientRefusal, senderRefusal } from './envelope.ts';
import { readLetter } from './letter.ts';
import { Refusal } from './refusal.ts';
import { withTrace } from './trace.ts';

const MAX_MESSAGE = 26_214_400;
const MAX_RECIPIENTS = 100;
/** RFC 5321, section 4.5.3.2.7. */
const IDLE_MS = 300_000;

type SubmissionOptions = {
  readonly host: string;
  readonly port: number;
  readonly office: PostOffice;
  readonly identity: Identity;
  /** Whether a client that began in clear text may ask for TLS. */
  readonly startTls: boolean;
  /** TLS from the first octet on (RFC 8314, section 3.3). */
  readonly implicitTls: boolean;
};

/** Submission (RFC 6409): smtp-server speaks, the post office decides. */
class Submission extends SMTPServer {
  override connect(socket: Socket): void {
    const connection = new TeachingConnection(this, socket);
    this.connections.add(connection);
    // What a client does to its connection ends that connection.
    connection.on('error', () => socket.destroy());
    connection.init();
  }
}

/** Take letters for the users of the office, on a loopback address. */
export async function listenSubmission(options: SubmissionOptions): Promise<Listener> {
  const { office, identity, startTls, implicitTls } = options;
  const server = new Submission({
    ...identity,
    minVersion: 'TLSv1.2',
    secure: implicitTls,
    name: office.domain,
    banner: 'Glasspost practice server; start with: EHLO your-name',
    heloResponse: '%s hello',
    size: MAX_MESSAGE,
    maxRecipients: MAX_RECIPIENTS,
    authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5'],
    authRequiredMessage: '5.7.0 log in first: AUTH PLAIN',
    allowInsecureAuth: true,
    maxAllowedUnauthenticatedCommands: false,
    hideENHANCEDSTATUSCODES: false,
    hideDSN: false,
    disableReverseLookup: true,
    disabledCommands: ['XCLIENT', 'XFORWARD', ...(startTls ? [] : ['STARTTLS'])],
    socketTimeout: IDLE_MS,
    closeTimeout: 1,
    logger: false,
    ...handlers(office),
  });
  server.on('error', () => undefined);
  const sockets = new Set<Socket>();
  server.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const port = await bind(server.server, options.host, options.port);
  return {
    port,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.server.once('close', resolve));
      server.close();
      const cut = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, LAST_WORDS_MS);
      await closed;
      clearTimeout(cut);
    },
  };
}

function handlers(office: PostOffice): SMTPServerOptions {
  return {
    onConnect: (_session, done) => done(),
    onSecure: (_socket, _session, done) => done(),
    onAuth: (auth, _session, done) => {
      const proves = (right: string): boolean =>
        auth.method === 'CRAM-MD5' ? auth.validatePassword(right) : sameText(right, auth.password ?? '');
      const account = office.authenticate({ user: auth.username ?? '', proves });
      if (account) done(null, { user: account });
      else done(new Refusal(535, `5.7.8 wrong user or password; ${office.userHint}`));
    },
    onMailFrom: (sender, session, done) => done(senderRefusal(sender, session)),
    onRcptTo: (recipient, session, done) => done(recipientRefusal(office, recipient, session)),
    onData: (stream, session, done) => {
      accept(office, stream, session).then(
        (reply) => done(null, reply),
        (error: unknown) =>
          done(error instanceof Refusal ? error : new Refusal(451, '4.3.0 the letter did not come whole')),
      );
    },
  };
}

let accepted = 0;

async function accept(
  office: PostOffice,
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
): Promise<string> {
  const { mailFrom, rcptTo, smtpUtf8 } = session.envelope;
  const letter = await readLetter(stream, MAX_MESSAGE);
  const date = office.clock();
  accepted += 1;
  const id = `${date.getTime().toString(36)}.${accepted}`;
  const from = mailFrom === false ? '' : mailFrom.address;
  // Someone named twice, in any spelling, gets one copy.
  const to = new Map<Account, string>();
  for (const { address } of rcptTo) {
    const account = office.account(address);
    if (account) to.set(account, address);
  }
  const raw = withTrace(letter, {
    mailFrom: from,
    recipients: [...to.values()],
    helo: session.hostNameAppearsAs,
    protocol: session.transmissionType,
    domain: office.domain,
    smtputf8: smtpUtf8 === true,
    id,
    date,
  });
  office.submit(
    from,
    [...to.keys()].map((account) => ({ to: account, raw })),
  );
  return `2.0.0 accepted as ${id}; delivered to ${to.size}`;
}
