// The first minutes with the program, and what it remembers of them.
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startPractice, type PracticeServer } from '../../electron/practice/server.ts';
import { closeAll, temporaryFolder } from '../double/headless.ts';
import { axe } from './axe.ts';
import { launch, until, type LaunchedApp } from './launch.ts';

let practice: PracticeServer;
let app: LaunchedApp | undefined;
beforeAll(async () => {
  practice = await startPractice();
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  await closeAll();
});
afterAll(() => practice.stop());

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Types into the field that has the keyboard and goes on to the next one. */
async function typeOn(window: Page, text: string): Promise<void> {
  await window.keyboard.press('Control+a');
  await window.keyboard.type(text);
  await window.keyboard.press('Tab');
}

/** Host, port, user and protection of one server, by the keyboard alone; the protections are TLS, STARTTLS and none. */
async function typeServer(window: Page, port: number): Promise<void> {
  await typeOn(window, '127.0.0.1');
  await typeOn(window, String(port));
  await typeOn(window, 'vera@practice.test');
  await window.keyboard.press('End');
  await window.keyboard.press('Tab');
}

describe('the first run', () => {
  it('adds an account by the keyboard alone, and says plainly what is wrong until it is right', async () => {
    app = await launch(temporaryFolder());
    const { window } = app;
    window.setDefaultTimeout(10_000);
    await window.getByTestId('first-run').waitFor();
    expect(await axe(window)).toEqual([]);
    await window.keyboard.press('1');
    const dialog = window.getByTestId('add-account-dialog');
    await dialog.waitFor();
    await expect
      .poll(() => window.evaluate(() => (document.activeElement as HTMLElement).dataset['testid']))
      .toBe('account-name');
    // The key that opened it is not typed into it.
    await expect.poll(() => dialog.getByTestId('account-name').inputValue()).toBe('');
    expect(await axe(window)).toEqual([]);

    await typeOn(window, 'Vera');
    await typeOn(window, 'vera@practice.test');
    await typeOn(window, 'not the password');
    await window.keyboard.press('Tab');
    await typeServer(window, practice.ports.imap);
    const nobody = await closedPort();
    await typeServer(window, nobody);
    await dialog.getByTestId('account-password').focus();
    await window.keyboard.press('Enter');
    await dialog.getByText('The password was not accepted').waitFor();
    await dialog.getByText(`127.0.0.1:${nobody} refuses the connection`).waitFor();
    await dialog.getByTestId('test-lines').getByText('Connecting to').first().waitFor();
    expect(await axe(window)).toEqual([]);

    await dialog.getByTestId('outgoing-port').fill(String(practice.ports.smtp));
    await dialog.getByTestId('account-password').fill('amber-pane');
    await window.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await window.getByTestId('message-row').first().waitFor();
  });

  it('keeps the dialog and its buttons inside a small window', async () => {
    app = await launch(temporaryFolder());
    const { window, electron } = app;
    window.setDefaultTimeout(10_000);
    await window.getByTestId('add-account-open').click();
    const dialog = window.getByTestId('add-account-dialog');
    for (const [width, height] of [
      [1024, 640],
      [720, 480],
    ] as const) {
      await electron.evaluate(
        ({ BrowserWindow }, size) =>
          BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
        { width, height },
      );
      await window.waitForFunction(
        (size) => Math.abs(innerWidth - size.width) < 3 && Math.abs(innerHeight - size.height) < 3,
        {
          width,
          height,
        },
      );
      const box = await dialog.boundingBox();
      const button = await dialog.getByTestId('account-test').boundingBox();
      if (!box || !button) throw new Error('the dialog is not there');
      expect(box.x + box.width).toBeLessThanOrEqual(width);
      expect(box.y + box.height).toBeLessThanOrEqual(height);
      expect(button.x + button.width).toBeLessThan(box.x + box.width);
      expect(button.y + button.height).toBeLessThan(box.y + box.height);
    }
    await window.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });
});

describe('a draft', () => {
  it('survives the closing of its window in the middle of a word, and a restart', async () => {
    const profile = temporaryFolder();
    app = await launch(profile, '--demo');
    const { electron, window } = app;
    window.setDefaultTimeout(10_000);
    await window.getByTestId('message-row').first().waitFor();
    const [composer] = await Promise.all([
      electron.waitForEvent('window', (page) => page.url().includes('#compose')),
      window.getByTestId('compose-new').click(),
    ]);
    await composer.getByTestId('compose-subject').fill('Unfinished');
    await composer.getByTestId('compose-body').click();
    await composer.keyboard.type('These words were never saved by ha');
    await composer.getByTestId('compose-to').click();
    await composer.keyboard.type('lena@glass.example.org');
    const gone = composer.waitForEvent('close');
    await composer.close({ runBeforeUnload: true });
    await gone;
    await window.getByTestId('view-drafts').click();
    const row = window.getByTestId('draft-row').filter({ hasText: 'Unfinished' });
    await row.filter({ hasText: 'lena@glass.example.org' }).waitFor();
    await app.close();

    // Without its server: what was written is here all the same.
    app = await launch(profile);
    await app.window.getByTestId('view-drafts').click();
    const [again] = await Promise.all([
      app.electron.waitForEvent('window', (page) => page.url().includes('#compose')),
      app.window.getByTestId('draft-row').filter({ hasText: 'Unfinished' }).click(),
    ]);
    const body = again.getByTestId('compose-body');
    await body.waitFor();
    await expect.poll(() => body.innerText()).toContain('These words were never saved by ha');
    await expect.poll(() => again.getByTestId('recipient').textContent()).toContain('lena@glass.example.org');
  });

  it('can be practice: mail, a server and no network; it is there again after a restart', async () => {
    const profile = temporaryFolder();
    app = await launch(profile);
    await app.window.getByTestId('practice-start').waitFor();
    await app.window.keyboard.press('2');
    await app.window.getByTestId('message-row').filter({ hasText: 'вариант 3' }).waitFor();
    const { accounts } = await app.request('app.snapshot', undefined);
    expect(accounts.map(({ email, mode, imap }) => [email, mode, imap?.host, imap?.security])).toEqual([
      ['vera@practice.test', 'imap', '127.0.0.1', 'starttls'],
      ['oleg@practice.test', 'pop3', '127.0.0.1', 'starttls'],
    ]);
    await app.window.getByTestId('wire-protocol-pop3').click();
    const explained = app.window
      .getByTestId('wire-explanation')
      .filter({ hasText: 'The connection is closed' });
    await explained.first().waitFor();
    await app.window.getByTestId('wire-explain').click();
    await explained.first().waitFor({ state: 'detached' });
    const row = app.window.getByTestId('message-row').filter({ hasText: 'вариант 3' }).first();
    await row.click();
    await app.window.keyboard.press('Delete');
    await row.waitFor({ state: 'detached' });
    const first = app;
    await until('the server was told', async () => {
      const { lines } = await first.request('wire.recent', { limit: 5000 });
      return lines.some((line) => /UID MOVE/u.test(line.text));
    });
    await app.close();

    app = await launch(profile);
    const second = app;
    await until('in step again', async () => {
      const { statuses } = await second.request('app.snapshot', undefined);
      return statuses.length === 2 && statuses.every((status) => status.state === 'online');
    });
    await until('the deleted letter is in Trash, once', async () => {
      const { accounts, mailboxes } = await second.request('app.snapshot', undefined);
      const vera = accounts.find((one) => one.email === 'vera@practice.test')?.id;
      const trash = mailboxes.find((one) => one.account === vera && one.role === 'trash');
      return trash?.total === 1;
    });
  });
});
