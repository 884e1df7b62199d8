// Vitest's global setup: waits to be asked for the mail servers, starts them then, once, and stops them at the end.
// Lazy, because most runs are of a file or two that need no server. The tests' side of it is mailServer().
import { createServer } from 'node:net';
import type { TestProject } from 'vitest/node';
import { bundlePrograms, removePrograms } from './programs.ts';
import { startMailServer, type RunningMailServer } from './dovecot.ts';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let running: Promise<RunningMailServer> | undefined;
  const desk = createServer((socket) => {
    running ??= startMailServer();
    running.then(
      ({ address }) => socket.end(JSON.stringify({ address })),
      (error: unknown) => socket.end(JSON.stringify({ error: String(error) })),
    );
  });
  await new Promise<void>((resolve) => desk.listen(0, '127.0.0.1', resolve));
  const where = desk.address();
  if (where === null || typeof where === 'string') throw new Error('no port for the mail server desk');
  project.provide('mailServerDesk', where.port);
  const programs = await bundlePrograms();
  project.provide('programs', programs);

  return async () => {
    desk.close();
    removePrograms(programs);
    const server = await running?.catch(() => undefined);
    await server?.stop();
  };
}

declare module 'vitest' {
  export interface ProvidedContext {
    mailServerDesk: number;
    programs: string;
  }
}
