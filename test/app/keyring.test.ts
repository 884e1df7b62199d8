import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { closeAll, letter, settingsFor, temporaryFolder } from '../double/headless.ts';
import { mailServer, type MailServer } from '../server/mail-server.ts';
import { launch, until, type LaunchedApp } from './launch.ts';

let server: MailServer;
let app: LaunchedApp | undefined;
const { GLASSPOST_ELECTRON: electron, HOME: home, DBUS_SESSION_BUS_ADDRESS: bus } = process.env;

beforeAll(async () => {
  server = await mailServer();
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  process.env['GLASSPOST_ELECTRON'] = electron;
  process.env['HOME'] = home;
  if (bus === undefined) delete process.env['DBUS_SESSION_BUS_ADDRESS'];
  else process.env['DBUS_SESSION_BUS_ADDRESS'] = bus;
  await closeAll();
});

/** From here on the app starts on a bus of its own with a real keyring that needs no person to unlock it. */
function withKeyring(folder: string): void {
  const script = path.join(folder, 'electron-with-keyring');
  const unlock = 'printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1';
  fs.writeFileSync(
    script,
    `#!/bin/sh\nexec dbus-run-session -- sh -c '${unlock}; exec "$0" "$@"' '${electron}' "$@"\n`,
    { mode: 0o755 },
  );
  process.env['GLASSPOST_ELECTRON'] = script;
  process.env['HOME'] = folder;
}

const everyFile = (folder: string): string[] =>
  fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));

describe.runIf(process.platform === 'linux')('passwords', () => {
  it('are kept by the system’s keyring: known after a restart, in no file of ours', async () => {
    const user = server.newUser();
    await server.deliver(user.email, letter('Behind the keyring'));
    const folder = temporaryFolder();
    const profile = path.join(folder, 'profile');
    withKeyring(folder);
    app = await launch(profile);
    expect((await app.request('app.snapshot', undefined as never)).keyring).toBe('os');
    await app.request('account.add', {
      settings: settingsFor(server, user, 'imap'),
      password: user.password,
    });
    await app.window.getByTestId('message-row').filter({ hasText: 'Behind the keyring' }).waitFor();
    await app.close();
    for (const file of everyFile(profile))
      expect([file, fs.readFileSync(file).includes(user.password)]).toEqual([file, false]);

    app = await launch(profile);
    const here = app;
    await until('online again, nothing asked', async () => {
      const { statuses } = await here.request('app.snapshot', undefined);
      return statuses.some((status) => status.state === 'online');
    });
  });

  it('are kept for the session only where there is no keyring, and the person is told', async () => {
    process.env['DBUS_SESSION_BUS_ADDRESS'] = 'unix:path=/no/bus/here';
    const user = server.newUser();
    const profile = temporaryFolder();
    app = await launch(profile);
    expect((await app.request('app.snapshot', undefined as never)).keyring).toBe('plain');
    await app.window.getByTestId('add-account-open').first().click();
    await app.window.getByText('There is no keyring on this system').waitFor();
    await app.window.keyboard.press('Escape');
    await app.request('account.add', {
      settings: settingsFor(server, user, 'imap'),
      password: user.password,
    });
    const first = app;
    await until('online', async () =>
      (await first.request('app.snapshot', undefined as never)).statuses.some(
        (status) => status.state === 'online',
      ),
    );
    await app.close();
    for (const file of everyFile(profile))
      expect([file, fs.readFileSync(file).includes(user.password)]).toEqual([file, false]);

    app = await launch(profile);
    const second = app;
    await until('the password is asked for', async () =>
      (await second.request('app.snapshot', undefined as never)).statuses.some(
        (one) => one.state === 'needs-password',
      ),
    );
    await second.request('account.password', {
      account: (await second.request('app.snapshot', undefined as never)).accounts[0]!.id,
      password: user.password,
    });
    await until('online again', async () =>
      (await second.request('app.snapshot', undefined as never)).statuses.some(
        (status) => status.state === 'online',
      ),
    );
  });
});
