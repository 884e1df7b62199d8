import { join } from 'node:path';
import type { User } from '../account.ts';
import { isUsable, makeIdentity } from '../certificate.ts';
import type { Identity } from '../certificate.ts';
import { PostOffice } from '../post-office.ts';
import { accountFolder, readText, replaceFile } from './files.ts';
import { AccountKeeper } from './keeper.ts';
import { loadAccount } from './load.ts';
import type { LoadedAccount } from './load.ts';

export type OpenedOffice = {
  readonly office: PostOffice;
  readonly identity: Identity;
  /** Whose mailboxes are new: the others have their letters already. */
  readonly fresh: readonly User[];
  /** Write down what was not written yet. */
  stop(): Promise<void>;
};

/** The post office as the folder remembers it; without a folder, a new one that is forgotten at the end. */
export async function openOffice(
  users: readonly User[],
  clock: () => Date,
  folder: string | undefined,
): Promise<OpenedOffice> {
  if (folder === undefined) {
    const office = new PostOffice(users, clock);
    return { office, identity: await makeIdentity(new Date()), fresh: users, stop: async () => undefined };
  }
  const loaded = new Map<User, LoadedAccount>();
  for (const user of users) {
    const account = await loadAccount(accountFolder(folder, user.email), clock());
    if (account) loaded.set(user, account);
  }
  const office = new PostOffice(users, clock, loaded);
  const keepers = office.accounts.map(
    (account) =>
      new AccountKeeper(accountFolder(folder, account.user.email), account, loaded.get(account.user)?.ids),
  );
  return {
    office,
    identity: await keptIdentity(folder),
    fresh: users.filter((user) => !loaded.has(user)),
    stop: async () => {
      await Promise.all(keepers.map((keeper) => keeper.stop()));
    },
  };
}

/** The certificate of the folder, so that a client that has been told to trust it stays right; a new one when it ran out. */
async function keptIdentity(folder: string): Promise<Identity> {
  const [certPath, keyPath] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  const kept = { cert: (await readText(certPath)) ?? '', key: (await readText(keyPath)) ?? '' };
  if (isUsable(kept, new Date())) return kept;
  const identity = await makeIdentity(new Date());
  await replaceFile(keyPath, identity.key);
  await replaceFile(certPath, identity.cert, 0o644);
  return identity;
}
