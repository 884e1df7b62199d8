// What a person sees and does in the real window, on the built-in server with its sample mail.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { closeAll, temporaryFolder } from '../double/headless.ts';
import { axe } from './axe.ts';
import { launch, until, type LaunchedApp } from './launch.ts';
import { overflowing } from './overflow.ts';

/** What the pages complained of in any of the tests. */
const complaints: string[] = [];
let app: LaunchedApp;
let window: Page;

function listenTo(page: Page): void {
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
}

beforeAll(async () => {
  app = await launch(temporaryFolder(), '--demo');
  window = app.window;
  window.setDefaultTimeout(20_000);
  listenTo(window);
  app.electron.on('window', listenTo);
  await watchLetterView();
  await row('Смета на витрину, вариант 3').waitFor();
});
afterAll(async () => {
  await (app as LaunchedApp | undefined)?.close();
  await closeAll();
});
beforeEach(async () => {
  await resize(1280, 800);
  await app.request('app.settings', {
    language: 'en',
    theme: 'light',
    density: 'comfortable',
    wireDock: true,
    wireExplain: true,
  });
  await window.getByTestId('view-inboxes').click();
});

const row = (text: string) => window.getByTestId('message-row').filter({ hasText: text }).first();
const focused = () =>
  window.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-pane]')?.dataset['pane']);

/** To within a pixel or two: a window as large as the screen is made a little smaller. */
async function resize(width: number, height: number): Promise<void> {
  await app.electron.evaluate(
    ({ BrowserWindow }, size) =>
      BrowserWindow.getAllWindows()
        .find((one) => !one.webContents.getURL().includes('#'))
        ?.setContentSize(size.width, size.height),
    { width, height },
  );
  await window.waitForFunction(
    (size) => Math.abs(innerWidth - size.width) < 3 && Math.abs(innerHeight - size.height) < 3,
    {
      width,
      height,
    },
  );
}

/** Electron does not tell whether a view is shown, so what it is told is kept. */
async function watchLetterView(): Promise<void> {
  await app.electron.evaluate(({ BrowserWindow }) => {
    const view = BrowserWindow.getAllWindows()[0]?.contentView.children[0];
    if (!view) throw new Error('no letter view');
    const set = view.setVisible.bind(view);
    view.setVisible = (on) => {
      (globalThis as { letterShown?: boolean }).letterShown = on;
      set(on);
    };
  });
}

const letterShown = () =>
  app.electron.evaluate(() => (globalThis as { letterShown?: boolean }).letterShown === true);

async function letterFillsItsPlace(): Promise<true> {
  return until('the letter in its place', async () => {
    const at = await app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .find((one) => !one.webContents.getURL().includes('#'))
        ?.contentView.children[0]?.getBounds(),
    );
    const place = await window.getByTestId('body-place').boundingBox();
    if (!at || !place || !(await letterShown())) return false;
    const near = (a: number, b: number) => Math.abs(a - b) <= 1;
    return (
      near(at.x, place.x) &&
      near(at.y, place.y) &&
      near(at.width, place.width) &&
      near(at.height, place.height)
    );
  });
}

async function composerAfter(act: () => Promise<unknown>): Promise<Page> {
  const [composer] = await Promise.all([
    app.electron.waitForEvent('window', (page) => page.url().includes('#compose')),
    act(),
  ]);
  await composer.getByTestId('compose').waitFor();
  return composer;
}

async function discard(composer: Page): Promise<void> {
  const gone = composer.waitForEvent('close');
  await composer.getByTestId('compose-discard').click();
  const confirm = composer.getByTestId('discard-confirm');
  await confirm.click({ timeout: 1000 }).catch(() => undefined);
  await gone;
}

describe('the list', () => {
  it('deletes with an undo, by the button and by Ctrl+Z, and the keyboard stays in the list', async () => {
    for (const undo of [
      () => window.getByTestId('toast').getByRole('button', { name: 'Undo' }).click(),
      () => window.keyboard.press('Control+z'),
    ]) {
      await row('Glass samples').click();
      await window.keyboard.press('Delete');
      await row('Glass samples').waitFor({ state: 'detached' });
      await expect.poll(() => row('Minutes of the Thursday').getAttribute('aria-selected')).toBe('true');
      await expect.poll(focused).toBe('list');
      await undo();
      await row('Glass samples').waitFor();
      await expect.poll(focused).toBe('list');
      await window.getByTestId('toast').waitFor({ state: 'detached' });
    }
  });

  it('asks before what is in Trash goes for good', async () => {
    await row('Две книги до пятницы').click();
    await window.keyboard.press('Delete');
    await row('Две книги до пятницы').waitFor({ state: 'detached' });
    await window.getByTestId('mailbox-trash').first().click();
    await row('Две книги до пятницы').click();
    await window.keyboard.press('Delete');
    await window.getByTestId('delete-dialog').waitFor();
    await window.keyboard.press('Escape');
    await window.getByTestId('delete-dialog').waitFor({ state: 'detached' });
    await expect.poll(() => row('Две книги до пятницы').count()).toBe(1);
  });
});

describe('the letter', () => {
  it('fills its place, hides under dialogs and menus, and comes back', async () => {
    await row('Clear Sheet').click();
    await letterFillsItsPlace();
    await window.getByTestId('settings-open').click();
    await window.getByTestId('settings-dialog').waitFor();
    await expect.poll(letterShown).toBe(false);
    await window.keyboard.press('Escape');
    await letterFillsItsPlace();
    await window.getByTestId('reader').getByRole('button', { name: 'More actions' }).click();
    await window.getByRole('menu').waitFor();
    await expect.poll(letterShown).toBe(false);
    await window.keyboard.press('Escape');
    await letterFillsItsPlace();
  });

  it('follows the window, the dividers and the dock', async () => {
    await row('Clear Sheet').click();
    await resize(1024, 640);
    await letterFillsItsPlace();
    await window.locator('.splitter').nth(1).press('ArrowLeft');
    await letterFillsItsPlace();
    await window.locator('.splitter').nth(1).press('Enter');
    await window.keyboard.press('Control+Shift+L');
    await window.getByTestId('wire-dock').waitFor({ state: 'detached' });
    expect(await letterFillsItsPlace()).toBe(true);
  });

  it('is the selected one after quick steps through the list', async () => {
    await row('Glass samples').click();
    for (const key of ['j', 'j', 'j', 'k', 'k', 'k', 'j']) await window.keyboard.press(key);
    await expect
      .poll(() => window.getByTestId('reader-subject').textContent())
      .toContain('Minutes of the Thursday');
    await until('its own body', async () => (await app.bodyText())?.includes('Four points'));
    await letterFillsItsPlace();
  });
});

describe('a narrow window', () => {
  it('opens the mailboxes in a drawer, above the letter', async () => {
    await row('Glass samples').click();
    await resize(800, 600);
    await letterFillsItsPlace();
    await expect.poll(() => window.getByTestId('view-inboxes').count()).toBe(0);
    await window.getByTestId('tree-toggle').click();
    await window.getByTestId('drawer').waitFor();
    await expect.poll(letterShown).toBe(false);
    await expect.poll(focused).toBe('mailboxes');
    await window.getByTestId('mailbox-junk').first().click();
    await window.getByTestId('drawer').waitFor({ state: 'detached' });
    await resize(1280, 800);
  });

  it.each([
    ['en', 1024, 640],
    ['ru', 1024, 640],
    ['ru', 800, 600],
    ['ru', 720, 480],
  ] as const)('lets nothing overflow in %s at %i x %i', async (language, width, height) => {
    await row('Смета на витрину, вариант 3').click();
    await app.request('app.settings', { language });
    await resize(width, height);
    await letterFillsItsPlace();
    await expect.poll(() => overflowing(window)).toEqual([]);
    // The letter keeps some lines, whatever stands around it.
    await expect
      .poll(async () => (await window.getByTestId('body-place').boundingBox())?.height)
      .toBeGreaterThan(30);
    await resize(1280, 800);
  });
});

describe('writing', () => {
  it('puts the caret of an answer above the quotation, and takes words at once', async () => {
    await row('Glass samples').click();
    const composer = await composerAfter(() => window.keyboard.press('r'));
    const body = composer.getByTestId('compose-body');
    await expect.poll(() => body.evaluate((one) => one === document.activeElement)).toBe(true);
    await composer.keyboard.type('Thank you.');
    await expect.poll(() => body.innerText()).toMatch(/^Thank you\.[\s\S]*Lena Brandt wrote/u);
    await discard(composer);
  });

  it('begins a new letter with whom it is for, and checks what is still being typed before it sends', async () => {
    const composer = await composerAfter(() => window.keyboard.press('c'));
    await expect
      .poll(() => composer.evaluate(() => (document.activeElement as HTMLElement).dataset['testid']))
      .toBe('compose-to');
    await composer.keyboard.type('vera@nowhere');
    await composer.keyboard.press('Control+Enter');
    await composer.getByTestId('address-fault').waitFor();
    await expect.poll(() => composer.getByTestId('compose-obstacle').getAttribute('role')).toBe('alert');
    expect((await app.request('app.snapshot', undefined)).outbox).toEqual([]);
    expect(await axe(composer)).toEqual([]);
    await discard(composer);
  });

  it('is done by the keyboard alone: find, read, answer, send', async () => {
    await window.getByTestId('view-inboxes').focus();
    await window.keyboard.press('F6');
    await expect.poll(focused).toBe('list');
    await window.keyboard.press('Home');
    const subject = window.getByTestId('reader-subject');
    for (let step = 0; step < 20; step += 1) {
      const shown = await subject.textContent();
      if (shown?.startsWith('Смета на витрину, вариант 3')) break;
      await window.keyboard.press('j');
      await expect.poll(() => subject.textContent()).not.toBe(shown);
    }
    await window.keyboard.press('Enter');
    await expect.poll(focused).toBe('reader');
    const composer = await composerAfter(() => window.keyboard.press('r'));
    const body = composer.getByTestId('compose-body');
    await expect.poll(() => body.evaluate((one) => one === document.activeElement)).toBe(true);
    await composer.keyboard.type('Принимаем.');
    const gone = composer.waitForEvent('close');
    await composer.keyboard.press('Control+Enter');
    await gone;
    // The penpal answers, and the answer comes by IDLE.
    await row('Re: Смета на витрину, вариант 3').waitFor();
  });
});

describe('the wire', () => {
  it('filters, pauses, folds and copies', async () => {
    await window.getByTestId('wire-filter').fill('CAPABILITY');
    await window.waitForFunction(() =>
      [...document.querySelectorAll('[data-testid=wire-line]')].every((one) =>
        one.textContent?.includes('CAPABILITY'),
      ),
    );
    await window.getByTestId('wire-copy').click();
    await window.getByText('Copied', { exact: true }).waitFor();
    const copied = await app.electron.evaluate(({ clipboard }) => clipboard.readText());
    expect(copied.split('\n').every((line) => line.includes('CAPABILITY'))).toBe(true);
    await window.getByTestId('wire-filter').fill('');

    await window.getByTestId('wire-pause').click();
    await app.request('account.sync', {});
    await expect.poll(() => window.getByTestId('wire-count').textContent()).toContain('new line');
    await window.getByTestId('wire-lines').evaluate((box) => box.scrollTo({ top: 0 }));
    await until('a block', async () => {
      const pressed = await window.getByTestId('wire-lines').evaluate((box) => {
        const { top, bottom } = box.getBoundingClientRect();
        // Some rows beyond the edges are drawn, too; what such a one unfolds would not be.
        const fold = [...box.querySelectorAll<HTMLElement>('.fold')].find((one) => {
          const at = one.getBoundingClientRect();
          return at.top > top && at.bottom < bottom - 40;
        });
        if (fold) fold.click();
        else box.scrollBy({ top: box.clientHeight / 2 });
        return fold !== undefined;
      });
      return pressed;
    });
    await window.locator('.wl.more').first().waitFor();
    const heights = await window
      .locator('.wl')
      .evaluateAll((all) => [...new Set(all.map((one) => one.getBoundingClientRect().height))]);
    expect(heights).toEqual([20]);
    await window.locator('.fold[aria-expanded=true]').first().click();
    await window.locator('.wl.more').first().waitFor({ state: 'detached' });
    await window.getByTestId('wire-follow').click();
  });
});

describe('everyone', () => {
  it('can read every part with a screen reader, in both themes', async () => {
    await row('Clear Sheet').click();
    await window.getByTestId('reader-remote').waitFor();
    for (const theme of ['light', 'dark'] as const) {
      await app.request('app.settings', { theme });
      await window.waitForFunction((now) => document.documentElement.dataset['theme'] === now, theme);
      expect(await axe(window)).toEqual([]);
    }
    await window.getByTestId('settings-open').click();
    await window.getByTestId('settings-dialog').waitFor();
    expect(await axe(window)).toEqual([]);
    await window.keyboard.press('Escape');
    await window.getByTestId('settings-dialog').waitFor({ state: 'detached' });
  });

  it('can change the language without a restart', async () => {
    await window.getByTestId('settings-open').click();
    const dialog = window.getByTestId('settings-dialog');
    await dialog.getByRole('radio', { name: 'Русский' }).click();
    await window.getByRole('heading', { name: 'Настройки' }).waitFor();
    await window.keyboard.press('Escape');
    await expect.poll(() => window.getByTestId('view-inboxes').textContent()).toContain('Все входящие');
    await expect.poll(() => window.evaluate(() => document.documentElement.lang)).toBe('ru');
  });

  it('reads the faces the program brings, and no page has complained', async () => {
    const faces = await window.evaluate(async () => {
      await document.fonts.ready;
      return ['Inter Variable', 'JetBrains Mono Variable'].map((face) =>
        document.fonts.check(`13px "${face}"`, 'Яю'),
      );
    });
    expect(faces).toEqual([true, true]);
    expect(complaints).toEqual([]);
  });
});
