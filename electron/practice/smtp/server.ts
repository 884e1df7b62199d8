import type { Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerAddress, SMTPServerOptions } from 'smtp-server';
import type { Identity } from '../certificate.ts';
import { LAST_WORDS_MS } from '../connection.ts';
import { bind } from '../listener.ts';
import type { Listener } from '../listener.ts';
import type { PostOffice } from '../post-office.ts';
import { sameText } from '../sasl.ts';
import { MAX_MESSAGE, accept } from './accept.ts';
import { TeachingConnection } from './connection.ts';
import { recipientRefusal, senderRefusal } from './envelope.ts';
import { Refusal } from './refusal.ts';

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
    // `false` would mean ten.
    maxAllowedUnauthenticatedCommands: Infinity,
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
    onMailFrom: (sender, session, done) => {
      // The library keeps the parameters of a MAIL that was refused: only those of this one count.
      session.envelope.smtpUtf8 = sender.args !== false && sender.args.SMTPUTF8 === true;
      session.envelope.dsn = dsnOf(sender);
      done(senderRefusal(sender, session));
    },
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

/** RFC 3461, sections 4.3 and 4.4. */
function dsnOf({ args }: SMTPServerAddress): { ret: string | null; envid: string | null } {
  const text = (value: string | true | undefined): string | null =>
    typeof value === 'string' ? value : null;
  return args === false ? { ret: null, envid: null } : { ret: text(args.RET), envid: text(args.ENVID) };
}
