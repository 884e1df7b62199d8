import { net, protocol, type Session } from 'electron';
import { readdir, readFile } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

export const APP_ORIGIN = 'glasspost://app';

/** The program's own documents load nothing from outside and run nothing but their own scripts. */
const APP_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** Before the app is ready: our two schemes behave like https origins. */
export function registerSchemes(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'glasspost', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    { scheme: 'mailview', privileges: { standard: true, secure: true } },
  ]);
}

/** Serves the renderer's files under `glasspost://app/`. @param root the folder they were built into */
export function serveApp(session: Session, root: string): void {
  session.protocol.handle('glasspost', async (request) => {
    const { pathname } = new URL(request.url);
    const file = normalize(join(root, decodeURIComponent(pathname)));
    // `..` in a path must not lead out of the folder.
    if (!file.startsWith(root + sep)) return new Response('not found', { status: 404 });
    const found = await net.fetch(pathToFileURL(file).href).catch(() => undefined);
    if (!found) return new Response('not found', { status: 404 });
    const headers = new Headers(found.headers);
    headers.set('Content-Security-Policy', APP_CSP);
    headers.set('X-Content-Type-Options', 'nosniff');
    return new Response(found.body, { status: found.status, headers });
  });
}

/** The bundled Inter by subset, `latin` or `cyrillic`; the bundler has put a hash into its name. */
export async function interfaceFont(assets: string, subset: string): Promise<Uint8Array | undefined> {
  if (subset !== 'latin' && subset !== 'cyrillic') return undefined;
  const name = (await readdir(assets)).find((one) => one.startsWith(`inter-${subset}-wght-normal-`));
  return name === undefined ? undefined : readFile(join(assets, name));
}
