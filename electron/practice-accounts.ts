import { existsSync } from 'node:fs';
import type { Account, AccountSettings, ServerSettings } from '../shared/model/account.ts';
import type { Core } from './core.ts';
import { OLEG, startPractice, VERA, type PracticePorts, type PracticeServer } from './practice/server.ts';

const USERS = [VERA, OLEG];

/**
 * The practice server for a person who has no account, or none to spare: its users are accounts like any other, one in
 * each mode. With a folder it goes on after a restart where it was; without one it is thrown away at the end.
 */
export class PracticeAccounts {
  readonly #core: Core;
  readonly #folder: string | undefined;
  #server: Promise<PracticeServer> | undefined;

  constructor(core: Core, folder: string | undefined) {
    this.#core = core;
    this.#folder = folder;
  }

  /** Starts the server where it was used before, on the ports that its accounts know. */
  async resume(): Promise<void> {
    const accounts = await this.#accounts();
    if (this.#folder === undefined || !existsSync(this.#folder) || accounts.length === 0) return;
    await this.#connect(await this.#start(accounts), accounts);
  }

  /** Starts the server and adds those of its accounts that are not there. */
  async begin(): Promise<void> {
    const accounts = await this.#accounts();
    const server = await this.#start(accounts);
    await this.#connect(server, accounts);
    for (const [index, user] of server.users.entries()) {
      if (accounts.some((one) => one.email === user.email)) continue;
      const settings: AccountSettings = {
        name: user.name,
        email: user.email,
        mode: index === 0 ? 'imap' : 'pop3',
        ...serversOf(server, user.email),
        leaveOnServer: 'forever',
      };
      await this.#core.accounts.add(settings, user.password);
    }
  }

  async stop(): Promise<void> {
    await (await this.#server?.catch(() => undefined))?.stop();
  }

  async #accounts(): Promise<Account[]> {
    const { accounts } = await this.#core.ports.store.snapshot();
    return accounts.filter(({ email }) => USERS.some((user) => user.email === email));
  }

  /** On the ports of old if they are free, else on any. */
  #start(accounts: Account[]): Promise<PracticeServer> {
    const options = { autoAnswer: true, ...(this.#folder === undefined ? {} : { folder: this.#folder }) };
    this.#server ??= startPractice({ ...options, ports: portsOf(accounts) }).catch(() =>
      startPractice(options),
    );
    return this.#server;
  }

  /** The accounts learn where the server is now, and their passwords, which a system without a keyring forgets. */
  async #connect(server: PracticeServer, accounts: Account[]): Promise<void> {
    for (const account of accounts) {
      const user = server.users.find((one) => one.email === account.email);
      if (!user) continue;
      const servers = serversOf(server, account.email);
      await this.#core.ports.secrets.set(account.id, user.password);
      const moved = (['imap', 'pop3', 'smtp'] as const).some(
        (name) => account[name]?.port !== servers[name].port,
      );
      if (moved) await this.#core.accounts.change({ ...account, ...servers });
    }
  }
}

/** With STARTTLS: there is more to see in the dialogue than with TLS from the first byte. */
function serversOf({ host, ports, certificate }: PracticeServer, user: string) {
  const { pem, fingerprint } = certificate;
  const at = (port: number): ServerSettings => ({
    host,
    port,
    security: 'starttls',
    user,
    trusted: { pem, fingerprint },
  });
  return { imap: at(ports.imap), pop3: at(ports.pop3), smtp: at(ports.smtp) };
}

function portsOf(accounts: Account[]): Partial<PracticePorts> {
  const found: Partial<Record<keyof PracticePorts, number>> = {};
  for (const { imap, pop3, smtp } of accounts) {
    if (imap) found.imap = imap.port;
    if (pop3) found.pop3 = pop3.port;
    if (smtp) found.smtp = smtp.port;
  }
  return found;
}
