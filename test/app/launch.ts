// The real program in a real window, on a profile of its own.
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import type { Bridge } from '../../shared/contract/bridge.ts';
import type { Argument, RequestName, Result } from '../../shared/contract/requests.ts';

/** The bridge as the page has it. */
type WithBridge = typeof globalThis & { glasspost: Bridge };

export interface LaunchedApp {
  electron: ElectronApplication;
  window: Page;
  /** Asks main as the window would. */
  request<N extends RequestName>(name: N, argument: Argument<N>): Promise<Result<N>>;
  /** The text of the letter in the isolated view; undefined while there is none. */
  bodyText(): Promise<string | undefined>;
  close(): Promise<void>;
}

export async function launch(profile: string, ...more: string[]): Promise<LaunchedApp> {
  const executablePath = process.env['GLASSPOST_ELECTRON'];
  if (!executablePath) throw new Error('GLASSPOST_ELECTRON is not set: run the tests by `npm test`');
  const electron = await start(executablePath, profile, more);
  const window = await ownWindow(electron);
  return {
    electron,
    window,
    request: async (name, argument) => {
      const reply = await window.evaluate(
        ([key, value]) => (globalThis as WithBridge).glasspost.request(key as never, value as never),
        [name, argument] as const,
      );
      if (!reply.ok) throw new Error(JSON.stringify(reply.failure));
      return reply.result;
    },
    bodyText: () =>
      electron.evaluate(async ({ webContents }) => {
        const view = webContents.getAllWebContents().find((one) => one.getURL().startsWith('mailview:'));
        if (!view || view.isLoading()) return undefined;
        const asked = view.executeJavaScriptInIsolatedWorld(7, [{ code: '[document.body.innerText]' }]);
        // A document that is replaced while it is asked never answers.
        const late = new Promise<string[]>((resolve) => setTimeout(() => resolve([]), 1000));
        return (await Promise.race([asked as Promise<string[]>, late]))[0];
      }),
    close: () => electron.close(),
  };
}

/** Starts it, once more when the debugger did not get through: on a busy machine one start in many never answers it. */
async function start(
  executablePath: string,
  profile: string,
  more: string[],
  tries = 3,
): Promise<ElectronApplication> {
  const root = path.resolve(import.meta.dirname, '../..');
  try {
    return await _electron.launch({
      timeout: 12_000,
      // Playwright would show every page as in a light system; the theme is the app's own affair.
      colorScheme: null,
      executablePath,
      args: ['--log-level=3', '--lang=en-GB', root, `--profile=${profile}`, ...more],
      env: { ...(process.env as Record<string, string>), LANG: 'en_GB.UTF-8', LANGUAGE: 'en' },
    });
  } catch (error) {
    if (tries === 1) throw error;
    return start(executablePath, profile, more, tries - 1);
  }
}

/** The first window of the program itself: Playwright counts the isolated view of letters as a window too. */
async function ownWindow(electron: ElectronApplication): Promise<Page> {
  return until('the window', async () =>
    electron.windows().find((page) => page.url().startsWith('glasspost:')),
  );
}

/** Waits until something is so; a plain loop, for what Playwright can't see. */
export async function until<T>(what: string, condition: () => Promise<T | undefined | false>): Promise<T> {
  const end = performance.now() + 15_000;
  while (performance.now() < end) {
    const found = await condition();
    if (found !== undefined && found !== false) return found;
    await sleep(25);
  }
  throw new Error(`not within 15 s: ${what}`);
}
