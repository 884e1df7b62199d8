import type { Login } from '../../app/ports-engine.ts';
import { MailError } from '../../../shared/contract/mail-error.ts';
import { exchanges } from '../../net/sasl/choose.ts';
import { SaslError, type Exchange } from '../../net/sasl/exchange.ts';
import { apopDigest, apopTimestamp } from './apop.ts';
import type { Capabilities } from './capabilities.ts';
import type { Answer } from './protocol.ts';
import { refusal, responseCode } from './refusal.ts';

/** What logging in needs of a connection. */
interface Commands {
  command(line: string): Promise<Answer>;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u;

/**
 * Logs in by the best way the server offers: SASL (RFC 5034), the strongest first, else USER and PASS (RFC 1939
 * section 7). A mechanism that the server refuses as such gives way to the next; a password that it refuses does not.
 * The connection is protected already, or goes to this computer: the caller saw to that.
 * @returns how the person was let in: a SASL mechanism, `USER` or `APOP`
 * @throws MailError
 */
export async function authenticate(
  session: Commands,
  login: Login,
  capabilities: Capabilities,
  greeting: string,
): Promise<string> {
  const { user, host, port } = login.server;
  const { password, token } = login;
  const where = { host, port };
  if (login.server.apop === true && token === undefined) return apop(session, login, greeting);
  let answer: Answer | undefined;
  try {
    for (const make of exchanges(capabilities.mechanisms, { user, password, token, host, port })) {
      const exchange = make();
      answer = await run(session, exchange);
      if (answer.status === 'ok') return exchange.name;
      if (exchange.judged || /^(?:AUTH|SYS|IN-USE|LOGIN-DELAY)\b/u.test(responseCode(answer.text) ?? '')) {
        throw refusal(answer, where, 'wrong-password', exchange.complaint);
      }
    }
  } catch (thrown) {
    if (thrown instanceof SaslError) throw new MailError(thrown.code, thrown.message, where);
    throw thrown;
  }
  const mechanisms = capabilities.mechanisms.join(' ');
  if (token !== undefined) throw new MailError('no-login', answer?.text ?? mechanisms, where);
  // A server that lists what it can do and not USER has no such login (RFC 2449 section 6.2). Under TLS it is asked all the
  // same, for many forget to say so; in clear it has its reasons (RFC 2595 section 4).
  const offered = !capabilities.known || capabilities.has('USER');
  if (!offered && login.server.security === 'none') throw new MailError('no-login', mechanisms, where);
  answer = await session.command(`USER ${user}`);
  if (answer.status !== 'ok') throw refusal(answer, where, offered ? 'wrong-password' : 'no-login');
  answer = await session.command(`PASS ${password}`);
  if (answer.status !== 'ok') throw refusal(answer, where, 'wrong-password');
  return 'USER';
}

/** RFC 1939 section 7, for who asked for it: see `apop.ts`. */
async function apop(session: Commands, { server, password }: Login, greeting: string): Promise<string> {
  const timestamp = apopTimestamp(greeting);
  if (timestamp === undefined) throw new MailError('no-login', `APOP: ${greeting}`, server);
  const answer = await session.command(`APOP ${server.user} ${apopDigest(timestamp, password)}`);
  if (answer.status !== 'ok') throw refusal(answer, server, 'wrong-password');
  return 'APOP';
}

async function run(session: Commands, exchange: Exchange): Promise<Answer> {
  let answer = await session.command(`AUTH ${exchange.name}`);
  for (let first = true; answer.status === 'continue'; first = false) {
    const text = answer.text.trim();
    const asks = exchange.name !== 'LOGIN' && !(first && exchange.clientFirst);
    try {
      if (asks && !BASE64.test(text)) {
        throw new SaslError('server-refused', 'AUTH: the challenge is no base64');
      }
      const said = await exchange.answer(asks ? Buffer.from(text, 'base64') : Buffer.alloc(0));
      answer = await session.command(said.toString('base64'));
    } catch (thrown) {
      // RFC 5034 section 4: an asterisk takes the login back. Nobody waits for what is said to that.
      if (thrown instanceof SaslError) session.command('*').catch(() => undefined);
      throw thrown;
    }
  }
  if (answer.status === 'ok') exchange.finish();
  return answer;
}
