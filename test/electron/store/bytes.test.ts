import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quote, unquote } from '../../../electron/mbox/quote.ts';
import { NASTY } from './nasty.ts';
import { Bench, collected, incoming, letter } from './profile.ts';

// The same cases each time; another seed finds others.
fc.configureGlobal({ seed: 20_261_121 });

const sha256 = (bytes: Uint8Array | undefined) =>
  bytes ? createHash('sha256').update(bytes).digest('hex') : 'nothing';

describe('a message comes back as it was', () => {
  it.each(NASTY)('%s', (_about, bytes) => {
    const bench = new Bench();
    bench.take([incoming(1, letter('before')), incoming(2, bytes), incoming(3, letter('after'))]);
    const ids = bench.store.known(bench.inbox).map((one) => one.uid);
    expect(new Set(ids)).toEqual(new Set([1, 2, 3]));
    const read = () =>
      [1, 2, 3].map((uid) => {
        const [row] = bench.ask<{ id: number; size: number }>(
          'SELECT id, size FROM message WHERE uid = ?',
          uid,
        );
        return [sha256(bench.store.raw(row?.id as never)), row?.size];
      });
    const expected = [letter('before'), bytes, letter('after')].map((one) => [sha256(one), one.length]);
    expect(read()).toEqual(expected);
    bench.reopen();
    expect(read()).toEqual(expected);
  });

  it('all of them in one batch, more than the kernel takes at once', () => {
    const bench = new Bench('pop3');
    const all = Array.from({ length: 700 }, (_one, at) => letter(`number ${at}`));
    bench.take([...all, ...NASTY.map(([, bytes]) => bytes)].map((bytes, at) => collected(`u${at}`, bytes)));
    const found = bench.ids().map((id) => sha256(bench.store.raw(id)));
    expect(found.toSorted()).toEqual([...all, ...NASTY.map(([, bytes]) => bytes)].map(sha256).toSorted());
  });

  it('whatever it is', () => {
    const bench = new Bench('pop3');
    const scrap = fc.constantFrom('From ', '>', '\n', '\r\n', '\r', 'a', 'From', ' ', '\n>From ', '\0');
    const message = fc.oneof(
      fc.array(scrap, { maxLength: 20 }).map((parts) => Buffer.from(parts.join(''))),
      fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
    );
    let count = 0;
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 5 }), (messages) => {
        const before = new Set(bench.ids());
        bench.take(
          messages.map((bytes) => {
            count += 1;
            return collected(`p${count}`, bytes);
          }),
        );
        const added = bench.ids().filter((id) => !before.has(id));
        const found = added.map((id) => sha256(bench.store.raw(id)));
        expect(found.toSorted()).toEqual(messages.map(sha256).toSorted());
      }),
      { numRuns: 150 },
    );
  });
});

describe('mboxrd quoting', () => {
  it('is undone exactly, and leaves no line that begins a message', () => {
    const scrap = fc.constantFrom('From ', '>', '\n', '\r\n', 'a', 'From');
    fc.assert(
      fc.property(fc.array(scrap, { maxLength: 30 }), (parts) => {
        const raw = Buffer.from(parts.join(''));
        const quoted = quote(raw);
        expect(quoted.toString()).not.toMatch(/^From /mu);
        expect(unquote(quoted).equals(raw)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

const python = (() => {
  try {
    execFileSync('python3', ['-c', 'import mailbox'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe('the files are mbox for others', () => {
  it.skipIf(!python)('as Python reads them', () => {
    const bench = new Bench('pop3');
    const all = [...NASTY.filter(([about]) => about !== '5 MB').map(([, bytes]) => bytes), letter('last')];
    bench.take(all.slice(0, 10).map((bytes, at) => collected(`a${at}`, bytes)));
    bench.take(all.slice(10).map((bytes, at) => collected(`b${at}`, bytes)));
    const [file = ''] = bench.segments();
    const script =
      'import mailbox,json,sys\nbox=mailbox.mbox(sys.argv[1],create=False)\nprint(json.dumps([box.get_bytes(k).hex() for k in box.keys()]))';
    const found = JSON.parse(execFileSync('python3', ['-c', script, file], { encoding: 'utf8' })) as string[];
    expect(found).toHaveLength(all.length);
    found.forEach((hex, at) => {
      const text = Buffer.from(hex, 'hex')
        .toString('latin1')
        .replace(/^>(>*From )/gmu, '$1');
      // A message without a final line end gets one in any mbox.
      const given = all[at]?.toString('latin1') ?? '';
      expect([given, `${given}\n`]).toContain(text);
    });
  });

  it('each message is named by its size and hash', () => {
    const bench = new Bench('pop3');
    const bytes = letter('x', { body: 'From me\r\n' });
    bench.take([collected('a', bytes)]);
    const [file = ''] = bench.segments();
    const first = readFileSync(file, 'latin1').split('\n')[0];
    expect(first).toMatch(/^From \S+ [A-Z][a-z]{2} [A-Z][a-z]{2} \d{2} \d{2}:\d{2}:\d{2} \d{4}$/u);
    expect(first).toContain(`From ${bytes.length}.${sha256(bytes)}@`);
  });

  it('only their owner may read them', () => {
    const bench = new Bench('pop3');
    bench.take([collected('a', letter('x'))]);
    const [file = ''] = bench.segments();
    const modes =
      process.platform === 'win32'
        ? [0o600, 0o700]
        : [file, dirname(file)].map((path) => statSync(path).mode & 0o777);
    expect(modes).toEqual([0o600, 0o700]);
  });
});

describe('after a crash', () => {
  const torn = (file: string) => readdirSync(dirname(file)).filter((name) => name.includes('.torn-'));

  it.each([
    ['garbage', Buffer.from('half a mess')],
    [
      'a whole message that was never committed',
      Buffer.concat([Buffer.from('From x@y Sat\n'), letter('lost'), Buffer.from('\n')]),
    ],
    ['zeros', Buffer.alloc(5000)],
  ])('a tail of %s is set aside, and what comes next reads back', (_about, tail) => {
    const bench = new Bench();
    bench.take([incoming(1, letter('one'))]);
    bench.store.close();
    const [file = ''] = bench.segments();
    const sound = readFileSync(file);
    appendFileSync(file, tail);
    bench.reopen();
    bench.take([incoming(2, letter('two')), incoming(3, letter('three'))]);
    expect(bench.ids().map((id) => bench.raw(id))).toEqual(
      ['three', 'two', 'one'].map((name) => letter(name).toString()),
    );
    expect(torn(file)).toHaveLength(1);
    expect(readFileSync(join(dirname(file), torn(file)[0] ?? '')).equals(tail)).toBe(true);
    expect(readFileSync(file).subarray(0, sound.length).equals(sound)).toBe(true);
    expect(readFileSync(file, 'latin1')).not.toContain('half a mess');
  });

  it('a file from before the first commit is not taken for mail', () => {
    const bench = new Bench();
    bench.take([incoming(1, letter('one'))]);
    const [file = ''] = bench.segments();
    const other = join(dirname(file), '0002.mbox');
    writeFileSync(other, 'somebody else');
    expect(bench.raw(bench.ids()[0])).toBe(letter('one').toString());
    expect(readFileSync(other, 'utf8')).toBe('somebody else');
  });

  it('a transaction that fails leaves no message behind, in the index or in the file', () => {
    const bench = new Bench();
    bench.take([incoming(1, letter('one'))]);
    // No server says 1.5: it stands for whatever SQLite may refuse.
    expect(() => bench.take([incoming(1.5, letter('never'))])).toThrow(/INTEGER/u);
    bench.take([incoming(2, letter('two'))]);
    expect(bench.ids().map((id) => bench.raw(id))).toEqual([
      letter('two').toString(),
      letter('one').toString(),
    ]);
    const [file = ''] = bench.segments();
    expect(readFileSync(file, 'latin1').match(/^From /gmu)).toHaveLength(2);
    expect(readFileSync(file, 'latin1')).not.toContain('Subject: never');
  });

  it('a file that was cut short is left alone, and new mail goes to a new one', () => {
    const bench = new Bench();
    bench.take([incoming(1, letter('one')), incoming(2, letter('two'))]);
    bench.store.close();
    const [file = ''] = bench.segments();
    truncateSync(file, statSync(file).size - 100);
    bench.reopen();
    bench.take([incoming(3, letter('three'))]);
    const [third, second, first] = bench.ids();
    expect(bench.raw(third)).toBe(letter('three').toString());
    expect(bench.raw(first)).toBe(letter('one').toString());
    expect(() => bench.raw(second)).toThrow(/shorter/u);
    expect(bench.segments()).toHaveLength(2);
  });

  it('a file that is taken away while it is open does not swallow new mail', () => {
    const bench = new Bench();
    bench.take([incoming(1, letter('one'))]);
    rmSync(bench.segments()[0] ?? '');
    bench.take([incoming(2, letter('two'))]);
    expect(bench.raw(bench.ids()[0])).toBe(letter('two').toString());
  });

  it('a file that is gone does not stop new mail', () => {
    const bench = new Bench();
    bench.take([incoming(1, letter('one'))]);
    bench.store.close();
    rmSync(bench.segments()[0] ?? '');
    bench.reopen();
    bench.take([incoming(2, letter('two'))]);
    expect(bench.raw(bench.ids()[0])).toBe(letter('two').toString());
    expect(() => bench.raw(bench.ids()[1])).toThrow(/ENOENT/u);
    expect(bench.segments().map((file) => existsSync(file))).toEqual([false, true]);
  });
});

/** Not every system has it. */
const STRACE = 'strace';

const strace = (() => {
  try {
    execFileSync(STRACE, ['-o', '/dev/null', 'true'], { stdio: 'ignore' });
    return process.platform === 'linux';
  } catch {
    return false;
  }
})();

describe('the order of commits', () => {
  it.skipIf(!strace)('bytes and folders are on disk before the row is', () => {
    const bench = new Bench('pop3');
    bench.store.close();
    const script = `
      import { openStore } from ${JSON.stringify(new URL('../../../electron/store/sqlite-store.ts', import.meta.url).href)};
      const store = openStore(${JSON.stringify(bench.profile)}, 'writer');
      const bytes = Buffer.from('Subject: x\\r\\n\\r\\nthe body\\r\\n');
      store.apply(${bench.inbox}, { added: [{ uidl: 'a', flags: [], received: 1, size: bytes.length, bytes, whole: true }], flags: [], removed: [] });
      store.close();
    `;
    const trace = join(bench.profile, 'trace');
    const calls = 'trace=openat,pwritev,pwrite64,write,writev,fsync,fdatasync';
    execFileSync(
      STRACE,
      ['-f', '-y', '-e', calls, '-o', trace, process.execPath, '--input-type=module', '-e', script],
      {
        stdio: 'pipe',
      },
    );
    const said = readFileSync(trace, 'utf8').split('\n');
    const first = (pattern: RegExp) => said.findIndex((line) => pattern.test(line));
    const last = (pattern: RegExp) => said.findLastIndex((line) => pattern.test(line));
    const written = last(/p?writev?(64)?\(\d+<[^>]*0001\.mbox>/u);
    const synced = last(/fdatasync\(\d+<[^>]*0001\.mbox>/u);
    const committed = last(/pwrite64\(\d+<[^>]*glasspost\.sqlite-wal>/u);
    const durable = last(/f(data)?sync\(\d+<[^>]*glasspost\.sqlite-wal>/u);
    expect(written).toBeGreaterThan(-1);
    expect(synced).toBeGreaterThan(written);
    expect(committed).toBeGreaterThan(synced);
    expect(durable).toBeGreaterThan(committed);
    // A new file is there after a power cut only if every new folder above it is.
    const account = bench.account.id;
    for (const folder of [`mail/${account}/${bench.inbox}`, `mail/${account}`, 'mail', '']) {
      const path = join(bench.profile, folder).replace(/\/$/u, '');
      const at = first(new RegExp(`fsync\\(\\d+<${path}>`, 'u'));
      expect(at, `the folder ${folder} is synced`).toBeGreaterThan(-1);
      expect(at).toBeLessThan(committed);
    }
  });
});
