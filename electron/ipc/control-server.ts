import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { commands } from '../../shared/contract/command.ts';
import type { EventName, Payload } from '../../shared/contract/events.ts';
import type { Publisher } from '../app/ports.ts';
import { controlPath, decodeFrame, encodeFrame } from './control-frame.ts';
import { dispatch } from './dispatch.ts';

/** The door for the command line while this process has the profile. It also hears every event. */
export interface Control extends Publisher {
  close(): void;
}

/** Listens on a socket inside the profile; whoever may open that folder is its owner. */
export function serveControl(profile: string, handlers: object): Control {
  const path = controlPath(profile);
  const clients = new Set<Socket>();
  if (path === undefined) return { publish: () => undefined, close: () => undefined };
  // We have the profile: a socket that is there was left by a process that is not.
  try {
    rmSync(path, { force: true });
  } catch {
    // On a disk that can't be written there is no door.
    return { publish: () => undefined, close: () => undefined };
  }
  const server = createServer((socket) => {
    clients.add(socket);
    socket.on('close', () => clients.delete(socket));
    socket.on('error', () => socket.destroy());
    const lines = createInterface({ input: socket });
    // It tells its own of every error of its input: who hangs up ends nothing but its own connection.
    lines.on('error', () => socket.destroy());
    lines.on('line', (line) => void answer(socket, handlers, line));
  });
  // A convenience: without it the other program says who has the profile.
  server.on('error', () => undefined);
  server.listen(path, () => chmodSync(path, 0o600));
  return {
    publish: <N extends EventName>(name: N, payload: Payload<N>) => {
      if (clients.size === 0) return;
      const frame = encodeFrame({ event: name, payload });
      for (const socket of clients) socket.write(frame);
    },
    close: () => {
      server.close();
      for (const socket of clients) socket.end();
    },
  };
}

async function answer(socket: Socket, handlers: object, line: string): Promise<void> {
  let asked: unknown;
  try {
    asked = decodeFrame(line);
  } catch {
    socket.destroy();
    return;
  }
  const { id, name, argument } = (asked ?? {}) as Record<string, unknown>;
  const answered = await dispatch(commands, handlers, name, argument);
  if (!socket.destroyed) socket.write(encodeFrame({ id, ...answered }));
}
