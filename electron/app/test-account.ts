import type { ServerVerdict } from '../../shared/contract/account.ts';
import { failureOf } from '../../shared/contract/mail-error.ts';
import { incomingServer, type AccountSettings, type ServerSettings } from '../../shared/model/account.ts';
import type { Protocol } from '../../shared/wire/line.ts';
import type { Ports } from './ports.ts';
import type { Login } from './ports-engine.ts';

/** Logs in to its servers and out again, side by side; nothing is stored. */
export async function testAccount(
  { engines }: Pick<Ports, 'engines'>,
  test: string,
  settings: AccountSettings,
  password: string,
): Promise<{ incoming: ServerVerdict; submission?: ServerVerdict }> {
  const login = (server: ServerSettings): Login => ({
    email: settings.email,
    server,
    password,
    purpose: test,
  });
  const incoming = incomingServer(settings);
  const receive = async () => {
    if (!incoming) throw new Error('the account has no server settings');
    if (settings.mode === 'imap') await (await engines.imap(login(incoming))).close();
    else await (await engines.pop3(login(incoming))).quit();
  };
  const { smtp } = settings;
  const [first, second] = await Promise.all([
    judge({ engines }, incoming, settings.mode, receive),
    smtp && judge({ engines }, smtp, 'smtp', () => engines.checkSubmission(login(smtp))),
  ]);
  return { incoming: first, ...(second ? { submission: second } : {}) };
}

async function judge(
  { engines }: Pick<Ports, 'engines'>,
  server: ServerSettings | undefined,
  protocol: Protocol,
  work: () => Promise<unknown>,
): Promise<ServerVerdict> {
  const began = performance.now();
  const took = () => Math.round(performance.now() - began);
  try {
    await work();
    return { ok: true, took: took() };
  } catch (thrown) {
    const failure = failureOf(thrown);
    // The person has to see the certificate to decide about it.
    const certificate =
      failure.code.startsWith('certificate') && server
        ? await engines.certificate(server, protocol)
        : undefined;
    return { ok: false, failure: { ...failure, ...(certificate ? { certificate } : {}) }, took: took() };
  }
}
