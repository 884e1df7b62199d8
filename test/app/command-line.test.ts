// One program: with a command it is the command line, without one the window; and the two get on with each other.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { closeAll, temporaryFolder } from '../double/headless.ts';
import { glasspost } from '../electron/cli/glasspost.ts';
import { launch, until, type LaunchedApp } from './launch.ts';

const root = path.resolve(import.meta.dirname, '../..');
let app: LaunchedApp | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
  await closeAll();
});

/** The app itself, with words after its name and no display anywhere. */
async function program(words: string[], env: Record<string, string> = {}) {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...rest } = process.env;
  const child = spawn(process.env['GLASSPOST_ELECTRON'] ?? '', [root, ...words], {
    env: { ...rest, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/no/bus/here', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number]>,
  ]);
  // Chromium complains of the missing bus in its own form, on the same stream.
  return { code, stdout, stderr: stderr.replaceAll(/^\[\d+:\d+\/.*\n/gmu, '') };
}

describe('the app started with a command', () => {
  it('is the command line and needs no display', async () => {
    const profile = temporaryFolder();
    expect((await program(['help'])).stdout).toBe((await glasspost(['help'])).stdout);
    expect(await program(['--profile', profile, 'list', 'INBOX'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'There is no mailbox INBOX: glasspost mailboxes shows them.\n',
    });
    expect((await program(['--profile', profile, 'frobnicate', '--help'])).code).toBe(2);
  });
});

describe('a command while the window is open', () => {
  it('is carried out by the window, and seen in it', async () => {
    const profile = temporaryFolder();
    app = await launch(profile);
    const { window } = app;
    await window.getByTestId('practice-start').click();
    await window.getByTestId('message-row').first().waitFor();
    const letter = [
      '--profile',
      profile,
      'send',
      '--from',
      'vera@practice.test',
      '--to',
      'oleg@practice.test',
    ];
    const sent = await glasspost([...letter, '--subject', 'From the command line'], {
      input: 'Hello, window!\n',
    });
    expect([sent.code, sent.stderr]).toEqual([0, '']);
    // Oleg answers, and the window has it.
    await window
      .getByTestId('message-row')
      .filter({ hasText: 'Re: From the command line' })
      .first()
      .waitFor();
    const [row] = (
      await glasspost(['--profile', profile, '--json', 'list', 'vera@practice.test:INBOX', '--limit', '1'])
    ).objects;
    expect(row).toMatchObject({ subject: 'Re: From the command line', flags: [] });
    await glasspost(['--profile', profile, 'flag', String(row?.['id']), '+seen', '+flagged']);
    const here = app;
    await until('the flag is shown', async () => {
      const [shown] = await here.request('message.rows', { ids: [row?.['id'] as never] });
      return shown?.flags.includes('flagged');
    });
    const refused = await glasspost(['--profile', profile, 'show', '999']);
    expect([refused.code, refused.stderr]).toEqual([1, 'There is no message 999.\n']);
  });
});

describe('a second window on a profile that a command has', () => {
  it('says who has it and ends', async () => {
    const profile = temporaryFolder();
    const holder = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `const { lockProfile } = await import(${JSON.stringify(path.join(root, 'electron/store/lock.ts'))});
       lockProfile(${JSON.stringify(profile)}, 'glasspost sync');
       console.log('held');
       setInterval(() => {}, 1000);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(holder.stdout, 'data');
    const second = spawn(process.env['GLASSPOST_ELECTRON'] ?? '', [root, `--profile=${profile}`], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    second.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await until('it says something', async () => said.includes('has it since'));
    expect(said).toContain(`glasspost sync (process ${holder.pid})`);
    second.kill();
    holder.kill();
  });
});
