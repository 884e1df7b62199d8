import { randomUUID } from 'node:crypto';
import { Settings, type SettingsChange } from '../../shared/contract/app.ts';
import type { Account, AccountSettings } from '../../shared/model/account.ts';
import type { Delta } from '../../shared/model/delta.ts';
import type { AccountId } from '../../shared/model/ids.ts';
import type { Store } from '../app/ports-store.ts';
import { change, type Context } from './context.ts';
import { allDrafts, outbox } from './letter-rows.ts';
import { allMailboxes, ensureMailbox } from './mailboxes.ts';
import { accountOf } from './rows.ts';
import { waiting } from './waiting.ts';

const DEFAULTS: Settings = {
  theme: 'system',
  density: 'comfortable',
  language: 'system',
  wireDock: true,
  wireExplain: true,
};

export function snapshot({ db }: Context): Awaited<ReturnType<Store['snapshot']>> {
  return {
    accounts: db.all('SELECT * FROM account ORDER BY position, id').map(accountOf),
    mailboxes: allMailboxes(db),
    drafts: allDrafts(db),
    outbox: outbox(db),
    waiting: waiting(db),
    settings: settings(db),
  };
}

export function changeSettings(context: Context, part: SettingsChange): Settings {
  const next = Settings.parse({ ...settings(context.db), ...part });
  context.db.run(
    'INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    'settings',
    JSON.stringify(next),
  );
  return next;
}

export function addAccount(context: Context, given: AccountSettings): { account: Account; delta: Delta } {
  // The id names a folder on disk: never anything that came from outside.
  const id = randomUUID().slice(0, 8) as AccountId;
  const { delta } = change(context, (changes) => {
    const position = Number(context.db.get('SELECT count(*) AS n FROM account')?.['n'] ?? 0);
    context.db.run(
      'INSERT INTO account (id, position, settings) VALUES (?, ?, ?)',
      id,
      position,
      JSON.stringify(given),
    );
    changes.account(id);
    // The folders of POP3 mail live here; an IMAP server will name its own.
    for (const role of given.mode === 'pop3' ? (['inbox', 'sent', 'trash'] as const) : (['inbox'] as const)) {
      changes.mailbox(ensureMailbox(context.db, id, role).id);
    }
  });
  return { account: { ...given, id }, delta };
}

export function updateAccount(context: Context, given: Account): Delta {
  return change(context, (changes) => {
    const { id, ...rest } = given;
    context.db.run('UPDATE account SET settings = ? WHERE id = ?', JSON.stringify(rest), id);
    changes.account(id);
  }).delta;
}

/** The mbox files stay where they are: an account can be removed by mistake, mail can't be fetched twice. */
export function removeAccount(context: Context, id: AccountId): Delta {
  return change(context, (changes) => {
    for (const row of context.db.all('SELECT id FROM mailbox WHERE account = ?', id))
      changes.mailboxGone(Number(row['id']));
    context.db.run('DELETE FROM account WHERE id = ?', id);
    changes.accountGone(id);
    changes.drafts();
    changes.outbox();
  }).delta;
}

export function account({ db }: Context, id: AccountId): Account | undefined {
  const row = db.get('SELECT * FROM account WHERE id = ?', id);
  return row && accountOf(row);
}

/** What an older or newer program wrote and this one does not understand falls back to the default. */
function settings(db: Context['db']): Settings {
  const row = db.get('SELECT value FROM setting WHERE name = ?', 'settings');
  const kept = Settings.safeParse({
    ...DEFAULTS,
    ...(row ? (JSON.parse(String(row['value'])) as object) : {}),
  });
  return kept.success ? kept.data : DEFAULTS;
}
