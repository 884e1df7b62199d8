import type {
  AccountSettings,
  Mode,
  Security,
  ServerSettings,
  TrustedCertificate,
} from '../../../shared/model/account.ts';
import type { LeavePolicy } from '../../../shared/model/leave.ts';

/** One server as it is typed: the port may be no number yet. */
export interface ServerForm {
  host: string;
  port: string;
  security: Security;
  user: string;
  trusted?: TrustedCertificate | undefined;
}

/** Everything of the dialog but the password, which is kept apart and for as short as can be. */
export interface AccountForm {
  name: string;
  email: string;
  mode: Mode;
  leaveOnServer: LeavePolicy;
  /** What the person typed over the guess; the rest follows the address. */
  incoming: Partial<ServerForm>;
  outgoing: Partial<ServerForm>;
}

export const emptyForm: AccountForm = {
  name: '',
  email: '',
  mode: 'imap',
  leaveOnServer: 'forever',
  incoming: {},
  outgoing: {},
};

/** The usual port of each protocol and protection (RFC 8314). */
const ports = {
  imap: { tls: '993', starttls: '143', none: '143' },
  pop3: { tls: '995', starttls: '110', none: '110' },
  smtp: { tls: '465', starttls: '587', none: '587' },
} as const;

function guess(protocol: 'imap' | 'pop3' | 'smtp', email: string, typed: Partial<ServerForm>): ServerForm {
  const domain = email.split('@').at(1)?.trim() ?? '';
  const security = typed.security ?? 'tls';
  const prefix = protocol === 'pop3' ? 'pop' : protocol;
  return {
    host: domain === '' ? '' : `${prefix}.${domain}`,
    port: ports[protocol][security],
    user: email.trim(),
    ...typed,
    security,
  };
}

/** The incoming server: what was typed, and a guess for the rest. */
export function incomingOf(form: AccountForm): ServerForm {
  return guess(form.mode, form.email, form.incoming);
}

/** The outgoing server, likewise. */
export function outgoingOf(form: AccountForm): ServerForm {
  return guess('smtp', form.email, form.outgoing);
}

function complete(server: ServerForm): boolean {
  const port = Number(server.port);
  return (
    server.host.trim() !== '' && server.user !== '' && Number.isInteger(port) && port > 0 && port < 65_536
  );
}

/** One server for main, or undefined while something is missing. */
export function serverOf(form: ServerForm): ServerSettings | undefined {
  if (!complete(form)) return undefined;
  const { host, port, security, user, trusted } = form;
  return { host: host.trim(), port: Number(port), security, user, ...(trusted ? { trusted } : {}) };
}

/** The settings for main, or undefined while something is missing. */
export function settingsOf(form: AccountForm): AccountSettings | undefined {
  const incoming = incomingOf(form);
  const outgoing = outgoingOf(form);
  const email = form.email.trim();
  if (!/^[^\s@]+@[^\s@]+$/u.test(email) || !complete(incoming) || !complete(outgoing)) return undefined;
  return {
    name: form.name.trim(),
    email,
    mode: form.mode,
    [form.mode]: serverOf(incoming),
    smtp: serverOf(outgoing),
    leaveOnServer: form.leaveOnServer,
  };
}
