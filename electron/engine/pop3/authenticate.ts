import type { Login } from '../../app/ports-engine.ts';
import { MailError } from '../../../shared/contract/mail-error.ts';
import type { Answer } from './protocol.ts';

/** What logging in needs of a session. */
interface Commands {
  command(line: string): Promise<Answer>;
}

/**
 * Logs in by the best way the server offers: SASL PLAIN (RFC 5034), else USER and PASS (RFC 1939 section 7).
 * The connection is protected already, or goes to this computer: the caller saw to that.
 * @throws MailError `wrong-password`, `mailbox-locked` or `server-refused`
 */
export async function authenticate(
  session: Commands,
  login: Login,
  capabilities: ReadonlyMap<string, string>,
): Promise<void> {
  const { user, host, port } = login.server;
  const sasl = (capabilities.get('SASL') ?? '').split(' ');
  let answer: Answer;
  if (sasl.includes('PLAIN')) {
    answer = await session.command('AUTH PLAIN');
    if (answer.status === 'continue') {
      answer = await session.command(Buffer.from(`\0${user}\0${login.password}`).toString('base64'));
    }
  } else {
    answer = await session.command(`USER ${user}`);
    if (answer.status === 'ok') answer = await session.command(`PASS ${login.password}`);
  }
  if (answer.status === 'ok') return;
  const where = { host, port };
  if (/\[(IN-USE|LOGIN-DELAY)\]/iu.test(answer.text))
    throw new MailError('mailbox-locked', answer.text, where);
  if (/\[SYS\/(TEMP|PERM)\]/iu.test(answer.text)) throw new MailError('server-refused', answer.text, where);
  throw new MailError('wrong-password', answer.text, where);
}
