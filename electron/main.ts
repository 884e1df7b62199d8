import {
  app,
  BrowserWindow,
  dialog,
  Menu,
  nativeTheme,
  powerMonitor,
  session,
  type WebContents,
} from 'electron';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Settings } from '../shared/contract/app.ts';
import { failureOf } from '../shared/contract/mail-error.ts';
import { commandLine, isCommandLine } from './cli.ts';
import { failureLines } from './cli/output.ts';
import { openCore, rebuildProfile, type Core } from './core.ts';
import { serveControl } from './ipc/control-server.ts';
import { WindowPublisher } from './ipc/publish.ts';
import { serveRequests } from './ipc/server.ts';
import { PracticeAccounts } from './practice-accounts.ts';
import { defaultProfile } from './profile.ts';
import { openSecrets } from './secret/passwords.ts';
import { refuseNetwork, refusePermissions } from './shell/lockdown.ts';
import { buildMenu } from './shell/menu.ts';
import { lockedSession, MessageView } from './shell/message-view.ts';
import { interfaceFont, registerSchemes, serveApp } from './shell/protocols.ts';
import { askToRebuild } from './shell/rebuild-question.ts';
import { Windows } from './shell/windows.ts';

// The composition root: core + windows, keyring, IPC. Nothing is decided here but who knows whom.
const developmentServer = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL'];
const demo = process.argv.includes('--demo');
const scripts = {
  store: new URL('./store-worker.js', import.meta.url),
  mime: new URL('./mime-worker.js', import.meta.url),
};

// `glasspost list INBOX` is the command line: it ends before Chromium begins, and so needs no display.
const given = process.argv.slice(1).filter((word) => word !== '--no-sandbox');
// Electron is told where an unpackaged program is, and then what it is to do.
const words = app.isPackaged ? given : given.slice(1);
if (isCommandLine(words)) process.exit(await commandLine(words, { scripts, version: app.getVersion() }));

const profile = profileFolder();

// Electron would stop everything behind a modal box; the mail engines can go on, and the words belong on stderr.
process.on('uncaughtException', (error) => console.error(error));
registerSchemes();
refuseNetwork(developmentServer);
// Root on Linux can only run Chromium without its sandbox, and says so on the command line.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();

if (app.requestSingleInstanceLock()) {
  // Not awaited here: Electron is ready only when this module has been evaluated.
  void app.whenReady().then(start).catch(giveUp);
} else {
  app.quit();
}

async function start(): Promise<void> {
  const here = import.meta.dirname;
  const events = new WindowPublisher();
  const own = session.fromPartition('window');
  refusePermissions(own);
  serveApp(own, resolve(here, '../renderer'));
  const command = (name: string) => {
    const window = windows.main;
    if (window) events.tell(window.webContents, 'command', { name });
  };
  const windows: Windows = new Windows({
    preload: join(here, '../preload/preload.cjs'),
    developmentServer,
    session: own,
    language: app.getPreferredSystemLanguages()[0] ?? 'en',
    version: app.getVersion(),
    opened: (window, kind) => {
      // Kept by name: a closed window has none to give any more.
      const contents = window.webContents;
      events.add(contents, kind);
      if (kind === 'main') views.set(contents, new MessageView(window, letters, follow));
      window.on('closed', () => views.delete(contents));
    },
    followed: () => undefined,
  });
  const secrets = await openSecrets(profile);
  const open = () =>
    openCore({ profile, title: 'the Glasspost window', secrets, events, shell: windows, scripts });
  const core: Core = await open().catch(async (thrown: unknown) => {
    if (failureOf(thrown).code !== 'index-damaged') throw thrown;
    if (!(await askToRebuild(windows.language.startsWith('ru') ? 'ru' : 'en'))) app.exit(0);
    await rebuildProfile(profile, {});
    return open();
  });
  const letters = await lockedSession({
    document: async (id, as) => core.ports.mime.view(id, (await core.accounts.readable(id)).bytes, as),
    font: (subset) => interfaceFont(resolve(here, '../renderer/assets'), subset),
    inline: async (id, contentId) =>
      core.ports.mime.inline((await core.accounts.readable(id)).bytes, contentId),
  });
  const views = new Map<WebContents, MessageView>();
  const follow = (url: string) => {
    if (/^(https?|mailto):/u.test(url)) events.publish('link', { url });
  };
  const practice = new PracticeAccounts(core, demo ? undefined : join(profile, 'practice'));
  serveRequests(
    {
      ...core.handlers,
      'practice.start': () => practice.begin(),
      'view.scroll': async ({ pages }, from) => views.get(from)?.scroll(pages),
      'view.place': async (place, from) => {
        const view = views.get(from);
        if (place) view?.show(place.message, place.as, place.at);
        else view?.hide();
      },
    },
    windows.isOurs,
  );
  const dress = (settings: Settings) => {
    nativeTheme.themeSource = settings.theme;
    const language = settings.language === 'system' ? windows.language : settings.language;
    Menu.setApplicationMenu(buildMenu(language.startsWith('ru') ? 'ru' : 'en', command));
  };
  dress((await core.ports.store.snapshot()).settings);
  events.listen((name, payload) => {
    if (name === 'settings') dress(payload as Settings);
  });
  const control = serveControl(profile, core.handlers);
  events.listen((name, payload) => control.publish(name, payload));
  await (demo ? practice.begin() : practice.resume());
  await core.accounts.start();
  // While the computer slept its connections may have died without a word.
  powerMonitor.on('resume', () => void core.accounts.wakeUp());
  windows.openMain();

  app.on('second-instance', () => windows.openMain().focus());
  app.on('activate', () => windows.openMain());
  endInOrder(async () => {
    control.close();
    await core.close();
    await practice.stop();
  });
}

/** Nothing can be shown without the mail: the person is told why, in the system's own box. */
function giveUp(thrown: unknown): void {
  console.error(thrown);
  dialog.showErrorBox('Glasspost', failureLines(failureOf(thrown)));
  app.exit(1);
}

/**
 * Windows first, so that a draft is saved; then connections are closed politely and the last transactions awaited.
 */
function endInOrder(close: () => Promise<void>): void {
  let quitting = process.platform !== 'darwin';
  const end = () => void close().finally(() => app.exit(0));
  app.on('before-quit', (event) => {
    event.preventDefault();
    quitting = true;
    const windows = BrowserWindow.getAllWindows();
    if (windows.length === 0) end();
    for (const window of windows) window.close();
  });
  app.on('window-all-closed', () => {
    if (quitting) end();
  });
}

/** `--profile=DIR` keeps everything in one folder, Chromium's own files included; the demonstration's is thrown away. */
function profileFolder(): string {
  const given = process.argv.find((part) => part.startsWith('--profile='))?.slice('--profile='.length);
  const folder = given ? resolve(given) : demo ? mkdtempSync(join(tmpdir(), 'glasspost-demo-')) : undefined;
  if (folder === undefined) {
    app.setPath('userData', dirname(defaultProfile()));
    return defaultProfile();
  }
  app.setPath('userData', join(folder, 'chromium'));
  return folder;
}
