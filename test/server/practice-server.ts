// The practice server as a mail server for tests, in the shape of `mailServer()`: the same test can run against both.
import { randomBytes } from 'node:crypto';
import { startPractice } from '../../electron/practice/server.ts';
import type { User } from '../../electron/practice/account.ts';
import type { MailServer } from './mail-server.ts';

type Ports = Pick<MailServer['ports'], 'imap' | 'imaps' | 'pop3' | 'pop3s' | 'submission' | 'submissions'>;

/** What a test of the engines needs of a server. */
export type EngineServer = Pick<MailServer, 'host' | 'trusted' | 'newUser' | 'deliver'> & {
  readonly ports: Ports;
  stop(): Promise<void>;
};

/** Everybody who can be asked for: the practice server knows its users from the start. */
const USERS = 60;

export async function practiceServer(): Promise<EngineServer> {
  const users: User[] = Array.from({ length: USERS }, () => ({
    email: `user-${randomBytes(4).toString('hex')}@example.test`,
    password: randomBytes(6).toString('hex'),
    name: 'Somebody',
  }));
  const waiting = [...users];
  const server = await startPractice({ users, seed: false });
  const { smtp, smtps, ...ports } = server.ports;
  return {
    host: server.host,
    ports: { ...ports, submission: smtp, submissions: smtps },
    trusted: server.certificate,
    newUser: () => {
      const user = waiting.pop();
      if (!user) throw new Error(`a test has at most ${USERS} users`);
      return user;
    },
    deliver: async (email, raw) => server.deliver(Buffer.from(raw), email),
    stop: () => server.stop(),
  };
}
