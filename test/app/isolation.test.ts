import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { closeAll, letter, settingsFor, temporaryFolder } from '../double/headless.ts';
import { mailServer, type MailServer } from '../server/mail-server.ts';
import { launch, until, type LaunchedApp } from './launch.ts';

let server: MailServer;
let app: LaunchedApp | undefined;
/** Counts everything that reaches out: an honest letter view never lets it hear anything. */
const hits: string[] = [];
const sink = http.createServer((request, response) => {
  hits.push(request.url ?? '');
  response.end('ok');
});

beforeAll(async () => {
  server = await mailServer();
  sink.listen(0, '127.0.0.1');
  await once(sink, 'listening');
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  await closeAll();
});
afterAll(() => sink.close());

/** Ways in which a letter could call out or run something; `@` stands for the address of the sink. */
const VECTORS = [
  '<img src="@/img">',
  '<img srcset="@/srcset 1x">',
  '<picture><source srcset="@/source"><img></picture>',
  '<video src="@/video" poster="@/poster" autoplay></video><audio src="@/audio" autoplay></audio>',
  '<iframe src="@/iframe"></iframe><iframe srcdoc="<img src=@/srcdoc>"></iframe>',
  '<embed src="@/embed"><object data="@/object"></object>',
  '<link rel="stylesheet" href="@/link"><link rel="prefetch" href="@/prefetch"><link rel="icon" href="@/icon">',
  '<link rel="preload" as="image" href="@/preload"><link rel="dns-prefetch" href="//prefetch.invalid">',
  '<meta http-equiv="refresh" content="0;url=@/refresh"><base href="@/">',
  '<style>@import "@/import"; body { background: url(@/css) } @font-face { font-family: x; src: url(@/font) }</style>',
  '<p style="background:url(@/style);list-style-image:url(@/list);cursor:url(@/cursor),auto">x</p>',
  '<table background="@/table"><tr><td background="@/td">x</td></tr></table>',
  '<svg><image href="@/svg" /><use href="@/use#a" /></svg>',
  '<form action="@/form"><input type="image" src="@/input" autofocus></form>',
  '<script>fetch("@/script")</script><script src="@/script-src"></script>',
  '<img src="x" onerror="fetch(\'@/onerror\')"><body onload="fetch(\'@/onload\')">',
  '<a id="away" href="@/link" ping="@/ping">away</a>',
];

async function openLetter(html: string): Promise<LaunchedApp> {
  const user = server.newUser();
  await server.deliver(user.email, letter('Vectors', html, 'Content-Type: text/html; charset=utf-8\r\n'));
  app = await launch(temporaryFolder());
  await app.request('account.add', { settings: settingsFor(server, user, 'imap'), password: user.password });
  await app.window.getByTestId('message-row').filter({ hasText: 'Vectors' }).click();
  const here = app;
  await until('the letter', async () => (await here.bodyText())?.includes('the end'));
  return app;
}

const address = () => `http://127.0.0.1:${(sink.address() as AddressInfo).port}`;

describe('the message view', () => {
  it('lets a letter load nothing, run nothing and go nowhere', async () => {
    const html = VECTORS.map((vector) => vector.replaceAll('@/', `${address()}/`)).join('\r\n');
    const { electron, window } = await openLetter(`<html><body>${html}<p>the end</p></body></html>\r\n`);
    await window.getByTestId('reader-remote').waitFor();
    await sleep(500);
    // A click on a link leads nowhere by itself: the person is shown the address first.
    await electron.evaluate(async ({ webContents }) => {
      const view = webContents.getAllWebContents().find((one) => one.getURL().startsWith('mailview:'));
      const code =
        '(() => { const a = document.querySelector("a"); a.scrollIntoView(); const { x, y, height } = a.getBoundingClientRect(); return [x + 4, y + height / 2]; })()';
      const [x = 0, y = 0] = ((await view?.executeJavaScriptInIsolatedWorld(7, [{ code }])) ??
        []) as number[];
      // Scrolled and drawn before it is clicked.
      await new Promise((resolve) => setTimeout(resolve, 300));
      const at = { x: Math.round(x), y: Math.round(y), button: 'left' as const, clickCount: 1 };
      view?.sendInputEvent({ type: 'mouseMove', ...at });
      view?.sendInputEvent({ type: 'mouseDown', ...at });
      view?.sendInputEvent({ type: 'mouseUp', ...at });
    });
    await window
      .getByTestId('link-url')
      .filter({ hasText: `${address()}/link` })
      .waitFor();
    const urls = await electron.evaluate(({ webContents }) =>
      webContents.getAllWebContents().map((one) => one.getURL()),
    );
    expect(urls.filter((url) => !/^(glasspost|mailview):/u.test(url))).toEqual([]);
    expect(hits).toEqual([]);
  });

  it('scrolls by the keyboard while the window keeps the focus', async () => {
    const { electron, window } = await openLetter(`${'<p>a line</p>'.repeat(300)}<p>the end</p>\r\n`);
    const scrolled = () =>
      electron.evaluate(async ({ webContents }) => {
        const view = webContents.getAllWebContents().find((one) => one.getURL().startsWith('mailview:'));
        return (await view?.executeJavaScriptInIsolatedWorld(7, [{ code: 'scrollY' }])) as number;
      });
    await expect.poll(scrolled).toBe(0);
    await window.keyboard.press('Space');
    await until('down', async () => (await scrolled()) > 50);
    await window.keyboard.press('Shift+Space');
    await until('up again', async () => (await scrolled()) === 0);
  });

  it('holds without the cleaner too: its session alone refuses everything remote', async () => {
    const { electron } = await openLetter('<p>the end</p>\r\n');
    const page = VECTORS.map((vector) => vector.replaceAll('@/', `${address()}/`)).join('\n');
    await electron.evaluate(
      async ({ webContents }, url) => {
        const view = webContents.getAllWebContents().find((one) => one.getURL().startsWith('mailview:'));
        await view?.loadURL(url).catch(() => undefined);
      },
      `data:text/html,${encodeURIComponent(page)}`,
    );
    await sleep(1000);
    expect(hits).toEqual([]);
  });

  it('gives the window no Node, no remote scripts and no way out', async () => {
    app = await launch(temporaryFolder());
    const { window } = app;
    expect(
      await window.evaluate(() => [
        typeof (globalThis as { process?: unknown }).process,
        typeof (globalThis as { require?: unknown }).require,
      ]),
    ).toEqual(['undefined', 'undefined']);
    expect(
      await window.evaluate(
        (url) =>
          fetch(url).then(
            () => 'loaded',
            () => 'refused',
          ),
        `${address()}/fetch`,
      ),
    ).toBe('refused');
    await window.evaluate((url) => void globalThis.open(url), `${address()}/open`);
    await window.evaluate((url) => void (location.href = url), `${address()}/navigate`);
    await sleep(300);
    expect(window.url()).toMatch(/^glasspost:/u);
    expect(hits).toEqual([]);
    const refused = await window.evaluate(() =>
      Promise.all([
        (
          globalThis as unknown as { glasspost: { request(...given: unknown[]): Promise<unknown> } }
        ).glasspost.request('no.such', {}),
        (
          globalThis as unknown as { glasspost: { request(...given: unknown[]): Promise<unknown> } }
        ).glasspost.request('message.open', { id: 'x' }),
        (
          globalThis as unknown as { glasspost: { request(...given: unknown[]): Promise<unknown> } }
        ).glasspost.request('constructor', {}),
      ]),
    );
    expect(refused).toMatchObject([1, 2, 3].map(() => ({ ok: false, failure: { code: 'bad-request' } })));
  });
});
