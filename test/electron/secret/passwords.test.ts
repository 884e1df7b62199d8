import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { failureOf } from '../../../shared/contract/mail-error.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import { openSecrets } from '../../../electron/secret/passwords.ts';
import { closeAll, temporaryFolder } from '../../double/headless.ts';

const id = 'a1' as AccountId;
const { DBUS_SESSION_BUS_ADDRESS: bus } = process.env;

/** Whatever desktop the tests run on: no keyring here. */
function withoutKeyring(): void {
  process.env['DBUS_SESSION_BUS_ADDRESS'] = 'unix:path=/no/bus/here';
}

afterEach(async () => {
  delete process.env['TEST_MAIL_PASSWORD'];
  if (bus === undefined) delete process.env['DBUS_SESSION_BUS_ADDRESS'];
  else process.env['DBUS_SESSION_BUS_ADDRESS'] = bus;
  await closeAll();
});

const refusal = async (asked: Promise<unknown>) =>
  failureOf(
    await asked.then(
      () => undefined,
      (thrown: unknown) => thrown,
    ),
  );

describe.runIf(process.platform === 'linux')('passwords without a keyring', () => {
  it('are forgotten at the end and written nowhere', async () => {
    withoutKeyring();
    const profile = temporaryFolder();
    const secrets = await openSecrets(profile);
    expect(secrets.keyring).toBe('plain');
    await secrets.set(id, 'amber');
    expect(await secrets.get(id)).toBe('amber');
    expect(fs.readdirSync(profile)).toEqual([]);
    expect(await (await openSecrets(profile)).get(id)).toBeUndefined();
  });

  it('come from an environment variable, whose name alone is kept', async () => {
    withoutKeyring();
    const profile = temporaryFolder();
    process.env['TEST_MAIL_PASSWORD'] = 'amber pane';
    await (await openSecrets(profile)).setSource(id, { kind: 'env', name: 'TEST_MAIL_PASSWORD' });
    expect(await (await openSecrets(profile)).get(id)).toBe('amber pane');
    expect(fs.readFileSync(path.join(profile, 'password-sources.json'), 'utf8')).not.toContain('amber');
    delete process.env['TEST_MAIL_PASSWORD'];
    expect(await refusal((await openSecrets(profile)).get(id))).toEqual({
      code: 'no-password',
      detail: 'the environment variable TEST_MAIL_PASSWORD is not set',
    });
  });

  it('come from a command: its first line, and never what it said when it failed', async () => {
    withoutKeyring();
    const profile = temporaryFolder();
    const from = async (command: string) => {
      const secrets = await openSecrets(profile);
      await secrets.setSource(id, { kind: 'command', command });
      return secrets.get(id);
    };
    expect(await from(`printf 'pässwört\\nurl: example.org\\n'`)).toBe('pässwört');
    expect(await refusal(from('echo secret; exit 3'))).toEqual({
      code: 'no-password',
      detail: 'the password command failed: exit code 3',
    });
    expect((await refusal(from('true'))).detail).toBe('the password command printed nothing');
  });

  it('are forgotten with their account', async () => {
    withoutKeyring();
    const profile = temporaryFolder();
    const secrets = await openSecrets(profile);
    await secrets.setSource(id, { kind: 'command', command: 'echo amber' });
    expect(await secrets.get(id)).toBe('amber');
    await secrets.remove(id);
    expect(await secrets.get(id)).toBeUndefined();
  });
});

describe.runIf(process.platform === 'linux')('passwords with the system’s keyring', () => {
  it('outlast the program and are in no file of ours', () => {
    const folder = temporaryFolder();
    const program = path.join(folder, 'ask.ts');
    const module = path.resolve(import.meta.dirname, '../../../electron/secret/passwords.ts');
    fs.writeFileSync(
      program,
      `import { openSecrets } from ${JSON.stringify(module)};
       const secrets = await openSecrets(${JSON.stringify(folder)});
       const before = await secrets.get('a1');
       await secrets.set('a1', 'пароль amber');
       console.log(JSON.stringify([secrets.keyring, before ?? null]));`,
    );
    const unlock = 'printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1';
    const run = `${unlock}; '${process.execPath}' '${program}'; '${process.execPath}' '${program}'`;
    const said = execFileSync('dbus-run-session', ['--', 'sh', '-c', run], {
      env: { ...process.env, HOME: folder },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(said.trim().split('\n')).toEqual(['["os",null]', '["os","пароль amber"]']);
    expect(fs.existsSync(path.join(folder, 'password-sources.json'))).toBe(false);
  });
});
