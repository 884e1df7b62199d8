import { BrowserWindow, dialog, nativeTheme, shell, type Session } from 'electron';
import { writeFile } from 'node:fs/promises';
import type { DraftId } from '../../shared/model/ids.ts';
import type { Shell } from '../app/ports.ts';
import { refuseNavigation } from './lockdown.ts';
import { safeFileName } from '../../shared/mail/file-name.ts';
import { APP_ORIGIN } from './protocols.ts';

export interface WindowOptions {
  preload: string;
  /** The development server's address instead of the built files. */
  developmentServer: string | undefined;
  session: Session;
  language: string;
  version: string;
  opened: (window: BrowserWindow, kind: 'main' | 'compose') => void;
  /** A link in one of our own documents. */
  followed: (url: string) => void;
}

/** The windows of the program, and what only windows can ask a person. */
export class Windows implements Shell {
  readonly #options: WindowOptions;
  readonly #composers = new Map<DraftId, BrowserWindow>();
  #main: BrowserWindow | undefined;

  constructor(options: WindowOptions) {
    this.#options = options;
  }

  get language(): string {
    return this.#options.language;
  }
  get version(): string {
    return this.#options.version;
  }
  get main(): BrowserWindow | undefined {
    return this.#main;
  }

  isOurs = (url: string): boolean => {
    const { developmentServer } = this.#options;
    return (
      url.startsWith(`${APP_ORIGIN}/`) ||
      (developmentServer !== undefined && url.startsWith(developmentServer))
    );
  };

  openMain(): BrowserWindow {
    if (this.#main) {
      this.#main.show();
      return this.#main;
    }
    const window = this.#open('main', { width: 1280, height: 800, minWidth: 720, minHeight: 480 }, '');
    this.#main = window;
    window.on('closed', () => {
      this.#main = undefined;
    });
    return window;
  }

  openComposer(draft: DraftId): void {
    const open = this.#composers.get(draft);
    if (open) {
      open.focus();
      return;
    }
    const window = this.#open(
      'compose',
      { width: 860, height: 700, minWidth: 480, minHeight: 360 },
      `#compose/${draft}`,
    );
    this.#composers.set(draft, window);
    window.on('closed', () => this.#composers.delete(draft));
  }

  closeComposer(draft: DraftId): void {
    this.#composers.get(draft)?.destroy();
  }

  async openLink(url: string): Promise<void> {
    await shell.openExternal(url);
  }

  async chooseFiles(): Promise<string[]> {
    const { filePaths } = await dialog.showOpenDialog({ properties: ['openFile', 'multiSelections'] });
    return filePaths;
  }

  async chooseSave(name: string): Promise<string | null> {
    const { filePath } = await dialog.showSaveDialog({ defaultPath: safeFileName(name) });
    return filePath || null;
  }

  async saveAs(name: string, bytes: Uint8Array): Promise<string | null> {
    const filePath = await this.chooseSave(name);
    if (filePath === null) return null;
    // Readable by its owner alone and never executable, whatever the letter called it.
    await writeFile(filePath, bytes, { mode: 0o600 });
    return filePath;
  }

  #open(
    kind: 'main' | 'compose',
    size: Electron.BrowserWindowConstructorOptions,
    hash: string,
  ): BrowserWindow {
    const { preload, session, developmentServer } = this.#options;
    const window = new BrowserWindow({
      ...size,
      title: 'Glasspost',
      show: false,
      // One press of Alt away where the system draws menus into windows; every command has a key besides.
      autoHideMenuBar: true,
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#0E1213' : '#F1F4F4',
      webPreferences: {
        preload,
        session,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        spellcheck: false,
        navigateOnDragDrop: false,
      },
    });
    window.once('ready-to-show', () => window.show());
    refuseNavigation(window.webContents, this.#options.followed);
    this.#options.opened(window, kind);
    void window.loadURL(`${developmentServer ?? `${APP_ORIGIN}/index.html`}${hash}`);
    return window;
  }
}
