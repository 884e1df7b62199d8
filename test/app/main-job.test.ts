import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { closeAll, letter, temporaryFolder } from '../double/headless.ts';
import { mailServer, type MailServer, type MailUser } from '../server/mail-server.ts';
import { launch, until, type LaunchedApp } from './launch.ts';

let server: MailServer;
/** One mailbox for both tests: what IMAP showed, POP3 has to show too. */
let user: MailUser;
let app: LaunchedApp | undefined;
beforeAll(async () => {
  server = await mailServer();
  user = server.newUser('vera');
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  await closeAll();
});

/** Fills in the add-account dialog as a person would and trusts the test server's certificate when it is shown. */
async function addAccount({ window }: LaunchedApp, user: MailUser, mode: 'imap' | 'pop3'): Promise<void> {
  const incoming = mode === 'imap' ? server.ports.imaps : server.ports.pop3s;
  await window.getByTestId('add-account-open').first().click();
  const dialog = window.getByTestId('add-account-dialog');
  await dialog.getByTestId('account-name').fill('Vera Sokolova');
  await dialog.getByTestId('account-email').fill(user.email);
  await dialog.getByTestId('account-password').fill(user.password);
  await dialog.getByTestId(`account-mode-${mode}`).click();
  for (const [side, port] of [
    ['incoming', incoming],
    ['outgoing', server.ports.submission],
  ] as const) {
    await dialog.getByTestId(`${side}-host`).fill('localhost');
    await dialog.getByTestId(`${side}-port`).fill(String(port));
    await dialog.getByTestId(`${side}-security`).selectOption(side === 'incoming' ? 'tls' : 'starttls');
    await dialog.getByTestId(`${side}-user`).fill(user.email);
  }
  await dialog.getByTestId('account-test').click();
  // One question for each server: the certificate is shown before any password is sent.
  for (let asked = 0; asked < 2; asked += 1) {
    const trust = dialog.getByTestId('trust-certificate').first();
    await trust.or(window.getByTestId('reader')).first().waitFor();
    if (!(await dialog.isVisible())) return;
    await trust.click();
  }
  await dialog.waitFor({ state: 'detached' });
}

const row = ({ window }: LaunchedApp, text: string) =>
  window.getByTestId('message-row').filter({ hasText: text });

describe('the main job', () => {
  it('adds an IMAP account, reads, replies, sees the answer arrive, and shows the lines without the password', async () => {
    await server.deliver(
      user.email,
      letter(
        'Смета на витрину',
        'Вера, пересчитал с закалённым стеклом.\r\n',
        `Content-Type: text/plain; charset=utf-8\r\nReply-To: ${user.email}\r\n`,
      ),
    );
    app = await launch(temporaryFolder());
    const { window } = app;
    await window.getByTestId('first-run').waitFor();
    await addAccount(app, user, 'imap');

    await row(app, 'Смета на витрину').click();
    await expect.poll(() => window.getByTestId('reader-subject').textContent()).toContain('Смета на витрину');
    const here = app;
    expect(
      await until('the body', async () => (await here.bodyText())?.includes('закалённым') && here.bodyText()),
    ).toContain('Вера');
    // Reading marks it on the server too.
    await until('seen', async () => {
      const { lines } = await here.request('wire.recent', { limit: 5000 });
      return lines.some((line) => /UID STORE \d+ \+FLAGS(\.SILENT)? \(\\Seen\)/u.test(line.text));
    });

    const [composer] = await Promise.all([
      app.electron.waitForEvent('window'),
      window.getByTestId('reply').first().click(),
    ]);
    await composer.getByTestId('compose').waitFor();
    await expect
      .poll(() => composer.getByTestId('compose-subject').inputValue())
      .toBe('Re: Смета на витрину');
    await composer.getByTestId('compose-body').click();
    await composer.keyboard.type('Спасибо, вариант 3 принимаем.');
    await composer.getByTestId('compose-send').click();
    // By IDLE: nobody asks for it.
    await row(app, 'Re: Смета на витрину').waitFor();

    const { lines, connections } = await app.request('wire.recent', { limit: 20_000 });
    const all = JSON.stringify({ lines, connections });
    expect(lines.some((line) => line.text.startsWith(`MAIL FROM:<${user.email}>`))).toBe(true);
    expect(all).not.toContain(user.password);
    expect(all).not.toContain(Buffer.from(`\0${user.email}\0${user.password}`).toString('base64'));
    await window.getByTestId('wire-filter').fill('MAIL FROM');
    await window
      .getByTestId('wire-line')
      .filter({ hasText: `MAIL FROM:<${user.email}>` })
      .first()
      .waitFor();
    expect(await window.locator('body').textContent()).not.toContain(user.password);
  });

  it('reads the same mailbox in POP3 mode, and knows it again after a restart', async () => {
    await server.deliver(user.email, letter('Second letter', 'Two\r\n'));
    const profile = temporaryFolder();
    app = await launch(profile);
    await app.window.getByTestId('first-run').waitFor();
    await addAccount(app, user, 'pop3');
    await row(app, 'Re: Смета на витрину').waitFor();
    await row(app, 'Second letter').click();
    const here = app;
    await until('the body', async () => (await here.bodyText())?.includes('Two'));
    const { lines } = await app.request('wire.recent', { limit: 5000 });
    expect(lines.filter((line) => line.text.startsWith('RETR'))).toHaveLength(3);
    expect(lines.some((line) => line.text.startsWith('DELE'))).toBe(false);
    expect(JSON.stringify(lines)).not.toContain(user.password);
    await app.close();

    app = await launch(profile);
    await row(app, 'Second letter').waitFor();
    // No keyring on a bare test machine: the app says so by asking for the password again.
    const { keyring } = await app.request('app.snapshot', undefined);
    if (keyring === 'plain')
      await app.window
        .getByText(/password/iu)
        .first()
        .waitFor();
  });
});
