// The programs that tests start, bundled once a run: threads and commands are then what people get, start in half the time,
// and load no TypeScript parser, over whose WebAssembly V8 trips when many threads come and go.
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'vite';

const root = path.resolve(import.meta.dirname, '../..');

/** @returns the folder with `store-worker.js`, `mime-worker.js` and `cli.js` */
export async function bundlePrograms(): Promise<string> {
  const cache = path.join(root, '.cache');
  for (const name of fs.existsSync(cache) ? fs.readdirSync(cache) : []) {
    const pid = Number(/^programs-(\d+)$/u.exec(name)?.[1]);
    if (pid > 0 && !isAlive(pid)) removePrograms(path.join(cache, name));
  }
  const folder = path.join(cache, `programs-${process.pid}`);
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: {
      ssr: true,
      target: 'node20.18',
      outDir: folder,
      emptyOutDir: true,
      minify: false,
      sourcemap: 'inline',
      rolldownOptions: {
        external: [/^(?:@napi-rs\/keyring|better-sqlite3|imapflow|mailparser|nodemailer)(?:\/|$)/u],
        input: {
          cli: path.join(root, 'electron/cli-main.ts'),
          'store-worker': path.join(root, 'electron/store/worker.ts'),
          'mime-worker': path.join(root, 'electron/mime/worker.ts'),
          'hostile-client': path.join(root, 'test/server/hostile/client.ts'),
        },
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunk/[name]-[hash].js' },
      },
    },
    ssr: { noExternal: true },
  });
  return folder;
}

/** A run that was killed leaves its folder to the next one. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

export function removePrograms(folder: string): void {
  fs.rmSync(folder, { recursive: true, force: true });
}
