// What a person sees of a POP3 server and decides about it, in the real window, on a practice server.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OLEG, startPractice, type PracticeServer } from '../../electron/practice/server.ts';
import type { AccountId } from '../../shared/model/ids.ts';
import { closeAll, letter, temporaryFolder } from '../double/headless.ts';
import { axe } from './axe.ts';
import { launch, type LaunchedApp } from './launch.ts';
import { overflowing } from './overflow.ts';

let server: PracticeServer;
let app: LaunchedApp;
let window: Page;
let account: AccountId;

beforeAll(async () => {
  server = await startPractice({ seed: false });
  for (let at = 1; at <= 300; at += 1)
    server.deliver(letter(`Letter ${at}`, `The beginning of ${at}.\r\n`), OLEG.email);
  app = await launch(temporaryFolder());
  window = app.window;
  window.setDefaultTimeout(15_000);
  const at = (port: number) => ({
    host: server.host,
    port,
    security: 'tls' as const,
    user: OLEG.email,
    trusted: server.certificate,
  });
  const settings = {
    name: OLEG.name,
    email: OLEG.email,
    mode: 'pop3' as const,
    pop3: at(server.ports.pop3s),
    smtp: at(server.ports.smtps),
    leaveOnServer: 'forever' as const,
    collect: 'hand' as const,
  };
  account = (await app.request('account.add', { settings, password: OLEG.password })).id;
});
afterAll(async () => {
  await (app as LaunchedApp | undefined)?.close();
  await (server as PracticeServer | undefined)?.stop();
  await closeAll();
});
beforeEach(async () => {
  for (let tries = 0; tries < 20 && (await window.locator('.dlg').count()) > 0; tries += 1) {
    await window.keyboard.press('Escape');
    await window.waitForTimeout(100);
  }
  await app.request('app.settings', { language: 'en', theme: 'light', wireDock: false });
});

const menu = async (entry: string) => {
  await window
    .getByRole('button', { name: `Account ${OLEG.email}`, exact: false })
    .first()
    .click();
  await window.getByRole('menuitem', { name: entry }).click();
};
const held = async () => (await app.request('pop3.list', { account })).messages;

describe('what the server holds', () => {
  it('is shown before it is collected, and marked, collected and deleted by keys', async () => {
    await menu('What the server holds…');
    const list = window.getByTestId('server-list');
    await list.waitFor();
    await window.getByTestId('server-row').filter({ hasText: 'Letter 1' }).first().waitFor();
    await expect
      .poll(() => list.evaluate((node) => node === document.activeElement), { timeout: 15_000 })
      .toBe(true);
    // Of three hundred only those that are seen are there.
    expect(await window.getByTestId('server-row').count()).toBeLessThan(60);
    await window.keyboard.press('p');
    await expect
      .poll(() => window.getByTestId('server-preview').textContent(), { timeout: 15_000 })
      .toBe('The beginning of 1.');
    await window.keyboard.press('g');
    await window.keyboard.press('ArrowDown');
    await window.keyboard.press('d');
    await expect
      .poll(() => window.getByTestId('server-marked').textContent(), { timeout: 15_000 })
      .toContain('gone for good');
    for (const theme of ['light', 'dark'] as const) {
      await app.request('app.settings', { theme });
      expect(await axe(window)).toEqual([]);
      const folder = process.env['GLASSPOST_SCREENSHOTS'];
      if (folder) await window.screenshot({ path: `${folder}/server-${theme}.png` });
    }
    expect(await overflowing(window)).toEqual([]);
    await window.getByTestId('server-apply').click();
    await expect
      .poll(() => window.getByTestId('server-done').textContent(), { timeout: 15_000 })
      .toBe('Collected: 1. Deleted on the server: 1.');
    await window.keyboard.press('Escape');
    const left = await held();
    expect(left).toHaveLength(299);
    expect(left.filter((one) => one.held === 'whole').map((one) => one.summary?.subject)).toEqual([
      'Letter 1',
    ]);
  });
});

it('how long mail stays, when it is collected and how much of it, is set on the page of the account', async () => {
  await menu('Account details…');
  const settings = async () => (await app.request('app.snapshot', undefined)).accounts[0];
  await window.getByTestId('account-leave-policy').selectOption('hours');
  const days = window.getByTestId('leave-days');
  await days.fill('3');
  await days.press('Enter');
  await expect
    .poll(async () => (await settings())?.leaveOnServer, { timeout: 15_000 })
    .toEqual({ hours: 72 });
  await window.getByTestId('account-collect').selectOption('start');
  await expect.poll(async () => (await settings())?.collect, { timeout: 15_000 }).toBe('start');
  await window.getByTestId('account-collect').selectOption('hand');
  await window.getByTestId('account-much').selectOption('headers');
  // Two changes, one right after the other: both count.
  await expect
    .poll(async () => [(await settings())?.keep, (await settings())?.collect], { timeout: 15_000 })
    .toEqual(['headers', 'hand']);
  for (const [theme, language] of [
    ['light', 'en'],
    ['dark', 'ru'],
  ] as const) {
    await app.request('app.settings', { theme, language });
    expect(await axe(window)).toEqual([]);
    const folder = process.env['GLASSPOST_SCREENSHOTS'];
    if (folder) await window.screenshot({ path: `${folder}/policy-${theme}.png` });
  }
  await window.getByTestId('open-server').click();
  // The one that is here goes when its time is over.
  await window.getByTestId('server-row').filter({ hasText: 'срок вышел' }).first().waitFor();
});
