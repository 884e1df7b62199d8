// Victims are started hundreds of times: bundled once they start in half the time.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'vite';

const ROOT = path.resolve(import.meta.dirname, '../..');
const at = (file: string) => path.join(ROOT, file);
/** As in electron.vite.config.ts: what is loaded from node_modules at run time. */
const EXTERNAL = [/^(?:@napi-rs\/keyring|better-sqlite3|imapflow|mailparser|nodemailer|vite)(?:\/|$)/u];

/** Bundles the victim with its threads, crash points included. @returns its program, and how to throw it away */
export async function bundleVictim(): Promise<{ program: string; drop: () => void }> {
  const folder = at(`.cache/victim-${process.pid}`);
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir: folder,
      target: 'node20.18',
      rolldownOptions: {
        // The bundler is told that crash points do nothing; here they do.
        treeshake: { annotations: false },
        external: EXTERNAL,
        input: {
          victim: at('test/reliability/victim.ts'),
          'store-worker': at('electron/store/worker.ts'),
          'mime-worker': at('electron/mime/worker.ts'),
        },
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
  return {
    program: path.join(folder, 'victim.js'),
    drop: () => rmSync(folder, { recursive: true, force: true }),
  };
}
