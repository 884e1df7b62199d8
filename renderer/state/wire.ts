import { create } from 'zustand';
import type { WireConnection, WireLine } from '../../shared/wire/line.ts';
import { bridge } from '../bridge.ts';

/** Older lines are in main's journal; a window holds no more than this. */
const WIRE_LIMIT = 20_000;

export interface WireState {
  connections: ReadonlyMap<number, WireConnection>;
  lines: readonly WireLine[];
}

/** The transcript, apart from the mail: it changes twenty times a second. */
export const useWire = create<WireState>()(() => ({ connections: new Map(), lines: [] }));

/** The transcript after a batch. Pure. */
function appendWire(
  state: WireState,
  batch: { connections: readonly WireConnection[]; lines: readonly WireLine[] },
): WireState {
  let connections = state.connections;
  if (batch.connections.length > 0) {
    const changed = new Map(connections);
    for (const connection of batch.connections) changed.set(connection.id, connection);
    connections = changed;
  }
  let lines = state.lines;
  if (batch.lines.length > 0) {
    const all = lines.concat(batch.lines);
    lines = all.length > WIRE_LIMIT ? all.slice(-WIRE_LIMIT) : all;
  }
  return { connections, lines };
}

/** Forgets the lines in this window; main's journal keeps them. */
export function clearWire(): void {
  useWire.setState({ lines: [] });
}

/** Starts listening, then puts what was said before in front. */
export async function startWire(): Promise<void> {
  let early: Parameters<typeof appendWire>[1][] | null = [];
  bridge.listen('wire', (batch) => {
    if (early) early.push(batch);
    else useWire.setState((state) => appendWire(state, batch));
  });
  const reply = await bridge.request('wire.recent', { limit: WIRE_LIMIT });
  const queued = early;
  early = null;
  const recent = reply.ok ? reply.result : { connections: [], lines: [] };
  const last = new Map<number, number>();
  for (const line of recent.lines) last.set(line.connection, line.seq);
  useWire.setState((state) => {
    let next = appendWire(state, recent);
    for (const batch of queued) {
      // A batch may repeat lines that the answer already held.
      const fresh = batch.lines.filter((line) => line.seq > (last.get(line.connection) ?? 0));
      next = appendWire(next, { connections: batch.connections, lines: fresh });
    }
    return next;
  });
}
