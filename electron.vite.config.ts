import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import path from 'node:path';

const at = (file: string): string => path.resolve(import.meta.dirname, file);

// Loaded from node_modules at run time: a native addon, and the protocol libraries, which are shipped as published.
// Everything else is bundled. Keep in step with `dependencies` in package.json.
const external = [/^(?:@napi-rs\/keyring|better-sqlite3|imapflow|mailparser|nodemailer)(?:\/|$)/];

// The targets are those of the oldest Electron that the tests run in, not of the installed one.
export default defineConfig({
  main: {
    // With it the places where a test lets the program die (electron/fault) are gone from what is shipped.
    define: { 'process.env.GLASSPOST_CRASH_AT': 'undefined' },
    build: {
      target: 'node20.18',
      minify: true,
      sourcemap: true,
      externalizeDeps: false,
      rolldownOptions: {
        external,
        input: {
          main: at('electron/main.ts'),
          cli: at('electron/cli-main.ts'),
          'store-worker': at('electron/store/worker.ts'),
          'mime-worker': at('electron/mime/worker.ts'),
        },
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunk/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      target: 'node20.18',
      minify: true,
      sourcemap: true,
      externalizeDeps: false,
      rolldownOptions: {
        input: at('electron/preload.ts'),
        // A sandboxed preload script must be CommonJS, and .cjs because the package is "type": "module".
        output: { format: 'cjs', entryFileNames: 'preload.cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [react()],
    build: {
      target: 'chrome130',
      chunkSizeWarningLimit: 4096, // kB; read from the disk, not from a network
      // Our CSP loads fonts and images from files only, never from data: addresses.
      assetsInlineLimit: 0,
      minify: true,
      sourcemap: true,
      rolldownOptions: { input: at('renderer/index.html') },
    },
  },
});
