import type { Mode } from '../../../shared/model/account.ts';
import type { Delta } from '../../../shared/model/delta.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { SwitchChoices } from '../../../shared/model/switch.ts';
import type { ListedMailbox } from '../../app/ports-engine.ts';
import { change, type Context } from '../context.ts';
import type { Database } from '../database.ts';
import { Refused } from '../refused.ts';
import { crashPoint } from '../../fault/crash-point.ts';
import { compare } from './compare.ts';
import { journal, madeRows } from './journal.ts';
import { toImap } from './to-imap.ts';
import { toPop3 } from './to-pop3.ts';

/** Runs inside a transaction. */
export function setMode(db: Database, account: AccountId, mode: Mode): void {
  db.run(`UPDATE account SET settings = json_set(settings, '$.mode', ?) WHERE id = ?`, mode, account);
}

/**
 * Changes the mode of an account, in one transaction: before its commit nothing has happened, after it all has. No stored
 * byte is touched; what is to be told to a server is queued like anything that a person does.
 * @param listed the server's mailboxes, where it is an IMAP server
 * @throws Refused while operations wait for the server that is left, or when there is nothing to change
 */
export function switchMode(
  context: Context,
  account: AccountId,
  to: Mode,
  choices: SwitchChoices,
  listed: ListedMailbox[],
): Delta {
  const { db } = context;
  const compared = compare(context, account, to);
  return change(context, (changes) => {
    const row = db.get('SELECT settings FROM account WHERE id = ?', account);
    if (!row) throw new Refused('there is no such account');
    const settings = JSON.parse(String(row['settings'])) as { mode: Mode };
    if (settings.mode === to) throw new Refused('the account is in this mode already');
    if (db.get('SELECT 1 FROM operation WHERE account = ? LIMIT 1', account))
      throw new Refused('there are changes that the server has not been told of yet');
    // Journalled once: what is known of the change before goes.
    const made = madeRows(db, account, settings.mode);
    const id = journal(db, account, settings.mode, to);
    const work = { context, changes, account, id, compared, made };
    // While rows change places the account is none of POP3: what goes was not deleted by the person.
    if (to === 'imap') {
      setMode(db, account, to);
      toImap(work, choices, listed);
    } else {
      toPop3(work);
      setMode(db, account, to);
    }
    db.run('DELETE FROM switch_entry WHERE account = ?', account);
    changes.account(account);
    for (const one of db.all('SELECT id FROM mailbox WHERE account = ?', account))
      changes.mailbox(Number(one['id']));
    crashPoint('switch.uncommitted');
  }).delta;
}
