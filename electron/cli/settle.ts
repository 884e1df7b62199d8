import { failureOf } from '../../shared/contract/mail-error.ts';
import type { AccountId } from '../../shared/model/ids.ts';
import type { Call } from './command.ts';
import { failureLines } from './output.ts';

/** Tells the server. When it can't be told now the intent waits, and nothing has failed. */
export async function settle(call: Call, account: AccountId): Promise<void> {
  try {
    await call.link.request('account.settle', { accounts: [account] });
  } catch (thrown) {
    call.output.note(
      `The server will be told at the next sync. ${failureLines(failureOf(thrown)).split('\n')[0] ?? ''}`,
    );
  }
}
