import type { AccountSettings, ServerSettings } from '../shared/model/account.ts';
import type { Core } from './core.ts';
import { startPractice } from './practice/server.ts';

/**
 * The demonstration: the practice server on this computer with its sample mail, and two accounts on it, one in each mode.
 * @returns stops the server
 */
export async function startDemo(core: Core): Promise<() => Promise<void>> {
  const practice = await startPractice({ seed: true, autoAnswer: true });
  const server = (port: number, user: string): ServerSettings => ({
    host: '127.0.0.1',
    port,
    security: 'none',
    user,
  });
  for (const [index, user] of practice.users.entries()) {
    const settings: AccountSettings = {
      name: user.name,
      email: user.email,
      mode: index === 0 ? 'imap' : 'pop3',
      imap: server(practice.ports.imap, user.email),
      pop3: server(practice.ports.pop3, user.email),
      smtp: server(practice.ports.smtp, user.email),
      leaveOnServer: true,
    };
    await core.accounts.add(settings, user.password);
  }
  return () => practice.stop();
}
