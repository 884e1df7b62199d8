import { session, WebContentsView, type BrowserWindow, type Session } from 'electron';
import type { MessageKey } from '../../shared/model/ids.ts';
import type { Rectangle } from '../../shared/contract/app.ts';
import { refuseNavigation, refusePermissions } from './lockdown.ts';

/** Where the bytes of letters come from; the view itself has no network and no store. */
export interface ViewSource {
  document(id: MessageKey, as: 'html' | 'text'): Promise<string>;
  /** A subset of the interface's font. */
  font(subset: string): Promise<Uint8Array | undefined>;
  inline(id: MessageKey, contentId: string): Promise<{ type: string; bytes: Uint8Array } | undefined>;
}

/** In memory only, new with every start. */
const PARTITION = 'message-view';
const CSP =
  "default-src 'none'; style-src 'unsafe-inline'; img-src mailview: data:; font-src mailview:; form-action 'none'; base-uri 'none'";
/** Where our own few words of script run: beside the letter, which has no scripts. */
const ISOLATED_WORLD = 7;
/** Keys that mean something to the window although the letter has the focus. */
const WINDOW_KEYS = /^(?:Key[A-Z]|F6|Escape|Delete)$/u;

/** Makes the one session in which letters are shown. Each of its locks holds without the others. */
export async function lockedSession(source: ViewSource): Promise<Session> {
  const locked = session.fromPartition(PARTITION);
  refusePermissions(locked);
  locked.webRequest.onBeforeRequest((details, answer) =>
    answer({ cancel: !/^(mailview|data):/u.test(details.url) }),
  );
  await locked.setProxy({
    mode: 'fixed_servers',
    proxyRules: '127.0.0.1:9',
    proxyBypassRules: '<-loopback>',
  });
  locked.protocol.handle('mailview', async (request) => {
    const { hostname, pathname } = new URL(request.url);
    const id = Number(/^m(\d+)\.mail\.test$/u.exec(hostname)?.[1]) as MessageKey;
    const headers = {
      'Content-Security-Policy': CSP,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    };
    const missing = () => new Response('', { status: 404, headers });
    try {
      if (pathname === '/html' || pathname === '/text') {
        const html = await source.document(id, pathname.slice(1) as 'html' | 'text');
        return new Response(html, { headers: { ...headers, 'Content-Type': 'text/html; charset=utf-8' } });
      }
      if (pathname.startsWith('/font/')) {
        const font = await source.font(pathname.slice('/font/'.length));
        return font
          ? new Response(new Uint8Array(font), { headers: { ...headers, 'Content-Type': 'font/woff2' } })
          : missing();
      }
      const part = /^\/cid\/(.+)$/u.exec(pathname)?.[1];
      const found = part === undefined ? undefined : await source.inline(id, decodeURIComponent(part));
      if (!found || !/^image\/(?!svg)/u.test(found.type)) return missing();
      return new Response(new Uint8Array(found.bytes), {
        headers: { ...headers, 'Content-Type': found.type },
      });
    } catch {
      return missing();
    }
  });
  return locked;
}

/** The pane in which a letter's body is drawn: a document of its own process and session, without scripts. */
export class MessageView {
  readonly #view: WebContentsView;
  readonly #window: BrowserWindow;
  /** The document that belongs into the view, loaded or still loading. */
  #shown = '';
  /** Whether it is to be seen: said by the window, which may have changed its mind while the document was loading. */
  #wanted = false;

  constructor(window: BrowserWindow, locked: Session, followed: (url: string) => void) {
    this.#window = window;
    this.#view = new WebContentsView({
      webPreferences: {
        session: locked,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        javascript: false,
        webviewTag: false,
        spellcheck: false,
        navigateOnDragDrop: false,
      },
    });
    const contents = this.#view.webContents;
    contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
    refuseNavigation(contents, followed);
    contents.on('before-input-event', (event, input) => {
      if (
        input.type !== 'keyDown' ||
        input.control ||
        input.meta ||
        input.alt ||
        !WINDOW_KEYS.test(input.code)
      )
        return;
      event.preventDefault();
      window.webContents.focus();
      // By its place on the keyboard, so that a Russian layout changes nothing.
      const key = {
        keyCode: input.code.replace('Key', ''),
        modifiers: input.shift ? ['shift' as const] : [],
      };
      window.webContents.sendInputEvent({ type: 'keyDown', ...key });
      window.webContents.sendInputEvent({ type: 'keyUp', ...key });
    });
    // Not the promise of `loadURL`: the end of one letter's loading would speak for the next one's.
    contents.on('did-finish-load', () => {
      if (this.#wanted && contents.getURL() === this.#shown) this.#view.setVisible(true);
    });
    this.#view.setVisible(false);
    window.contentView.addChildView(this.#view);
  }

  hide(): void {
    this.#wanted = false;
    this.#view.setVisible(false);
  }

  /** Scrolls the letter by pages: the keyboard stays in the window. */
  scroll(pages: number): void {
    const code = `scrollBy({ top: ${pages} * (innerHeight - 40) })`;
    void this.#view.webContents.executeJavaScriptInIsolatedWorld(ISOLATED_WORLD, [{ code }]);
  }

  show(message: MessageKey, as: 'html' | 'text', at: Rectangle): void {
    const factor = this.#window.webContents.getZoomFactor();
    this.#view.setBounds({
      x: Math.round(at.x * factor),
      y: Math.round(at.y * factor),
      width: Math.round(at.width * factor),
      height: Math.round(at.height * factor),
    });
    this.#wanted = true;
    const url = `mailview://m${message}.mail.test/${as}`;
    const contents = this.#view.webContents;
    if (url === this.#shown) {
      if (!contents.isLoading()) this.#view.setVisible(true);
      return;
    }
    this.#shown = url;
    // The old letter is not to be seen under the new one's name.
    this.#view.setVisible(false);
    contents.loadURL(url).catch(() => undefined);
  }
}
