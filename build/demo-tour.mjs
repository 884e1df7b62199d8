// The demonstration without a person: plays the main job in the real app as a person would, and keeps what was seen
// (screenshots of the whole screen) and what was said (one transcript a protocol).
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { _electron } from 'playwright-core';
import { ROOT } from './process.mjs';

/** @import { ElectronApplication, Page } from 'playwright-core' */
/** @import { WireConnection, WireLine } from '../shared/wire/line.ts' */

const PATIENCE_MS = 20_000;
const START_MS = 15_000;
const ANSWER = 'Олег, спасибо, вариант 3 принимаем. Левую створку, пожалуйста, держите 740 мм.';

/**
 * @param {{ executable: string, args: string[], env: Record<string, string>, output: string, say: (line: string) => void }} options
 * @returns {Promise<void>} rejects when a step of the main job did not happen
 */
export async function playTour({ executable, args, env, output, say }) {
  const start = () =>
    _electron.launch({
      timeout: START_MS,
      executablePath: executable,
      args: [...args, '--log-level=3', ROOT, '--demo'],
      env,
      // Playwright would show every page as in a light system; the theme is the app's own affair.
      colorScheme: null,
    });
  // On a busy machine one start in many never answers the debugger.
  const app = await start().catch(start);
  try {
    const window = await ownWindow(app);
    window.setDefaultTimeout(PATIENCE_MS);
    /** @param {string} name */
    const shot = (name) => screenshot(app, path.join(output, name));

    say('reads');
    const row = (/** @type {string} */ text) =>
      window.getByTestId('message-row').filter({ hasText: text }).first();
    await row('Смета на витрину').waitFor();
    await shot('01-inbox.png');
    await row('Смета на витрину').click();
    await window.getByTestId('reader-subject').waitFor();
    await shot('02-reading.png');
    await window.getByTestId('tab-structure').click();
    await shot('03-structure.png');
    await window.getByTestId('tab-message').click();

    say('replies');
    const [composer] = await Promise.all([
      app.waitForEvent('window', (page) => page.url().includes('#compose')),
      window.getByTestId('reply').first().click(),
    ]);
    await composer.getByTestId('compose-body').locator('p').first().click();
    await composer.keyboard.type(ANSWER);
    await shot('04-writing.png');
    await composer.getByTestId('compose-send').click();

    say('waits for the answer to arrive by IDLE');
    await row('Re: Смета на витрину, вариант 3').waitFor();
    await row('Re: Смета на витрину, вариант 3').click();
    await shot('05-the-answer.png');

    say('shows the wire');
    await window.getByTestId('wire-filter').fill('MAIL FROM');
    await window.getByTestId('wire-line').filter({ hasText: 'MAIL FROM' }).first().waitFor();
    await window.getByTestId('wire-filter').fill('');
    await window.getByTestId('wire-protocol-smtp').click();
    await shot('06-the-wire.png');
    await window.evaluate(() =>
      /** @type {any} */ (globalThis).glasspost.request('app.settings', { theme: 'dark' }),
    );
    await shot('07-dark.png');
    await writeTranscripts(window, output);
  } finally {
    await app.close();
  }
}

/** The isolated view of letters counts as a window too; ours is the one with our own address. @param {ElectronApplication} app */
async function ownWindow(app) {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(50)) {
    const found = app.windows().find((page) => page.url().startsWith('glasspost:'));
    if (found) return found;
  }
  throw new Error('the window did not open');
}

/**
 * The whole screen: a picture of the page alone would lack the isolated view that shows the letter.
 * @param {ElectronApplication} app
 * @param {string} file
 */
async function screenshot(app, file) {
  // Let the last change be drawn.
  await sleep(900);
  const png = await app.evaluate(async ({ desktopCapturer, screen }) => {
    const thumbnailSize = screen.getPrimaryDisplay().size;
    const [source] = await desktopCapturer.getSources({ types: ['screen'], thumbnailSize });
    return source?.thumbnail.toPNG().toString('base64') ?? '';
  });
  fs.writeFileSync(file, Buffer.from(png, 'base64'));
}

/** @param {Page} window @param {string} output */
async function writeTranscripts(window, output) {
  /** @type {{ connections: WireConnection[], lines: WireLine[] }} */
  const { connections, lines } = await window.evaluate(async () => {
    const reply = await /** @type {any} */ (globalThis).glasspost.request('wire.recent', { limit: 20_000 });
    return reply.result;
  });
  const arrows = { client: '->', server: '<-', none: '--' };
  for (const protocol of ['imap', 'pop3', 'smtp']) {
    const ids = new Set(connections.filter((one) => one.protocol === protocol).map((one) => one.id));
    const text = lines
      .filter((line) => ids.has(line.connection))
      .map((line) => {
        const time = new Date(line.at).toISOString().slice(11, 23);
        const what = line.kind === 'block' ? `(${line.bytes} bytes) ${line.text}` : line.text;
        return `${time} #${line.connection} ${arrows[line.direction]} ${what}`;
      });
    fs.writeFileSync(path.join(output, `${protocol}.txt`), text.length > 0 ? `${text.join('\n')}\n` : '');
  }
}
