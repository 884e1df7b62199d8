import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { EventName, Payload } from '../../shared/contract/events.ts';
import { MailError } from '../../shared/contract/mail-error.ts';
import { controlPath, decodeFrame, encodeFrame } from './control-frame.ts';
import type { Answer } from './dispatch.ts';

/** The other end of `serveControl`. */
export interface ControlClient {
  request(name: string, argument: unknown): Promise<Answer>;
  listen(listener: <N extends EventName>(name: N, payload: Payload<N>) => void): void;
  close(): void;
}

/** Resolves undefined when nobody listens there. */
export async function connectControl(profile: string): Promise<ControlClient | undefined> {
  const path = controlPath(profile);
  if (path === undefined) return undefined;
  const socket = connect(path);
  const connected = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  if (!connected) return undefined;
  const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();
  const listeners: ((name: EventName, payload: never) => void)[] = [];
  let next = 1;
  const lines = createInterface({ input: socket });
  lines.on('error', () => socket.destroy());
  lines.on('line', (line) => {
    const said = decodeFrame(line) as Answer & { id?: number; event?: EventName; payload?: unknown };
    if (said.event !== undefined) for (const tell of listeners) tell(said.event, said.payload as never);
    else if (said.id !== undefined) {
      waiting.get(said.id)?.resolve(said);
      waiting.delete(said.id);
    }
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    for (const { reject } of waiting.values())
      reject(new MailError('connection-lost', 'Glasspost was closed'));
    waiting.clear();
  });
  return {
    request: (name, argument) =>
      new Promise((resolve, reject) => {
        const id = next++;
        waiting.set(id, { resolve, reject });
        socket.write(encodeFrame({ id, name, argument }));
      }),
    listen: (listener) => void listeners.push(listener),
    close: () => socket.end(),
  };
}
