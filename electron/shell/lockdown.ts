import { app, type Session, type WebContents } from 'electron';

/**
 * What no window of ours ever does, set before the app is ready: nothing on Chromium's network stack finds a host.
 * The mail engines use Node's own sockets and are not concerned.
 */
export function refuseNetwork(developmentServer: string | undefined): void {
  const except = developmentServer === undefined ? '' : `, EXCLUDE ${new URL(developmentServer).hostname}`;
  app.commandLine.appendSwitch('host-resolver-rules', `MAP * ~NOTFOUND${except}`);
  app.commandLine.appendSwitch('disable-background-networking');
  // Electron would fetch a spelling dictionary at start, whatever the windows say.
  app.on('session-created', (session) => session.setSpellCheckerLanguages([]));
}

export function refusePermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
}

/** A document stays where it is: a link is handed to `followed`, everything else is refused. */
export function refuseNavigation(contents: WebContents, followed: (url: string) => void): void {
  // Of the two events this one comes first, and for every frame; refused here, `will-navigate` does not come at all.
  contents.on('will-frame-navigate', (event) => {
    event.preventDefault();
    if (event.isMainFrame) followed(event.url);
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    followed(url);
    return { action: 'deny' };
  });
}
