// An account goes from IMAP to POP3 and back in the real window, on a practice server.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPractice, VERA, type PracticeServer } from '../../electron/practice/server.ts';
import { closeAll, temporaryFolder } from '../double/headless.ts';
import { axe } from './axe.ts';
import { launch, type LaunchedApp } from './launch.ts';
import { overflowing } from './overflow.ts';

let server: PracticeServer;
let app: LaunchedApp;
let window: Page;

beforeAll(async () => {
  server = await startPractice({ folder: temporaryFolder() });
  app = await launch(temporaryFolder());
  window = app.window;
  const at = (port: number) => ({
    host: server.host,
    port,
    security: 'tls' as const,
    user: VERA.email,
    trusted: server.certificate,
  });
  const { imaps, smtps } = server.ports;
  const settings = {
    ...VERA,
    mode: 'imap',
    imap: at(imaps),
    smtp: at(smtps),
    leaveOnServer: 'forever',
  } as const;
  await app.request('account.add', { settings, password: VERA.password });
  await app.request('app.settings', { language: 'en', theme: 'light', wireDock: false });
  await row('Glass samples').waitFor();
});
afterAll(async () => {
  await (app as LaunchedApp | undefined)?.close();
  await (server as PracticeServer | undefined)?.stop();
  await closeAll();
});

const row = (text: string) => window.getByTestId('message-row').filter({ hasText: text }).first();
const toast = (text: string) => window.getByTestId('toast').filter({ hasText: text });
const mode = async () => (await app.request('app.snapshot', undefined)).accounts[0]?.mode;
const looks = process.env['GLASSPOST_PICTURES'];
async function picture(name: string): Promise<void> {
  if (looks !== undefined) await window.screenshot({ path: `${looks}/${name}.png` });
}

async function openDialog(): Promise<void> {
  await window.getByRole('button', { name: `Account ${VERA.email}` }).click();
  await window.getByTestId('menu-mode').click();
  await window.getByTestId('mode-dialog').waitFor();
}

async function expectWell(): Promise<void> {
  for (const language of ['ru', 'en'] as const) {
    await app.request('app.settings', { language, theme: language === 'ru' ? 'dark' : 'light' });
    await expect.poll(() => overflowing(window)).toEqual([]);
    expect(await axe(window)).toEqual([]);
    await picture(`plan-${language}`);
  }
}

describe('change of mode', () => {
  it('asks for the server that is not known, shows its certificate, and compares', async () => {
    await openDialog();
    await window.getByTestId('incoming-host').fill(server.host);
    await window.getByTestId('incoming-port').fill(String(server.ports.pop3s));
    await window.getByTestId('mode-compare').click();
    await window.getByTestId('trust-certificate').click();
    const plan = window.getByTestId('mode-plan');
    await plan.waitFor();
    await expect.poll(() => plan.locator('[data-line=matched]').textContent()).toContain('messages');
    await expectWell();
    expect(await mode()).toBe('imap');
  });

  it('is done by the keyboard, with the mail that was there', async () => {
    await window.getByTestId('mode-do').focus();
    await window.keyboard.press('Enter');
    await toast('is in POP3 mode').waitFor();
    await expect.poll(mode).toBe('pop3');
    await row('Glass samples').waitFor();
    await window.getByTestId('mode-dialog').waitFor({ state: 'detached' });
    await picture('after');
  });

  it('can be taken back', async () => {
    await openDialog();
    await window.getByTestId('mode-plan').waitFor();
    await window.getByTestId('mode-undo').click();
    await toast('is in IMAP mode').waitFor();
    await expect.poll(mode).toBe('imap');
    await row('Glass samples').waitFor();
  });
});
