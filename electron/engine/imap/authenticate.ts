import { MailError } from '../../../shared/contract/mail-error.ts';
import type { Failure } from '../../../shared/model/failure.ts';
import type { Login } from '../../app/ports-engine.ts';
import { exchanges } from '../../net/sasl/choose.ts';
import { SaslError, type Exchange } from '../../net/sasl/exchange.ts';

/** What logging in needs of the connection: `ImapFlow` has it, its types don't. */
export interface Commands {
  exec(
    command: string,
    attributes: { type: 'ATOM' | 'STRING'; value: string; sensitive?: boolean }[],
    options?: { onPlusTag?: (response: Continuation) => Promise<void> },
  ): Promise<{ next(): void }>;
  write(line: string): unknown;
  readonly capabilities: ReadonlyMap<string, unknown>;
}

interface Continuation {
  attributes?: { type?: string; value?: unknown }[];
}

/** What imapflow throws for NO and BAD. */
interface Refusal {
  responseStatus?: unknown;
  responseText?: unknown;
  response?: { attributes?: { section?: { value?: unknown }[] }[] };
}

/** The codes that speak of who logs in, not of how (RFC 5530 section 3). */
const CREDENTIALS = new Set(['AUTHENTICATIONFAILED', 'AUTHORIZATIONFAILED', 'EXPIRED']);
/** It is neither the password nor the mechanism: what was right will be right later. */
const LATER = new Set(['UNAVAILABLE', 'INUSE', 'LIMIT', 'SERVERBUG', 'CONTACTADMIN', 'REFERRAL']);
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u;

/**
 * Logs in by what the server offers, the strongest first. A mechanism that the server refuses as such gives way to the
 * next; a password that it refuses does not. LOGIN is the last, and never said where the server forbids it (RFC 9051
 * section 6.2.3).
 * @returns the mechanism's name, or `LOGIN command`
 * @throws MailError
 */
export async function authenticate(client: Commands, login: Login): Promise<string> {
  const { host, port, user } = login.server;
  const where = { host, port };
  const has = (name: string): boolean => client.capabilities.has(name);
  const offered = [...client.capabilities.keys()].flatMap((one) => /^AUTH=(.+)$/iu.exec(one)?.[1] ?? []);
  const { password, token } = login;
  let refused: Refusal | undefined;
  // Exchange tells a shared mailbox from its user by a backslash, and understands that in LOGIN alone.
  const byMechanism = !/[\\/]/u.test(user) || has('LOGINDISABLED') || token !== undefined;
  for (const make of byMechanism ? exchanges(offered, { user, password, token, host, port }) : []) {
    let exchange: Exchange | undefined;
    try {
      exchange = make();
      await run(client, exchange, has('SASL-IR'));
      return exchange.name;
    } catch (thrown) {
      if (thrown instanceof SaslError) throw new MailError(thrown.code, thrown.message, where);
      const refusal = refusalOf(thrown);
      if (!refusal) throw thrown;
      if (isFinal(refusal, exchange)) throw failed(refusal, where, exchange?.complaint);
      refused = refusal;
    }
  }
  if (token !== undefined || has('LOGINDISABLED')) {
    const words = refused ? textOf(refused) : `offered: ${offered.join(' ') || '-'}`;
    throw new MailError('no-login', words, where);
  }
  try {
    const answer = await client.exec('LOGIN', [
      { type: 'STRING', value: user },
      { type: 'STRING', value: password, sensitive: true },
    ]);
    answer.next();
    return 'LOGIN command';
  } catch (thrown) {
    const refusal = refusalOf(thrown);
    throw refusal ? failed(refusal, where) : thrown;
  }
}

async function run(client: Commands, exchange: Exchange, initialResponse: boolean): Promise<void> {
  // imapflow only logs what a handler throws, and the server would wait for us: the login is broken off here.
  let breakOff: (error: Error) => void = () => undefined;
  const broken = new Promise<never>((_resolve, reject) => (breakOff = reject));
  let began = false;
  const answer = async (challenge: Buffer): Promise<string> => {
    began = true;
    return (await exchange.answer(challenge)).toString('base64');
  };
  const atoms: Parameters<Commands['exec']>[1] = [{ type: 'ATOM', value: exchange.name }];
  if (initialResponse && exchange.clientFirst) {
    atoms.push({ type: 'ATOM', value: (await answer(Buffer.alloc(0))) || '=', sensitive: true });
  }
  const done = client.exec('AUTHENTICATE', atoms, {
    onPlusTag: async (response) => {
      try {
        // To whom speaks first nothing is asked by that, and LOGIN's two questions are known: servers word both as they like.
        const asks = exchange.name !== 'LOGIN' && (began || !exchange.clientFirst);
        client.write(await answer(asks ? challengeOf(response) : Buffer.alloc(0)));
      } catch (thrown) {
        try {
          client.write('*');
        } finally {
          breakOff(thrown instanceof Error ? thrown : new Error(String(thrown)));
        }
      }
    },
  });
  const answered = await Promise.race([done, broken]);
  answered.next();
  exchange.finish();
}

function challengeOf({ attributes }: Continuation): Buffer {
  const text = (attributes ?? []).map(({ value }) => (typeof value === 'string' ? value : '')).join('');
  const data = text.trim();
  if (!BASE64.test(data)) throw new SaslError('server-refused', 'AUTHENTICATE: the challenge is no base64');
  return Buffer.from(data, 'base64');
}

function refusalOf(thrown: unknown): Refusal | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const refusal: Error & Refusal = thrown;
  return refusal.responseStatus === 'NO' || refusal.responseStatus === 'BAD' ? refusal : undefined;
}

function codeOf({ response }: Refusal): string {
  const code = response?.attributes?.[0]?.section?.[0]?.value;
  return typeof code === 'string' ? code.toUpperCase() : '';
}

const textOf = ({ responseText }: Refusal): string => (typeof responseText === 'string' ? responseText : '');

/** False where it is the mechanism that was refused: the password was never judged, or could not be. */
function isFinal(refusal: Refusal, exchange: Exchange | undefined): boolean {
  const code = codeOf(refusal);
  if (CREDENTIALS.has(code) || LATER.has(code)) return true;
  if (refusal.responseStatus === 'BAD' || code === 'CANNOT') return false;
  return exchange?.judged === true;
}

function failed(refusal: Refusal, where: Pick<Failure, 'host' | 'port'>, complaint?: string): MailError {
  const words = [textOf(refusal), complaint].filter((one) => one !== undefined && one !== '').join(' ');
  const code = codeOf(refusal);
  if (code === 'PRIVACYREQUIRED') return new MailError('no-login', words, where);
  return new MailError(LATER.has(code) ? 'server-refused' : 'wrong-password', words, where);
}
