import type { switchRequests } from '../../shared/contract/switch.ts';
import type { Argument, Result } from '../../shared/contract/requests.ts';
import { failureOf, MailError } from '../../shared/contract/mail-error.ts';
import type { Account, Mode, ServerSettings } from '../../shared/model/account.ts';
import type { AccountId } from '../../shared/model/ids.ts';
import type { SwitchChoices, SwitchPlan } from '../../shared/model/switch.ts';
import type { Protocol } from '../../shared/wire/line.ts';
import type { Accounts } from './accounts.ts';
import { takeCatalogue, type Catalogue } from './catalogue.ts';
import { JobQueue } from './job-queue.ts';
import type { Ports } from './ports.ts';
import type { Comparison } from './ports-store.ts';
import { crashPoint } from '../fault/crash-point.ts';

type Handlers = { [N in keyof typeof switchRequests]: (argument: Argument<N>) => Promise<Result<N>> };

/** So often what is not told yet is asked for: headers, then whole messages, then what these made doubtful. */
const ROUNDS = 4;

/** How an account changes its mode, both ways, and back. */
export function switchHandlers(ports: Ports, accounts: Accounts): Handlers {
  const { store, events } = ports;
  // There is one catalogue an account: who compares is not disturbed by who changes, nor the other way round.
  const turns = new JobQueue();
  return {
    'account.server': async ({ account, protocol, server, fingerprint }) => {
      const trusted =
        fingerprint === undefined ? server : await trusting(ports, server, protocol, fingerprint);
      await accounts.adjust(account, (now) => ({ ...now, [protocol]: trusted }));
      return trusted;
    },
    'account.planMode': ({ account, mode }) => turns.add(0, () => planMode(ports, accounts, account, mode)),
    'account.changeMode': ({ account, mode, choices }) =>
      turns.add(0, () => changeMode(ports, accounts, account, mode, choices)),
    'account.lastMode': async ({ account }) => (await store.lastSwitch(account)) ?? null,
    'account.undoMode': async ({ account }) => {
      await accounts.interrupt(account, async () => events.publish('delta', await store.undoSwitch(account)));
    },
  };
}

/** Compares what is here with what the other server holds; nothing changes, here or there. @throws MailError */
async function planMode(ports: Ports, accounts: Accounts, id: AccountId, to: Mode): Promise<SwitchPlan> {
  const account = await accountOf(ports, id);
  requireOther(account, to);
  return catalogued(ports, accounts, account, to, async (catalogue) => {
    // What whole messages would have to be fetched for stays open: that is done when it is meant.
    return (await tellApart(ports, id, to, catalogue, false)).plan;
  });
}

/**
 * Changes the mode: what waits for the server that is left is told to it, what is not here of it is fetched if the person
 * wants that; then the other server is asked what it holds, and all changes at once. No message is deleted anywhere.
 * @returns the plan as it was carried out
 * @throws MailError; then the account goes on as it was
 */
async function changeMode(
  ports: Ports,
  accounts: Accounts,
  id: AccountId,
  to: Mode,
  choices: SwitchChoices,
): Promise<SwitchPlan> {
  const { store, events } = ports;
  const account = await accountOf(ports, id);
  requireOther(account, to);
  if (account.mode === 'imap') {
    await accounts.settle([id]);
    if (choices.bodies === 'fetch')
      await accounts.fetchBodies(account, (left) => progress(accounts, account, 'INBOX', 0, left));
  }
  return catalogued(ports, accounts, account, to, (catalogue) =>
    accounts.interrupt(id, async () => {
      crashPoint('switch.catalogued');
      const { plan } = await tellApart(ports, id, to, catalogue, true);
      crashPoint('switch.compared');
      events.publish('delta', await store.switchMode(id, to, choices, catalogue.listed));
      crashPoint('switch.done');
      return plan;
    }),
  );
}

async function catalogued<T>(
  ports: Ports,
  accounts: Accounts,
  account: Account,
  to: Mode,
  work: (catalogue: Catalogue) => Promise<T>,
): Promise<T> {
  const before = accounts.statuses.find((one) => one.account === account.id);
  const catalogue = await takeCatalogue(ports, account, to, (mailbox, done, total) =>
    progress(accounts, account, mailbox, done, total),
  ).catch((thrown: unknown) => showing(ports, account[to], to, thrown));
  try {
    return await work(catalogue);
  } finally {
    await catalogue.close();
    const now = await ports.store.account(account.id);
    if (before && now?.mode === account.mode) accounts.report(before);
  }
}

/** @param whole whether messages are fetched that only their hash can tell from others */
async function tellApart(
  { store }: Ports,
  id: AccountId,
  to: Mode,
  catalogue: Catalogue,
  whole: boolean,
): Promise<Comparison> {
  for (let round = 1; ; round += 1) {
    const compared = await store.compareCatalogue(id, to);
    const open = compared.headers.length > 0 || (whole && compared.whole.length > 0);
    if (!open || round === ROUNDS) return compared;
    await catalogue.headers(compared.headers);
    if (whole) await catalogue.whole(compared.whole);
  }
}

async function accountOf({ store }: Ports, id: AccountId): Promise<Account> {
  const account = await store.account(id);
  if (!account) throw new MailError('not-found', 'there is no such account');
  return account;
}

/** @throws MailError `bad-request` when the server shows another certificate */
async function trusting(
  { engines }: Ports,
  server: ServerSettings,
  protocol: Protocol,
  fingerprint: string,
): Promise<ServerSettings> {
  const shown = await engines.certificate(server, protocol);
  if (shown?.fingerprint.replaceAll(':', '') !== fingerprint)
    throw new MailError('bad-request', `${server.host}:${server.port} shows another certificate`);
  return { ...server, trusted: { fingerprint: shown.fingerprint, pem: shown.pem } };
}

/** The person has to see the certificate to decide about it. @throws MailError always */
async function showing(
  { engines }: Ports,
  server: ServerSettings | undefined,
  mode: Mode,
  thrown: unknown,
): Promise<never> {
  const { code, detail, ...more } = failureOf(thrown);
  const certificate =
    code.startsWith('certificate') && server ? await engines.certificate(server, mode) : undefined;
  throw new MailError(code, detail, { ...more, ...(certificate ? { certificate } : {}) });
}

function requireOther(account: Account, to: Mode): void {
  if (account.mode === to)
    throw new MailError('bad-request', `the account is in ${to.toUpperCase()} mode already`);
  if (!account[to]) throw new MailError('bad-request', `the account has no ${to.toUpperCase()} server`);
}

function progress(accounts: Accounts, account: Account, mailbox: string, done: number, total: number): void {
  accounts.report({ account: account.id, state: 'syncing', progress: { mailbox, done, total } });
}
