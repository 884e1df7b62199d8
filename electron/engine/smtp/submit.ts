import { isAscii } from 'node:buffer';
import { createTransport, type NodemailerError } from 'nodemailer';
import type { Login, Recorder, SubmissionResult, WireLog } from '../../app/ports-engine.ts';
import { MailError } from '../../../shared/contract/mail-error.ts';
import { dial, EHLO_NAME } from '../../net/dial.ts';
import { ANSWER_TIMEOUT, networkError } from '../../net/policy.ts';
import { DataWatch } from './data-watch.ts';

/**
 * Submits exactly these bytes to these recipients (RFC 6409). The header has no say in who gets it.
 * @throws MailError; `maybe-sent` when the connection broke after the final dot and before the reply
 */
export async function submit(
  login: Login,
  envelope: { from: string; to: string[] },
  message: Uint8Array,
  wire: WireLog,
): Promise<SubmissionResult> {
  // nodemailer would write an address with a line end as it is: a line end here is an attack, never an address.
  for (const address of [envelope.from, ...envelope.to]) {
    if (/[\r\n\0<>]/u.test(address))
      throw new MailError('bad-request', `not an address: ${JSON.stringify(address)}`);
  }
  const watch = new DataWatch();
  return session(login, wire, watch, async (transport) => {
    const raw = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
    // Told beforehand, so that a server refuses at MAIL what it would refuse after the last byte (RFC 1870, RFC 6152).
    const told = { ...envelope, size: raw.length, use8BitMime: !isAscii(raw) };
    const sent = await transport.sendMail({ envelope: told, raw });
    return {
      accepted: sent.accepted.map(String),
      refused: (sent.rejectedErrors ?? []).map((error) => ({
        address: 'recipient' in error && typeof error.recipient === 'string' ? error.recipient : '',
        reply: error.response ?? error.message,
      })),
      reply: sent.response,
    };
  });
}

/** Logs in and out again: the account dialog's test of the outgoing side. @throws MailError */
export async function checkSubmission(login: Login, wire: WireLog): Promise<void> {
  await session(login, wire, new DataWatch(), (transport) => transport.verify());
}

type Transport = ReturnType<typeof transportOf>;

async function session<T>(
  login: Login,
  wire: WireLog,
  watch: DataWatch,
  work: (transport: Transport) => Promise<T>,
): Promise<T> {
  const recorder = wire.open({
    protocol: 'smtp',
    server: login.server,
    ...(login.account === undefined ? {} : { account: login.account }),
    email: login.email,
    purpose: login.purpose,
    secrets: [login.password],
  });
  const transport = transportOf(login, watch.around(recorder));
  try {
    return await work(transport);
  } catch (thrown) {
    const error = explain(thrown, login, watch);
    recorder.note(`failed ${error.failure.detail.replaceAll(/\s*\r?\n\s*/gu, ' ')}`);
    throw error;
  } finally {
    transport.close();
    recorder.close('closed');
  }
}

function transportOf(login: Login, recorder: Recorder) {
  const { server } = login;
  const secured = server.security !== 'none';
  return createTransport({
    host: server.host,
    port: server.port,
    name: EHLO_NAME,
    secure: secured,
    // Our own dialling has secured the connection already; nodemailer is not to try again.
    ignoreTLS: true,
    auth: { user: server.user, pass: login.password },
    socketTimeout: 5 * ANSWER_TIMEOUT,
    disableFileAccess: true,
    disableUrlAccess: true,
    getSocket: (_options, callback) => {
      dial('smtp', server, recorder).then(
        ({ socket, greeting }) => {
          socket.pause();
          // After STARTTLS there is no second greeting; nodemailer waits for one.
          if (greeting !== undefined) socket.unshift(Buffer.from(`${greeting}\r\n`));
          callback(null, { connection: socket, secured });
        },
        (error: Error) => callback(error, false),
      );
    },
  });
}

function explain(thrown: unknown, login: Login, watch: DataWatch): MailError {
  if (thrown instanceof MailError) return thrown;
  const where = { host: login.server.host, port: login.server.port };
  const error = thrown as NodemailerError;
  const words = error.response ?? error.message;
  if (watch.unanswered) return new MailError('maybe-sent', words, where);
  if (error.code === 'EAUTH') return new MailError('wrong-password', words, where);
  if (error.code === 'EENVELOPE') return new MailError('recipient-refused', words, where);
  // The library compares the size with what the server allows, and does not even ask.
  const tooBig = error.code === 'EMESSAGE' && /size larger/iu.test(error.message);
  if (tooBig || error.responseCode === 552 || error.responseCode === 523)
    return new MailError('message-too-big', words, where);
  if (error.responseCode !== undefined && error.responseCode > 0)
    return new MailError('server-refused', words, where);
  if (/Invalid greeting|Greeting never received/iu.test(error.message)) {
    return new MailError('not-a-mail-server', words, where);
  }
  return networkError(
    error.code === 'ETIMEDOUT' ? Object.assign(new Error(error.message), { code: 'ETIMEDOUT' }) : error,
    login.server,
  );
}
