import { appendFileSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyMail } from '../../../electron/app/verify.ts';
import { portsOf } from '../archive/ports.ts';
import { NASTY } from './nasty.ts';
import { Bench, collected, incoming, letter } from './profile.ts';

function verify(bench: Bench, options = {}) {
  return verifyMail(portsOf(bench.store), options);
}

/** Writes over some bytes of a message where it is stored. */
function spoil(file: string, text: string, by: string): void {
  const bytes = readFileSync(file);
  bytes.write(by, bytes.indexOf(text), 'latin1');
  writeFileSync(file, bytes);
}

describe('verify', () => {
  it('what is sound is sound, whatever it is', async () => {
    const bench = new Bench('pop3');
    bench.take(NASTY.map(([, bytes], at) => collected(`u${at}`, bytes)));
    const seen: number[] = [];
    const found = await verify(bench, { progress: ({ total }: { total: number }) => seen.push(total) });
    expect(found).toMatchObject({ checked: NASTY.length, damaged: [], segments: [], interrupted: false });
    expect(found.bytes).toBeGreaterThan(5 * 1024 * 1024);
    expect(new Set(seen)).toEqual(new Set([NASTY.length]));
  });

  it('goes in steps and can be stopped between them', async () => {
    const bench = new Bench('pop3');
    bench.take(Array.from({ length: 1100 }, (_one, at) => collected(`u${at}`, letter(`${at}`))));
    const stop = new AbortController();
    const steps: number[] = [];
    const found = await verify(bench, {
      signal: stop.signal,
      progress: ({ checked }: { checked: number }) => {
        steps.push(checked);
        if (checked === 1000) stop.abort();
      },
    });
    expect(steps).toEqual([500, 1000]);
    expect(found).toMatchObject({ checked: 1000, interrupted: true });
    expect((await verify(bench)).checked).toBe(1100);
  });

  it('names each damaged message and what is wrong with it', async () => {
    const bench = new Bench();
    bench.take([1, 2, 3].map((uid) => incoming(uid, letter(`number ${uid}`, { body: 'From x\r\n' }))));
    const [file = ''] = bench.segments();
    spoil(file, 'number 2', 'Number 2');
    spoil(file, '>From x', '-From x');
    const { damaged } = await verify(bench);
    const [, second, first] = bench.ids();
    expect(damaged).toMatchObject([
      { id: first, subject: 'number 1', problem: 'wrong-length' },
      {
        id: second,
        account: bench.account.id,
        mailbox: 'INBOX',
        subject: 'number 2',
        messageId: '<number.2@example.org>',
        segment: file.slice(bench.profile.length + 1),
        problem: 'wrong-hash',
      },
    ]);
    expect(damaged[1]?.offset).toBeGreaterThan(100);
  });

  it('a file that is short, gone, longer or unknown', async () => {
    const bench = new Bench('pop3');
    bench.take([collected('a', letter('one')), collected('b', letter('two'))]);
    const [file = ''] = bench.segments();
    const segment = file.slice(bench.profile.length + 1);
    const whole = readFileSync(file);
    truncateSync(file, whole.length - 10);
    expect(await verify(bench)).toMatchObject({
      damaged: [{ subject: 'two', problem: 'file-too-short' }],
      segments: [{ segment, problem: 'too-short', expected: whole.length, found: whole.length - 10 }],
    });
    renameSync(file, join(file, '..', '0007.mbox'));
    expect(await verify(bench)).toMatchObject({
      damaged: [{ problem: 'file-missing' }, { problem: 'file-missing' }],
      segments: [
        { segment, problem: 'missing', found: 0 },
        { segment: segment.replace('0001', '0007'), problem: 'unknown-file' },
      ],
    });
    renameSync(join(file, '..', '0007.mbox'), file);
    writeFileSync(file, whole);
    appendFileSync(file, 'tail');
    expect(await verify(bench)).toMatchObject({
      damaged: [],
      segments: [{ segment, problem: 'unknown-tail', found: whole.length + 4 }],
    });
  });
});
