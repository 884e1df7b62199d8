import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { manual } from '../../../electron/cli/help.ts';
import { run, type Surroundings } from '../../../electron/cli/run.ts';
import { commandTable } from '../../../electron/cli/table.ts';
import { glasspost } from './glasspost.ts';

const nobody = () => Promise.reject(new Error('only read here'));
const commands = commandTable({
  practice: nobody,
  console: nobody,
  rebuild: nobody,
  keyboard: () => {
    throw new Error('only read here');
  },
});

/** The parser, the help and the messages, without a profile. */
async function typed(...words: string[]) {
  let stdout = '';
  let stderr = '';
  const around: Surroundings = {
    stdout: { write: (data) => (stdout += data as string) },
    stderr: { write: (data) => (stderr += data) },
    version: '9.8.7',
    defaultProfile: () => '/nowhere',
    input: async () => new Uint8Array(),
    open: async () => {
      throw new Error('a wrong command must not open anything');
    },
    ask: async () => '',
    signal: new AbortController().signal,
  };
  return { code: await run(commands, words, around), stdout, stderr };
}
const golden = (name: string) => path.join(import.meta.dirname, 'golden', `${name}.txt`);

describe('help', () => {
  it('shows all commands', async () => {
    for (const words of [[], ['help'], ['--help'], ['--json', 'help'], ['--profile', '/x', 'help']]) {
      const { code, stdout, stderr } = await typed(...words);
      expect([words, code, stderr]).toEqual([words, 0, '']);
      await expect(stdout).toMatchFileSnapshot(golden('help'));
    }
  });

  it.each(commands.map((one) => one.name))('tells about %s', async (name) => {
    const asked = await typed('help', ...name.split(' '));
    expect([asked.code, asked.stderr]).toEqual([0, '']);
    const file = golden(`help-${name.replace(' ', '-')}`);
    await expect(asked.stdout).toMatchFileSnapshot(file);
    expect((await typed(...name.split(' '), '--help')).stdout).toBe(asked.stdout);
  });

  it('tells the version', async () => {
    expect(await typed('--version')).toEqual({ code: 0, stdout: 'glasspost 9.8.7\n', stderr: '' });
  });

  it('is the manual too', () => {
    const file = path.resolve(import.meta.dirname, '../../../docs/cli.md');
    // Out of date? `node build/cli-manual.mjs` writes it again.
    expect(fs.readFileSync(file, 'utf8')).toBe(manual(commands));
  });
});

describe('wrong usage ends with 2 and the usage line', () => {
  it.each([
    [['frobnicate'], 'There is no command frobnicate.'],
    [['account'], 'account what?'],
    [['account', 'frobnicate'], 'account what?'],
    [['list'], 'MAILBOX is missing.'],
    [['list', 'INBOX', 'Sent'], '"Sent" is one argument too many.'],
    [['list', 'INBOX', '--frob'], "Unknown option '--frob'"],
    [['list', 'INBOX', '--limit'], '--limit'],
    [['list', 'INBOX', '--json=x'], '--json'],
    [['--profile', '', 'list', 'INBOX'], '--profile wants a folder.'],
    [['--frob', 'list', 'INBOX'], 'no command --frob'],
    [['move', '1'], 'MAILBOX is missing.'],
    [['flag', '1'], '+FLAG|-FLAG... is missing.'],
    [['sync', '--account'], '--account'],
    [['sync', '--account', 'a@b.example', '--account', 'c@d.example'], '--account is given twice'],
    [['practice', '--ports', 'many'], '--ports wants a whole number from 1.'],
    [['practice', '--ports', '65000'], '--ports is 64540 at most.'],
    [['outbox', 'retry'], 'ID is missing.'],
    [['help', 'frobnicate'], 'There is no command frobnicate.'],
  ])('%j', async (words, why) => {
    const { code, stdout, stderr } = await typed(...words);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(why);
    expect(stderr).toMatch(/^Usage: glasspost /mu);
  });
});

describe('the process', () => {
  it('ends with 0, 1 or 2', async () => {
    expect((await glasspost(['help'])).code).toBe(0);
    expect((await glasspost(['list'])).code).toBe(2);
    const nowhere = await glasspost(['--profile', '/dev/null/x', 'list', 'INBOX']);
    expect([nowhere.code, nowhere.stdout]).toEqual([1, '']);
    expect(nowhere.stderr).toMatch(/ENOTDIR|not a directory/u);
  });
});
