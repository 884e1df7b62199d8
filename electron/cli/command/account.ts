import { randomUUID } from 'node:crypto';
import type { ServerVerdict } from '../../../shared/contract/account.ts';
import { MailError } from '../../../shared/contract/mail-error.ts';
import {
  Collect,
  type Account,
  type AccountSettings,
  type PasswordSource,
  type ServerSettings,
} from '../../../shared/model/account.ts';
import { Keep } from '../../../shared/model/mailbox.ts';
import { leaveText, parseLeave, parseSize, sizeText, type LeavePolicy } from '../../../shared/model/leave.ts';
import { parseServerUrl, serverUrl } from '../../../shared/model/server-url.ts';
import type { Protocol } from '../../../shared/wire/line.ts';
import { Failed, UsageError, type Call, type Command, type Option } from '../command.ts';
import { accountNamed, known } from '../resolve.ts';
import { modeCommand } from './mode.ts';

const URLS =
  'URL: imaps://host:port, imap+starttls://host:port, or imap://host:port for clear text, which goes to this computer only unless --allow-clear-text is given; likewise pop3s, pop3+starttls, pop3, smtps, smtp+starttls, smtp.';

const LEAVE: Option = {
  name: 'leave-on-server',
  value: 'forever|never|until-deleted|DAYS|until-size:SIZE',
  summary:
    'POP3: keep collected mail on the server, remove it once it is safely here, once it is deleted here for good, DAYS after it was collected (14, 14d12h), or, the oldest first, while the mailbox there is larger than SIZE (500M).',
};

const add: Command = {
  name: 'account add',
  arguments: [],
  options: [
    { name: 'email', value: 'ADDRESS', summary: 'The address of the account.' },
    { name: 'mode', value: 'imap|pop3', summary: 'Mail stays on the server, or is collected here.' },
    { name: 'imap', value: 'URL', summary: 'The IMAP server.' },
    { name: 'pop3', value: 'URL', summary: 'The POP3 server.' },
    {
      name: 'smtp',
      value: 'URL',
      summary: 'The server to send through; an account without one only receives.',
    },
    { name: 'user', value: 'USER', summary: 'The user name for all of them; the address if left out.' },
    { name: 'name', value: 'NAME', summary: 'The name that goes into From.' },
    LEAVE,
    {
      name: 'password-env',
      value: 'VARIABLE',
      summary: 'The password is in this environment variable, now and later.',
    },
    {
      name: 'password-command',
      value: 'COMMAND',
      summary: 'This command prints the password, now and later.',
    },
    {
      name: 'password-stdin',
      summary: 'The password is the first line of standard input; the keyring keeps it.',
    },
    {
      name: 'trust-cert',
      value: 'SHA256',
      summary: 'Trust the certificate with this fingerprint, though no authority vouches for it.',
    },
    {
      name: 'allow-clear-text',
      summary: 'Clear text may go to other computers too: everyone on the way can read the password.',
    },
  ],
  summary: 'Adds an account after logging in to its servers. When that fails nothing is added.',
  details: [URLS],
  examples: [
    'glasspost account add --email vera@example.org --mode imap --imap imaps://mail.example.org:993 --smtp smtps://mail.example.org:465 --password-command "pass show mail/vera"',
    'echo "$PASSWORD" | glasspost account add --email oleg@example.org --mode pop3 --pop3 pop3+starttls://mail.example.org:110 --password-stdin',
  ],
  needs: 'profile',
  run: async (call) => {
    const email = required(call, 'email');
    const mode = required(call, 'mode');
    if (mode !== 'imap' && mode !== 'pop3') throw new UsageError(`--mode is imap or pop3, not "${mode}".`);
    if (!/^[^\s@]+@[^\s@]+$/u.test(email)) throw new UsageError(`"${email}" is no address.`);
    const servers = {
      imap: server(call, 'imap', email),
      pop3: server(call, 'pop3', email),
      smtp: server(call, 'smtp', email),
    };
    if (!servers[mode]) throw new UsageError(`--mode ${mode} needs --${mode} URL.`);
    const settings: AccountSettings = {
      name: call.value('name') ?? '',
      email,
      mode,
      ...(servers.imap ? { imap: servers.imap } : {}),
      ...(servers.pop3 ? { pop3: servers.pop3 } : {}),
      ...(servers.smtp ? { smtp: servers.smtp } : {}),
      leaveOnServer: leaveOf(call) ?? 'forever',
    };
    const { accounts } = await known(call.link);
    if (accounts.some((one) => one.email.toLowerCase() === email.toLowerCase()))
      throw new Failed(`There is an account ${email} already.`);
    const { password, source } = await passwordFor(call);
    const tested = await trusting(call, settings, password);
    const account = await call.link.request('account.create', {
      settings: tested,
      password,
      ...(source ? { source } : {}),
    });
    call.output.result(asObject(account), `${account.email} was added (${account.mode}).`);
  },
};

function required(call: Call, option: string): string {
  const value = call.value(option);
  if (value === undefined || value === '') throw new UsageError(`--${option} is missing.`);
  return value;
}

/** @param email who logs in, when nothing else is said */
function server(call: Call, protocol: Protocol, email: string): ServerSettings | undefined {
  const url = call.value(protocol);
  if (url === undefined) return undefined;
  const read = parseServerUrl(url);
  if ('error' in read) throw new UsageError(`--${protocol}: ${read.error}`);
  if (read.server.protocol !== protocol)
    throw new UsageError(`--${protocol}: "${url}" is for another protocol.`);
  const { host, port, security, user } = read.server;
  return {
    host,
    port,
    security,
    user: call.value('user') ?? user ?? email,
    ...(call.has('allow-clear-text') ? { allowClearText: true } : {}),
  };
}

/** Never an argument: those are seen by every program of the computer. */
async function passwordFor(call: Call): Promise<{ password: string; source?: PasswordSource }> {
  const name = call.value('password-env');
  const command = call.value('password-command');
  const stdin = call.has('password-stdin');
  if ([name !== undefined, command !== undefined, stdin].filter(Boolean).length !== 1)
    throw new UsageError(
      'One of --password-env, --password-command and --password-stdin says where the password is.',
    );
  if (name !== undefined) {
    if (!/^[A-Za-z_]\w*$/u.test(name))
      throw new UsageError(`"${name}" is no name of an environment variable.`);
    return asked({ kind: 'env', name }, call);
  }
  if (command !== undefined) return asked({ kind: 'command', command }, call);
  const { keyring } = await call.link.request('app.snapshot', undefined);
  if (keyring === 'plain') {
    throw new Failed(
      'This system has no keyring to keep the password in, and Glasspost writes passwords nowhere else.\n  Use --password-env or --password-command: then it is asked for there each time.',
    );
  }
  const password = new TextDecoder().decode(await call.input()).split(/\r?\n/u)[0] ?? '';
  if (password === '') throw new Failed('There is no password on standard input.');
  return { password };
}

async function asked(
  source: PasswordSource,
  call: Call,
): Promise<{ password: string; source: PasswordSource }> {
  return { password: await call.ask(source), source };
}

/** 64 hexadecimal digits in capitals. @throws UsageError */
export function fingerprintOf(call: Call): string | undefined {
  const digits = call.value('trust-cert')?.replace(/[:\s]/gu, '').toUpperCase();
  if (digits !== undefined && !/^[0-9A-F]{64}$/u.test(digits))
    throw new UsageError('--trust-cert wants the SHA-256 fingerprint: 64 hexadecimal digits.');
  return digits;
}

/** Logs in everywhere. A certificate that the person vouched for is trusted from then on, and only that one. */
async function trusting(call: Call, settings: AccountSettings, password: string): Promise<AccountSettings> {
  const fingerprint = fingerprintOf(call);
  const current = { ...settings };
  for (let round = 0; ; round += 1) {
    const test = `command-${randomUUID().slice(0, 8)}`;
    const { incoming, submission } = await call.link.request('account.test', {
      test,
      settings: current,
      password,
    });
    const sides: [Protocol, ServerVerdict | undefined][] = [
      [settings.mode, incoming],
      ['smtp', submission],
    ];
    const [protocol, verdict] = sides.find(([, one]) => one?.ok === false) ?? [];
    const server = protocol && current[protocol];
    if (!verdict?.failure || !protocol || !server) return current;
    const { certificate, code, detail, ...rest } = verdict.failure;
    const vouched = certificate?.fingerprint.replaceAll(':', '') === fingerprint;
    if (certificate && vouched && round < sides.length) {
      current[protocol] = {
        ...server,
        trusted: { fingerprint: certificate.fingerprint, pem: certificate.pem },
      };
      continue;
    }
    if (certificate) {
      call.output.note(
        `The certificate of ${server.host}:${server.port} is for ${certificate.names.join(', ') || certificate.subject}, from ${certificate.issuer}, until ${certificate.validTo}.\nIf you know that it is theirs: --trust-cert ${certificate.fingerprint}`,
      );
    }
    throw new MailError(code, detail, { ...rest, host: server.host, port: server.port });
  }
}

const list: Command = {
  name: 'account list',
  arguments: [],
  options: [],
  summary: 'Shows the accounts.',
  needs: 'profile',
  run: async ({ link, output }) => {
    const { accounts } = await known(link);
    for (const account of accounts) {
      const object = asObject(account);
      const cells = [account.email, account.mode, object[account.mode] ?? '', object.smtp ?? ''];
      output.result(object, cells.join('\t'));
    }
    if (accounts.length === 0) output.note('There is no account yet: glasspost help account add');
  },
};

function asObject(account: Account) {
  const url = (protocol: Protocol) => {
    const at = account[protocol];
    return at ? serverUrl({ protocol, host: at.host, port: at.port, security: at.security }) : null;
  };
  return {
    id: account.id,
    email: account.email,
    name: account.name,
    mode: account.mode,
    user: (account.imap ?? account.pop3)?.user ?? account.email,
    imap: url('imap'),
    pop3: url('pop3'),
    smtp: url('smtp'),
    leaveOnServer: leaveText(account.leaveOnServer),
    keepOffline: account.keep ?? 'all',
    wholeLimit: account.wholeLimit === undefined ? null : sizeText(account.wholeLimit),
    collect: account.collect ?? 5,
  };
}

const remove: Command = {
  name: 'account remove',
  arguments: ['EMAIL'],
  options: [],
  summary: 'Removes an account from this computer. Its mail stays in the mbox files of the profile.',
  needs: 'profile',
  run: async (call) => {
    const { accounts } = await known(call.link);
    const account = accountNamed(accounts, call.arguments[0] ?? '');
    await call.link.request('account.remove', { account: account.id });
    call.output.result(
      { removed: account.email, mail: `${call.profile}/mail/${account.id}` },
      `${account.email} was removed. Its mail is in ${call.profile}/mail/${account.id}.`,
    );
  },
};

const PROTOCOLS = ['imap', 'pop3', 'smtp'] as const;

const set: Command = {
  name: 'account set',
  arguments: ['EMAIL'],
  options: [
    LEAVE,
    {
      name: 'keep-offline',
      value: 'all|headers|DAYS',
      summary:
        'Keep whole messages here, only their headers until they are opened, or (IMAP) those of the last DAYS days.',
    },
    {
      name: 'whole-limit',
      value: 'SIZE|none',
      summary:
        'Longer messages are fetched whole when they are opened: 500K, 20M. none: by IMAP over 20 MB, by POP3 never.',
    },
    {
      name: 'collect',
      value: 'MINUTES|start|hand',
      summary: 'POP3, in the window: collect every so many minutes, when it starts, or only when asked to.',
    },
    { name: 'imap', value: 'URL', summary: 'The IMAP server.' },
    { name: 'pop3', value: 'URL', summary: 'The POP3 server.' },
    { name: 'smtp', value: 'URL', summary: 'The server to send through.' },
    { name: 'user', value: 'USER', summary: 'The user name for these servers; the address if left out.' },
    {
      name: 'trust-cert',
      value: 'SHA256',
      summary: 'Trust the certificate with this fingerprint, though no authority vouches for it.',
    },
    { name: 'allow-clear-text', summary: 'Clear text may go to other computers too.' },
    { name: 'name', value: 'NAME', summary: 'The name that goes into From.' },
  ],
  summary: 'Changes settings of an account.',
  needs: 'profile',
  run: async (call) => {
    const { accounts } = await known(call.link);
    const account = accountNamed(accounts, call.arguments[0] ?? '');
    const leave = leaveOf(call);
    const name = call.value('name');
    const keep = keepOf(call.value('keep-offline'));
    const limit = limitOf(call.value('whole-limit'));
    const collect = collectOf(call.value('collect'));
    const fingerprint = fingerprintOf(call);
    const servers = PROTOCOLS.flatMap((protocol) => {
      const given = server(call, protocol, account.email);
      return given ? [{ protocol, given }] : [];
    });
    const changed = [leave, name, keep, limit, collect].some((one) => one !== undefined);
    if (!changed && servers.length === 0) throw new UsageError('Nothing to change.');
    const { wholeLimit, ...rest } = account;
    const bytes = limit === undefined ? wholeLimit : (limit ?? undefined);
    const next: Account = {
      ...rest,
      ...(bytes === undefined ? {} : { wholeLimit: bytes }),
      ...(collect === undefined ? {} : { collect }),
      ...(leave === undefined ? {} : { leaveOnServer: leave }),
      ...(name === undefined ? {} : { name }),
      ...(keep === undefined ? {} : { keep }),
    };
    if (changed) await call.link.request('account.change', { account: next });
    for (const { protocol, given } of servers)
      next[protocol] = await call.link.request('account.server', {
        account: account.id,
        protocol,
        server: given,
        ...(fingerprint === undefined ? {} : { fingerprint }),
      });
    call.output.result(asObject(next), `${next.email} was changed.`);
  },
};

/** @throws UsageError */
function leaveOf(call: Call): LeavePolicy | undefined {
  const text = call.value('leave-on-server');
  const leave = text === undefined ? undefined : parseLeave(text);
  if (text !== undefined && leave === undefined)
    throw new UsageError(
      `--leave-on-server is forever, never, until-deleted, DAYS such as 14 or 14d12h, or until-size:500M, not "${text}".`,
    );
  return leave;
}

/** @throws UsageError */
function keepOf(text: string | undefined): Keep | undefined {
  if (text === undefined) return undefined;
  const keep = Keep.safeParse(/^\d+$/u.test(text) ? Number(text) : text);
  if (!keep.success)
    throw new UsageError(`--keep-offline is all, headers or a number of days, not "${text}".`);
  return keep.data;
}

/** @returns null for none @throws UsageError */
function limitOf(text: string | undefined): number | null | undefined {
  if (text === undefined || text === 'none') return text === undefined ? undefined : null;
  const bytes = parseSize(text);
  if (bytes === undefined)
    throw new UsageError(`--whole-limit is a size such as 500K or 20M, or none, not "${text}".`);
  return bytes;
}

/** @throws UsageError */
function collectOf(text: string | undefined): Collect | undefined {
  if (text === undefined) return undefined;
  const collect = Collect.safeParse(/^\d+$/u.test(text) ? Number(text) : text);
  if (!collect.success)
    throw new UsageError(`--collect is a number of minutes, start or hand, not "${text}".`);
  return collect.data;
}

export const accountCommands: readonly Command[] = [add, list, modeCommand, remove, set];
