import { useCallback, useEffect, useState } from 'react';
import type { Account, Mode, ServerSettings } from '../../../shared/model/account.ts';
import type { Failure } from '../../../shared/model/failure.ts';
import type { LastSwitch, SwitchChoices, SwitchPlan } from '../../../shared/model/switch.ts';
import { bridge } from '../../bridge.ts';
import { ask } from '../../state/request.ts';
import { showInboxOf } from '../../state/list.ts';
import { showToast } from '../../state/toasts.ts';

export interface ModeChange {
  plan: SwitchPlan | undefined;
  failure: Failure | undefined;
  /** What goes on now: words by name. */
  busy: 'comparing' | 'changing' | undefined;
  /** The change before, as long as it can be taken back. */
  last: LastSwitch | undefined;
  /** @param server what was typed; undefined: what the account has */
  compare: (server: ServerSettings | undefined) => Promise<void>;
  run: (choices: SwitchChoices) => Promise<void>;
  undo: () => void;
}

/** A change of mode from the comparison to the end. @param onDone it is done, or taken back */
export function useModeChange(account: Account, mode: Mode, onDone: () => void): ModeChange {
  const [plan, setPlan] = useState<SwitchPlan>();
  const [failure, setFailure] = useState<Failure>();
  const [busy, setBusy] = useState<ModeChange['busy']>();
  const [last, setLast] = useState<LastSwitch>();
  const { id } = account;
  useEffect(() => {
    void ask('account.lastMode', { account: id }).then(
      (reply) => reply.ok && setLast(reply.result ?? undefined),
    );
  }, [id]);
  const compare = useCallback(
    async (server: ServerSettings | undefined) => {
      setBusy('comparing');
      setFailure(undefined);
      if (server) {
        const saved = await bridge.request('account.server', { account: id, protocol: mode, server });
        if (!saved.ok) {
          setFailure(saved.failure);
          setBusy(undefined);
          return;
        }
      }
      const found = await bridge.request('account.planMode', { account: id, mode });
      if (found.ok) setPlan(found.result);
      else setFailure(found.failure);
      setBusy(undefined);
    },
    [id, mode],
  );
  const run = async (choices: SwitchChoices) => {
    setBusy('changing');
    setFailure(undefined);
    const done = await bridge.request('account.changeMode', { account: id, mode, choices });
    setBusy(undefined);
    if (!done.ok) {
      setFailure(done.failure);
      return;
    }
    onDone();
    showInboxOf(id);
    showToast({ kind: 'mode', email: account.email, mode });
  };
  const undo = () => {
    onDone();
    void ask('account.undoMode', { account: id }).then((reply) => {
      if (!reply.ok || !last) return;
      showInboxOf(id);
      showToast({ kind: 'mode', email: account.email, mode: last.from });
    });
  };
  return { plan, failure, busy, last, compare, run, undo };
}
