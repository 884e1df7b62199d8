import { once } from 'node:events';
import { Failed, UsageError, type Command } from '../command.ts';
import { numberOf } from '../resolve.ts';

/** How the practice server is started; the program that has one passes it in. */
export interface Practice {
  readonly host: string;
  readonly ports: Readonly<Record<'smtp' | 'smtps' | 'pop3' | 'pop3s' | 'imap' | 'imaps', number>>;
  readonly users: readonly { readonly email: string; readonly password: string }[];
  readonly certificate: { readonly pem: string; readonly fingerprint: string };
  stop(): Promise<void>;
}
export type StartPractice = (options: { ports?: number; folder?: string }) => Promise<Practice>;

/** The highest of the usual ports is 995. */
const HIGHEST_BASE = 65_535 - 995;

export function practiceCommands(start: StartPractice): readonly Command[] {
  const practice: Command = {
    name: 'practice',
    arguments: [],
    options: [
      {
        name: 'ports',
        value: 'BASE',
        summary: 'Ports BASE+143, +993, +110, +995, +587 and +465; any free ones if left out.',
      },
      { name: 'state', value: 'DIR', summary: 'Keeps the mailboxes in this folder; in memory if left out.' },
    ],
    summary: 'A mail server on this computer, to learn SMTP, POP3 and IMAP by hand or to try a program on.',
    details: [
      'It has users with mail, listens on 127.0.0.1 only, and sends nothing anywhere. Interrupt it to end it.',
    ],
    examples: ['glasspost practice --ports 10000', 'glasspost console imap://127.0.0.1:10143'],
    needs: 'nothing',
    run: async (call) => {
      const base = numberOf(call, 'ports', 1);
      if (base !== undefined && base > HIGHEST_BASE)
        throw new UsageError(`--ports is ${HIGHEST_BASE} at most.`);
      const folder = call.value('state');
      const server = await start({
        ...(base === undefined ? {} : { ports: base }),
        ...(folder === undefined ? {} : { folder }),
      }).catch(explain);
      try {
        const { host, ports, users, certificate } = server;
        const line = (name: string, clear: number, tls: number) =>
          `  ${name.padEnd(6)}${host}:${clear} (STARTTLS if you like), ${host}:${tls} (TLS)`;
        call.output.result(
          { host, ports, users: users.map(({ email, password }) => ({ email, password })), certificate },
          [
            'The practice server is ready.',
            line('SMTP', ports.smtp, ports.smtps),
            line('POP3', ports.pop3, ports.pop3s),
            line('IMAP', ports.imap, ports.imaps),
            ...users.map(({ email, password }) => `  user ${email}, password ${password}`),
            `  certificate SHA-256 ${certificate.fingerprint}`,
            `Try: glasspost console imap://${host}:${ports.imap}, or telnet ${host} ${ports.smtp}`,
          ].join('\n'),
        );
        if (!call.signal.aborted) await once(call.signal, 'abort');
      } finally {
        await server.stop();
      }
    },
  };
  return [practice];
}

function explain(thrown: unknown): never {
  const { code, port, message } = thrown as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE')
    throw new Failed(`Port ${port} is taken: another --ports, or none for any that are free.`);
  if (code === 'EACCES' && port !== undefined)
    throw new Failed(`Port ${port} is for the administrator alone: take a --ports from 1000 on.`);
  throw new Failed(`The practice server can't start: ${message}`);
}
