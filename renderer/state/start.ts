import type { Delta } from '../../shared/model/delta.ts';
import type { Failure } from '../../shared/model/failure.ts';
import { bridge } from '../bridge.ts';
import { run } from './commands.ts';
import { followWindow } from './layout.ts';
import { applyDelta, loadOrder } from './list.ts';
import { followProgress } from './progress.ts';
import { showDialog, useApp } from './store.ts';
import { showToast } from './toasts.ts';
import { startWire } from './wire.ts';

/** Fills the store and starts listening. Gives back why it could not, for the window to say. */
export async function start(part: 'main' | 'compose'): Promise<Failure | null> {
  let early: Delta[] | null = [];
  bridge.listen('delta', (delta) => (early ? early.push(delta) : applyDelta(delta)));
  bridge.listen('status', (status) =>
    useApp.setState((state) => ({ statuses: new Map(state.statuses).set(status.account, status) })),
  );
  bridge.listen('settings', (settings) => useApp.setState({ settings }));
  if (part === 'main') listenAsMain();
  const reply = await bridge.request('app.snapshot', undefined);
  if (!reply.ok) return reply.failure;
  const { statuses, ...rest } = reply.result;
  useApp.setState({ ...rest, statuses: new Map(statuses.map((one) => [one.account, one])), ready: true });
  const queued = early;
  early = null;
  for (const delta of queued) applyDelta(delta);
  if (part === 'main') await Promise.all([loadOrder(), startWire()]);
  return null;
}

function listenAsMain(): void {
  // One that comes before the snapshot is in it.
  bridge.listen('notice', (notice) => {
    if (useApp.getState().ready) useApp.setState((state) => ({ notices: [...state.notices, notice] }));
  });
  followWindow();
  bridge.listen('sent', ({ subject, refused }) => showToast({ kind: 'sent', subject, refused }));
  bridge.listen('refusal', (refusal) => showToast({ kind: 'refusal', refusal }));
  followProgress();
  window.addEventListener('online', () => void bridge.request('account.wake', undefined));
  bridge.listen('command', ({ name }) => run(name));
  bridge.listen('link', ({ url }) => showDialog({ kind: 'link', url }));
}
