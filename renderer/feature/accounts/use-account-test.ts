import { useState } from 'react';
import type { Result } from '../../../shared/contract/requests.ts';
import type { AccountSettings } from '../../../shared/model/account.ts';
import type { Failure } from '../../../shared/model/failure.ts';
import { bridge } from '../../bridge.ts';
import { showInboxOf } from '../../state/list.ts';

export type Verdicts = Result<'account.test'>;

export interface AccountTest {
  step: 'filling' | 'testing' | 'adding';
  /** Names the connections of this test; empty before the first. */
  id: string;
  verdicts: Verdicts | null;
  /** The test itself did not come about, or the account was not taken. */
  failure: Failure | null;
  run: (settings: AccountSettings, password: string) => Promise<void>;
  /** Something was typed: what the test found no longer holds. */
  forget: () => void;
}

/** Tests both servers, and adds the account when both are well. */
export function useAccountTest(onAdded: () => void): AccountTest {
  const [state, setState] = useState<Pick<AccountTest, 'step' | 'id' | 'verdicts' | 'failure'>>({
    step: 'filling',
    id: '',
    verdicts: null,
    failure: null,
  });
  const run = async (settings: AccountSettings, password: string) => {
    const test = crypto.randomUUID();
    setState({ step: 'testing', id: test, verdicts: null, failure: null });
    const tested = await bridge.request('account.test', { test, settings, password });
    if (!tested.ok) {
      setState({ step: 'filling', id: test, verdicts: null, failure: tested.failure });
      return;
    }
    const verdicts = tested.result;
    const well = verdicts.incoming.ok && (verdicts.submission?.ok ?? true);
    setState({ step: well ? 'adding' : 'filling', id: test, verdicts, failure: null });
    if (!well) return;
    const added = await bridge.request('account.add', { settings, password });
    if (!added.ok) {
      setState({ step: 'filling', id: test, verdicts, failure: added.failure });
      return;
    }
    showInboxOf(added.result.id);
    onAdded();
  };
  const forget = () =>
    setState((now) => (now.verdicts || now.failure ? { ...now, verdicts: null, failure: null } : now));
  return { ...state, run, forget };
}
