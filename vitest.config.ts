import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const tests = 'test/**/*.test.{ts,tsx}';
const appTests = 'test/app/**/*.test.{ts,tsx}';

export default defineConfig({
  plugins: [react()],
  test: {
    pool: 'forks', // better-sqlite3 and real sockets: a crash or a leak stays in its own process
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } }, // a busy machine needs more than the second that is usual
    globalSetup: 'test/server/setup.ts',
    projects: [
      { extends: true, test: { name: 'unit', include: [tests], exclude: [appTests] } },
      // One window at a time, and after everything else: they share one display and measure real time.
      {
        extends: true,
        test: {
          name: 'app',
          testTimeout: 60_000,
          include: [appTests],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
