import { showDialog, useApp } from '../../state/store.ts';
import { AccountPage } from './account-page.tsx';
import { AddAccount } from './add-account.tsx';
import { ModeDialog } from './mode-dialog.tsx';
import { PasswordDialog } from './password-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';

/** The dialogs about accounts, whichever is open. */
export function AccountDialogs() {
  const dialog = useApp((state) => state.dialog);
  const accounts = useApp((state) => state.accounts);
  if (dialog?.kind === 'add-account') return <AddAccount onClose={() => showDialog(null)} />;
  if (
    dialog?.kind !== 'password' &&
    dialog?.kind !== 'remove-account' &&
    dialog?.kind !== 'account' &&
    dialog?.kind !== 'mode'
  )
    return null;
  const account = accounts.find((one) => one.id === dialog.account);
  if (!account) return null;
  if (dialog.kind === 'account') return <AccountPage account={account} />;
  if (dialog.kind === 'mode') return <ModeDialog account={account} />;
  return dialog.kind === 'password' ? (
    <PasswordDialog account={account} />
  ) : (
    <RemoveDialog account={account} />
  );
}
