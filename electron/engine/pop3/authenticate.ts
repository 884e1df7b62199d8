import type { Login } from '../../app/ports-engine.ts';
import { MailError } from '../../../shared/contract/mail-error.ts';
import { exchanges } from '../../net/sasl/choose.ts';
import { SaslError, type Exchange } from '../../net/sasl/exchange.ts';
import type { Answer } from './protocol.ts';

/** What logging in needs of a session. */
interface Commands {
  command(line: string): Promise<Answer>;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u;

/**
 * Logs in by the best way the server offers: SASL (RFC 5034), the strongest first, else USER and PASS (RFC 1939
 * section 7). A mechanism that the server refuses as such gives way to the next; a password that it refuses does not.
 * The connection is protected already, or goes to this computer: the caller saw to that.
 * @throws MailError
 */
export async function authenticate(
  session: Commands,
  login: Login,
  capabilities: ReadonlyMap<string, string>,
): Promise<void> {
  const { user, host, port } = login.server;
  const { password, token } = login;
  const where = { host, port };
  const offered = (capabilities.get('SASL') ?? '').split(' ');
  let answer: Answer | undefined;
  try {
    for (const make of exchanges(offered, { user, password, token, host, port })) {
      const exchange = make();
      answer = await run(session, exchange);
      if (answer.status === 'ok') return;
      if (exchange.judged || /\[(AUTH|SYS|IN-USE|LOGIN-DELAY)\b/iu.test(answer.text)) {
        throw refused(answer, where, exchange.complaint);
      }
    }
  } catch (thrown) {
    if (thrown instanceof SaslError) throw new MailError(thrown.code, thrown.message, where);
    throw thrown;
  }
  if (token !== undefined) throw new MailError('no-login', answer?.text ?? offered.join(' '), where);
  answer = await session.command(`USER ${user}`);
  if (answer.status === 'ok') answer = await session.command(`PASS ${password}`);
  if (answer.status !== 'ok') throw refused(answer, where);
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

function refused(answer: Answer, where: { host: string; port: number }, complaint = ''): MailError {
  const words = `${answer.text} ${complaint}`.trim();
  if (/\[(IN-USE|LOGIN-DELAY)\]/iu.test(answer.text)) return new MailError('mailbox-locked', words, where);
  if (/\[SYS\/(TEMP|PERM)\]/iu.test(answer.text)) return new MailError('server-refused', words, where);
  return new MailError('wrong-password', words, where);
}
