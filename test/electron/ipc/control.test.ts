import net from 'node:net';
import path from 'node:path';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { connectControl } from '../../../electron/ipc/control-client.ts';
import { serveControl, type Control } from '../../../electron/ipc/control-server.ts';
import { closeAll, temporaryFolder } from '../../double/headless.ts';

let control: Control | undefined;
afterEach(async () => {
  control?.close();
  await closeAll();
});

/** Answers one request and nothing else. */
const handlers = { 'message.newest': async () => 7 };
async function served() {
  const profile = temporaryFolder();
  control = serveControl(profile, handlers);
  await sleep(50);
  return { profile, control, socket: path.join(profile, 'control.sock') };
}

describe.runIf(process.platform !== 'win32')('the door of the command line', () => {
  it('answers what is in the table, and tells events', async () => {
    const { profile, control: door } = await served();
    const client = await connectControl(profile);
    const heard: unknown[] = [];
    client?.listen((name, payload) => heard.push([name, payload]));
    expect(await client?.request('message.newest', undefined)).toMatchObject({ ok: true, result: 7 });
    expect(await client?.request('message.purge', undefined)).toMatchObject({ ok: false });
    expect(await client?.request('task.stop', { task: 7 })).toMatchObject({ ok: false });
    door.publish('progress', { task: 'a', done: 1, total: 2 });
    await sleep(50);
    expect(heard).toEqual([['progress', { task: 'a', done: 1, total: 2 }]]);
    client?.close();
  });

  it('outlives whoever hangs up, in the middle of a line or of an event', async () => {
    const { profile, control: door, socket } = await served();
    const big = { task: 'x'.repeat(60), done: 1, total: 2 };
    for (let round = 0; round < 20; round += 1) {
      const rude = net.connect(socket);
      rude.on('error', () => undefined);
      await once(rude, 'connect');
      rude.write(round % 2 === 0 ? '{"id":1,"name":"message.new' : 'no json at all\n');
      for (let count = 0; count < 500; count += 1) door.publish('progress', big);
      rude.destroy();
      for (let count = 0; count < 500; count += 1) door.publish('progress', big);
      await sleep(5);
    }
    const client = await connectControl(profile);
    expect(await client?.request('message.newest', undefined)).toMatchObject({ ok: true, result: 7 });
    client?.close();
  });

  it('is shut where nobody has the profile', async () => {
    expect(await connectControl(temporaryFolder())).toBeUndefined();
  });
});
