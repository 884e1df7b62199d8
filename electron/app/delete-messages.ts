import type { AccountId, MailboxId, MessageKey } from '../../shared/model/ids.ts';
import type { Accounts } from './accounts.ts';
import type { Ports } from './ports.ts';

/** Moves messages to the Trash of their account; what lies there already goes for good. */
export async function deleteMessages(ports: Ports, accounts: Accounts, ids: MessageKey[]): Promise<void> {
  const { store, events } = ports;
  const rows = await store.rows(ids);
  const owners = new Set<AccountId>(rows.map((row) => row.account));
  for (const owner of owners) {
    const { mailbox, delta } = await store.roleMailbox(owner, 'trash');
    events.publish('delta', delta);
    const inTrash = (where: MailboxId) => where === mailbox.id;
    const mine = rows.filter((row) => row.account === owner);
    const gone = mine.filter((row) => inTrash(row.mailbox)).map((row) => row.id);
    const moved = mine.filter((row) => !inTrash(row.mailbox)).map((row) => row.id);
    if (gone.length > 0) events.publish('delta', await store.remove(gone));
    if (moved.length > 0) events.publish('delta', await store.move(moved, mailbox.id));
  }
  accounts.poke(owners);
}
