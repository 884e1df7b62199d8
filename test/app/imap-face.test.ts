// What a person does with mailboxes, tags and what waits, in the real window, on a practice server that can be stopped.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startPractice, VERA, type PracticeServer } from '../../electron/practice/server.ts';
import type { AccountSettings } from '../../shared/model/account.ts';
import { closeAll, temporaryFolder } from '../double/headless.ts';
import { axe } from './axe.ts';
import { launch, type LaunchedApp } from './launch.ts';
import { overflowing } from './overflow.ts';

const folder = temporaryFolder();
let server: PracticeServer;
let app: LaunchedApp;
let window: Page;
const complaints: string[] = [];

beforeAll(async () => {
  server = await startPractice({ folder });
  app = await launch(temporaryFolder());
  window = app.window;
  window.setDefaultTimeout(10_000);
  window.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  window.on('pageerror', (error) => complaints.push(String(error)));
  await app.request('account.add', { settings: settings(), password: VERA.password });
  await row('Glass samples').waitFor();
});
afterAll(async () => {
  await (app as LaunchedApp | undefined)?.close();
  await (server as PracticeServer | undefined)?.stop();
  await closeAll();
});
beforeEach(async () => {
  // What the test before has left open, or has not closed yet.
  for (let tries = 0; tries < 20 && (await window.locator('.dlg').count()) > 0; tries += 1) {
    await window.keyboard.press('Escape');
    await window.waitForTimeout(100);
  }
  await app.request('app.settings', { language: 'en', theme: 'light', wireDock: false });
  await window.getByTestId('view-inboxes').click();
});

function settings(): AccountSettings {
  const at = (port: number) => ({
    host: server.host,
    port,
    security: 'tls' as const,
    user: VERA.email,
    trusted: server.certificate,
  });
  const { imaps, smtps } = server.ports;
  return { ...VERA, mode: 'imap', imap: at(imaps), smtp: at(smtps), leaveOnServer: 'forever' };
}

const row = (text: string) => window.getByTestId('message-row').filter({ hasText: text }).first();
const box = (name: string) => window.getByRole('treeitem', { name, exact: false });
const toast = (text: string) => window.getByTestId('toast').filter({ hasText: text });
/** Until the servers know everything. */
async function quiet(): Promise<void> {
  const waiting = async () => (await app.request('operation.list', {})).length;
  await expect.poll(waiting, { timeout: 20_000 }).toBe(0);
}

/** Nothing that a checker finds, in either theme. */
async function expectAccessible(): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await app.request('app.settings', { theme });
    await window.waitForFunction((now) => document.documentElement.dataset['theme'] === now, theme);
    // What fades in is not yet what it will be.
    await window.waitForFunction(() => document.getAnimations().every((one) => one.playState === 'finished'));
    expect(await axe(window)).toEqual([]);
  }
}

describe('mailboxes', () => {
  it('are made, renamed, deleted and brought back by the keyboard', async () => {
    await window.getByTestId('mailbox-inbox').focus();
    await window.keyboard.press('Shift+F10');
    await window.getByRole('menu').waitFor();
    await expect.poll(() => window.getByTestId('menu-rename').getAttribute('aria-disabled')).toBe('true');
    await expect.poll(() => window.getByTestId('menu-rename').textContent()).toContain('needs this mailbox');
    await expectAccessible();
    await window.keyboard.press('Enter');
    await window.getByTestId('mailbox-name').fill('INBOX');
    await expect.poll(() => window.getByTestId('mailbox-name-do').isDisabled()).toBe(true);
    await window.getByTestId('mailbox-name').fill('Greenhouse');
    await expectAccessible();
    await window.keyboard.press('Enter');
    await box('Greenhouse').waitFor();

    await box('Greenhouse').focus();
    await window.keyboard.press('F2');
    await window.getByTestId('mailbox-name').fill('Orangery');
    await window.keyboard.press('Enter');
    await box('Orangery').waitFor();
    await box('Greenhouse').waitFor({ state: 'detached' });

    await box('Orangery').focus();
    await window.keyboard.press('Delete');
    await toast('Orangery is in Trash').waitFor();
    await expect.poll(() => box('Orangery').getAttribute('aria-level')).toBe('2');
    await toast('Orangery').getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => box('Orangery').getAttribute('aria-level')).toBe('1');
    await quiet();
    await expect
      .poll(async () => (await app.request('app.snapshot', undefined)).mailboxes.map((one) => one.path))
      .toContain('Orangery');
  });

  it('in Trash go for good, after a question that says how much they hold', async () => {
    await row('Glass samples').click();
    await window.keyboard.press('Control+Shift+M');
    await window.getByTestId('place-field').fill('orang');
    await window.keyboard.press('Enter');
    await toast('Moved to Orangery').waitFor();
    await box('Orangery').click();
    await row('Glass samples').waitFor();
    await box('Orangery').focus();
    await window.keyboard.press('Delete');
    await expect.poll(() => box('Orangery').getAttribute('aria-level')).toBe('2');
    await box('Orangery').focus();
    await window.keyboard.press('Delete');
    const question = window.getByTestId('delete-mailbox-dialog');
    await expect.poll(() => question.textContent()).toContain('It holds 1 message');
    await expectAccessible();
    await window.keyboard.press('Escape');
    await question.waitFor({ state: 'detached' });
    // Twice: out of Trash again, and the letter back where it was.
    await window.keyboard.press('Control+z');
    await expect.poll(() => box('Orangery').getAttribute('aria-level')).toBe('1');
    await window.keyboard.press('Control+z');
    await window.getByTestId('view-inboxes').click();
    await row('Glass samples').waitFor();
  });

  it('have a menu under the pointer, with how much of them is kept', async () => {
    await box('Projects').click({ button: 'right' });
    await window.getByTestId('menu-keep').hover();
    await window.getByTestId('menu-keep-90').click();
    await expect
      .poll(
        async () =>
          (await app.request('app.snapshot', undefined)).mailboxes.find((one) => one.name === 'Projects')
            ?.keep,
      )
      .toBe(90);
  });
});

describe('tags', () => {
  it('are put on by a key, shown as chips, and undone', async () => {
    await row('Minutes of the Thursday').click();
    await window.keyboard.press('t');
    await window.getByTestId('tags-field').fill('Срочно');
    await expect.poll(() => window.getByTestId('tags-dialog').textContent()).toContain('Latin letters');
    await window.getByTestId('tags-field').fill('Big order');
    await window.keyboard.press('Enter');
    await window.getByTestId('tag-Big_order').waitFor();
    await expect.poll(() => window.getByTestId('tag-Big_order').isChecked()).toBe(true);
    await expectAccessible();
    await window.keyboard.press('Escape');
    await row('Minutes of the Thursday').locator('[data-tag=Big_order]:visible').waitFor();
    await window.locator('.subj [data-tag=Big_order]').waitFor();
    await quiet();
    await window.keyboard.press('Control+z');
    await toast('Undone: tag “Big_order”').waitFor();
    await window.locator('.subj [data-tag=Big_order]').waitFor({ state: 'detached' });
    await quiet();
  });
});

describe('what was done', () => {
  it('is listed, and each can be undone by itself', async () => {
    await row('Minutes of the Thursday').click();
    await window.keyboard.press('Control+Shift+C');
    await window.getByTestId('place-archive').click();
    await toast('Copied to Archive').waitFor();
    await window.keyboard.press('Control+Shift+H');
    const first = window.getByTestId('history-row').filter({ hasText: 'Copy to Archive' }).first();
    await first.waitFor();
    await expect.poll(() => first.textContent()).toContain('Minutes of the Thursday');
    await expectAccessible();
    await first.getByTestId('history-undo').click();
    await expect.poll(() => first.textContent()).toContain('undone');
    await window.keyboard.press('Escape');
    await quiet();
  });
});

describe('what waits', () => {
  it('is shown while the server is away, can be taken back, and is told when it is there again', async () => {
    const { ports } = server;
    const wanted = row('Смета на витрину, вариант 3');
    await wanted.click();
    const flags = async () => {
      const id = Number(await wanted.getAttribute('data-id'));
      return (await app.request('message.rows', { ids: [id as never] }))[0]?.flags ?? [];
    };
    const flagged = (await flags()).includes('flagged');
    await expect.poll(flags).toContain('seen');
    await quiet();
    await server.stop();
    await window.keyboard.press('s');
    await window.getByTestId('waiting').waitFor();
    await expect
      .poll(() => window.getByTestId('waiting').getAttribute('aria-label'))
      .toContain('1 change waits');
    await window.getByTestId('waiting').click();
    const waits = window.getByTestId('waiting-row');
    await waits.waitFor();
    await expect.poll(() => waits.textContent()).toContain('UID STORE');
    await expect.poll(async () => (await waits.textContent())?.toLowerCase()).toContain('flag');
    await expectAccessible();
    await window.getByTestId('waiting-cancel').click();
    await window.getByTestId('waiting-empty').waitFor();
    await expectAccessible();
    await window.keyboard.press('Escape');
    await expect.poll(async () => (await flags()).includes('flagged')).toBe(flagged);
    await window.getByTestId('waiting').waitFor({ state: 'detached' });

    await wanted.click();
    await window.keyboard.press('s');
    await window.getByTestId('waiting').waitFor();
    server = await startPractice({ folder, ports, seed: false });
    await window.keyboard.press('Control+Shift+O');
    // It comes back by itself, too, and may have told everything before the button is reached.
    await Promise.race([
      window
        .getByTestId('waiting-retry')
        .click()
        .catch(() => undefined),
      window.getByTestId('waiting-empty').waitFor(),
    ]);
    await window.getByTestId('waiting-empty').waitFor();
    await window.keyboard.press('Escape');
    await window.getByTestId('waiting').waitFor({ state: 'detached' });
    await expect.poll(async () => (await flags()).includes('flagged')).toBe(!flagged);
  });
});

describe('the search and the account', () => {
  it('find here first, then on the server, and go back', async () => {
    await window.keyboard.press('/');
    await window.keyboard.type('glass');
    await row('Glass samples').waitFor();
    await window.getByTestId('search-server').click();
    await expect.poll(() => window.getByTestId('search-foot').textContent()).not.toContain('Asking');
    await expectAccessible();
    await window.getByTestId('search-field').focus();
    await window.keyboard.press('Escape');
    await row('Смета на витрину, вариант 3').waitFor();
    await expect.poll(() => window.getByTestId('search-field').inputValue()).toBe('');
  });

  it('tell what the server can do', async () => {
    await window.locator('.acct').hover();
    await window.locator('.acct .ib').click();
    await window.getByTestId('menu-details').click();
    await window.getByTestId('abilities').waitFor();
    await expect.poll(() => window.getByTestId('abilities').textContent()).toContain('UIDPLUS');
    await expectAccessible();
    await window.getByTestId('abilities-missing').click();
    await window.getByTestId('account-keep').selectOption('30');
    await expect.poll(async () => (await app.request('app.snapshot', undefined)).accounts[0]?.keep).toBe(30);
    await window.keyboard.press('Escape');
  });
});

describe('fetching ahead', () => {
  it('is paused on the account page, says so after the window was loaded again, and goes on by a press', async () => {
    const resume = window.getByTestId('resume-fetching');
    await window.locator('.acct').hover();
    await window.locator('.acct .ib').click();
    await window.getByTestId('menu-details').click();
    await window.getByTestId('account-pause').check();
    await expect.poll(() => window.getByTestId('account-pause').isChecked()).toBe(true);
    await window.keyboard.press('Escape');
    await resume.waitFor();
    await window.reload();
    await resume.waitFor();
    await expectAccessible();
    await resume.click();
    await resume.waitFor({ state: 'detached' });
    expect((await app.request('app.snapshot', undefined)).statuses[0]?.paused).toBeUndefined();
  });
});

describe('the window', () => {
  it.each(['en', 'ru'] as const)('lets nothing overflow in %s at 720 x 480', async (language) => {
    await app.request('app.settings', { language });
    await app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.setContentSize(720, 480),
    );
    await window.waitForFunction(() => innerWidth < 730);
    await row('Смета на витрину, вариант 3').click();
    await expect.poll(() => overflowing(window)).toEqual([]);
    await window.keyboard.press('Control+Shift+H');
    await window.getByTestId('history-row').first().waitFor();
    await expect
      .poll(() =>
        window.locator('.dlg > .in').evaluate((element) => element.scrollWidth > element.clientWidth + 1),
      )
      .toBe(false);
    await window.keyboard.press('Escape');
    await app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 800),
    );
    await window.waitForFunction(() => innerWidth > 1000);
  });

  it('has not complained', () => expect(complaints).toEqual([]));
});
