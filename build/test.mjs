// `npm test`: all checks and all tests, with real Electron and real mail servers, on one virtual display. Arguments go
// to vitest (`npm test -- test/store`). The last line is always the count, and the exit code is 0 only when all worked.
import './node-version.mjs';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildIfNeeded } from './app.mjs';
import { electronRuntime } from './electron-runtime.mjs';
import { bin, run } from './process.mjs';
import { ensureSystemPackages } from './system-deps.mjs';
import { startXvfb } from './xvfb.mjs';

const count = { passed: 0, failed: 0, skipped: 0 };

async function main() {
  ensureSystemPackages('test');
  const runtime = await electronRuntime();
  // A failing check or build is counted, but the tests run all the same: one run tells everything.
  if ((await run(process.execPath, ['--run', 'check'])) !== 0) count.failed++;
  await buildIfNeeded();
  const display = process.platform === 'linux' ? await startXvfb() : undefined;
  await vitest({ ...process.env, ...runtime.env, ...display?.env });
  await display?.stop();
}

/** @param {NodeJS.ProcessEnv} env */
async function vitest(env) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'glasspost-test-'));
  const report = path.join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const args = [bin('vitest/vitest.mjs'), 'run', ...reporters, ...process.argv.slice(2)];
  const code = await run(process.execPath, args, { env });
  const result = fs.existsSync(report) ? JSON.parse(fs.readFileSync(report, 'utf8')) : undefined;
  fs.rmSync(folder, { recursive: true });
  count.passed += result?.numPassedTests ?? 0;
  count.skipped += (result?.numPendingTests ?? 0) + (result?.numTodoTests ?? 0);
  // A file that cannot be loaded or an error between tests fails the run without failing a test.
  count.failed += result?.numFailedTests || (code === 0 ? 0 : 1);
}

try {
  await main();
} catch (error) {
  count.failed++;
  console.error(error instanceof Error ? error.message : error);
}
process.exitCode = count.failed === 0 ? 0 : 1;
const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : '';
console.log(`${count.passed} passed, ${count.failed} failed${skipped}`);
