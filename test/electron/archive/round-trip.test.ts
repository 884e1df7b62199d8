import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportMailbox } from '../../../electron/app/export.ts';
import { importMail } from '../../../electron/app/import.ts';
import type { ArchiveFormat } from '../../../electron/app/ports-store.ts';
import type { Flag } from '../../../shared/model/message.ts';
import type { MailboxId } from '../../../shared/model/ids.ts';
import { NASTY } from '../store/nasty.ts';
import { Bench, header, incoming, letter, NOW, temporary } from '../store/profile.ts';
import { portsOf } from './ports.ts';

const FORMATS: ArchiveFormat[] = ['mbox', 'maildir', 'eml'];
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Oldest first, as an export is: hash, flags, date in seconds. */
function contentOf(bench: Bench, mailbox = bench.inbox) {
  return bench.store.rows(bench.ids(mailbox).toReversed()).map((row) => ({
    hash: sha256(bench.store.raw(row.id) ?? Buffer.from('nothing')),
    flags: row.flags,
    date: Math.floor(row.date / 1000),
  }));
}

const EVERY: Flag[] = ['seen', 'flagged', 'answered', 'draft', 'deleted', 'forwarded'];

/** A mailbox with every kind of message and of flag; some without a date of their own, some of the same second. */
function nastyBench(): Bench {
  const bench = new Bench();
  const all = [...NASTY.map(([, bytes]) => bytes), ...[1, 2, 3].map((at) => letter(`plain ${at}`))];
  bench.take(
    all.map((bytes, at) =>
      incoming(at + 1, bytes, {
        received: NOW - 1000 * Math.floor(at / 3),
        flags: EVERY.filter((_one, bit) => (at & (1 << bit)) !== 0),
      }),
    ),
  );
  return bench;
}

describe.each(FORMATS)('out to %s and in again', (format) => {
  it('the same bytes, dates and order; flags where the format has them', async () => {
    const from = nastyBench();
    const target = join(temporary(), 'out');
    const done = await exportMailbox(portsOf(from.store), from.inbox, target, { format });
    expect(done).toMatchObject({ messages: NASTY.length + 3, problems: [], interrupted: false });
    const to = new Bench('pop3');
    const taken = await importMail(portsOf(to.store), target, to.inbox);
    expect(taken).toMatchObject({ added: NASTY.length + 3, skipped: 0, problems: [], interrupted: false });
    const expected = contentOf(from).map((one) => (format === 'eml' ? { ...one, flags: [] } : one));
    expect(contentOf(to)).toEqual(expected);
    expect(to.store.operations(to.account.id)).toEqual([]);
  });

  it('what is there is not taken in again, nor what an interrupted import has taken', async () => {
    const from = nastyBench();
    const target = join(temporary(), 'out');
    await exportMailbox(portsOf(from.store), from.inbox, target, { format });
    const ports = portsOf(from.store);
    const again = await importMail(ports, target, from.inbox);
    expect(again).toMatchObject({ added: 0, skipped: NASTY.length + 3 });
    const to = new Bench('pop3');
    const stop = new AbortController();
    stop.abort();
    const part = await importMail(portsOf(to.store), target, to.inbox, { signal: stop.signal });
    const seen: number[] = [];
    const rest = await importMail(portsOf(to.store), target, to.inbox, {
      progress: ({ done }) => seen.push(done),
    });
    expect(part.added + rest.added).toBe(NASTY.length + 3);
    expect(rest.skipped).toBe(part.added);
    expect(contentOf(to).map((one) => one.hash)).toEqual(contentOf(from).map((one) => one.hash));
    expect(seen.at(-1)).toBeGreaterThan(5 * 1024 * 1024);
  });

  it('an interrupted or failed export leaves nothing under the name asked for', async () => {
    const from = new Bench();
    from.take([1, 2, 3].map((uid) => incoming(uid, letter(`${uid}`))));
    const folder = temporary();
    const stop = new AbortController();
    const done = await exportMailbox(portsOf(from.store), from.inbox, join(folder, 'out'), {
      format,
      signal: stop.signal,
      progress: ({ done: count }) => {
        if (count === 2) stop.abort();
      },
    });
    expect(done).toMatchObject({ messages: 2, interrupted: true });
    // A Maildir has each letter or has it not.
    const left = format === 'maildir' ? ['cur', 'new', 'tmp'] : [];
    expect(readdirSync(format === 'maildir' ? join(folder, 'out') : folder).sort()).toEqual(left);
    const delivered = join(folder, 'out', 'cur');
    expect(existsSync(delivered) ? readdirSync(delivered) : []).toHaveLength(format === 'maildir' ? 2 : 0);
  });

  it('only a header here is a problem by name, or is fetched', async () => {
    const from = new Bench();
    const bytes = letter('far away');
    from.take([header(1, bytes), incoming(2, letter('near'))]);
    const ports = portsOf(from.store);
    const without = await exportMailbox(ports, from.inbox, join(temporary(), 'out'), { format });
    expect(without).toMatchObject({ messages: 1, problems: [{ name: 'far away' }] });
    const target = join(temporary(), 'out');
    const done = await exportMailbox(ports, from.inbox, target, { format, fetch: async () => bytes });
    expect(done).toMatchObject({ messages: 2, problems: [] });
    const to = new Bench('pop3');
    await importMail(portsOf(to.store), target, to.inbox);
    expect(
      to.store
        .rows(to.ids())
        .map((row) => row.subject)
        .toSorted(),
    ).toEqual(['far away', 'near']);
  });
});

describe('targets', () => {
  it.each(['mbox', 'eml'] as const)('a file or folder that is there is left as it is: %s', async (format) => {
    const from = new Bench();
    from.take([incoming(1, letter('one'))]);
    const file = join(temporary(), 'file');
    writeFileSync(file, 'precious');
    const folder = temporary();
    writeFileSync(join(folder, 'precious'), '');
    for (const target of [file, folder])
      await expect(exportMailbox(portsOf(from.store), from.inbox, target, { format })).rejects.toThrow(
        /bad-request.*there already/u,
      );
    expect(readFileSync(file, 'utf8')).toBe('precious');
    expect(readdirSync(folder)).toEqual(['precious']);
  });

  it('a Maildir is added to, anything else is not', async () => {
    const from = new Bench();
    from.take([incoming(1, letter('one'))]);
    const ports = portsOf(from.store);
    const target = join(temporary(), 'out');
    await exportMailbox(ports, from.inbox, target, { format: 'maildir' });
    await exportMailbox(ports, from.inbox, target, { format: 'maildir' });
    expect(readdirSync(join(target, 'cur'))).toHaveLength(2);
    const other = temporary();
    writeFileSync(join(other, 'x'), '');
    await expect(exportMailbox(ports, from.inbox, other, { format: 'maildir' })).rejects.toThrow(
      /no Maildir/u,
    );
    expect(existsSync(join(other, 'cur'))).toBe(false);
  });

  it('a name that is taken meanwhile is not overwritten', async () => {
    const from = new Bench();
    from.take([incoming(1, letter('one'))]);
    const target = join(temporary(), 'out');
    await expect(
      exportMailbox(portsOf(from.store), from.inbox, target, {
        format: 'mbox',
        progress: () => writeFileSync(target, 'precious'),
      }),
    ).rejects.toThrow(/there already/u);
    expect(readFileSync(target, 'utf8')).toBe('precious');
    expect(readdirSync(join(target, '..'))).toEqual(['out']);
  });

  it.skipIf(process.platform === 'win32')('only their owner may read what was written', async () => {
    const from = new Bench();
    from.take([incoming(1, letter('one'))]);
    const target = join(temporary(), 'out');
    await exportMailbox(portsOf(from.store), from.inbox, target, { format: 'mbox' });
    expect(statSync(target).mode & 0o777).toBe(0o600);
  });
});

describe('into an account', () => {
  it('with a server: each letter is an operation of its own, its date and flags kept', async () => {
    const bench = new Bench('imap');
    const folder = join(temporary(), 'in');
    mkdirSync(join(folder, 'cur'), { recursive: true });
    mkdirSync(join(folder, 'new'));
    writeFileSync(join(folder, 'cur', '1.a:2,FS'), letter('one'));
    writeFileSync(join(folder, 'new', '2.b'), 'no header at all');
    await importMail(portsOf(bench.store), folder, bench.inbox);
    const rows = bench.store.rows(bench.ids());
    const one = rows.find((row) => row.subject === 'one');
    expect(one).toMatchObject({ flags: ['seen', 'flagged'], stored: true, date: Date.UTC(2026, 10, 21, 10) });
    expect(one).not.toHaveProperty('uid');
    expect(bench.store.operations(bench.account.id)).toMatchObject([
      { kind: 'append', keys: [one?.id] },
      { kind: 'append' },
    ]);
  });

  it('what the server has, and we have by its header, is not sent there again', async () => {
    const bench = new Bench('imap');
    const bytes = letter('one');
    bench.take([header(1, bytes)]);
    const file = join(temporary(), 'one.eml');
    writeFileSync(file, bytes);
    expect(await importMail(portsOf(bench.store), file, bench.inbox)).toMatchObject({
      added: 0,
      skipped: 1,
    });
  });

  it('what was deleted may come in again, what lies in another mailbox too', async () => {
    const bench = new Bench('imap');
    bench.take([incoming(1, letter('one'))]);
    const file = join(temporary(), 'one.eml');
    writeFileSync(file, letter('one'));
    const ports = portsOf(bench.store);
    expect(await importMail(ports, file, bench.role('archive').id)).toMatchObject({ added: 1 });
    bench.store.remove(bench.ids());
    expect(await importMail(ports, file, bench.inbox)).toMatchObject({ added: 1, skipped: 0 });
  });

  it('not into what is no mailbox', async () => {
    const bench = new Bench('imap');
    const file = join(temporary(), 'one.eml');
    writeFileSync(file, letter('one'));
    const ports = portsOf(bench.store);
    await expect(importMail(ports, file, 999 as MailboxId)).rejects.toThrow(/no such mailbox/u);
    const outbox = bench.store.roleMailbox(bench.account.id, 'outbox').mailbox.id;
    await expect(importMail(ports, file, outbox)).rejects.toThrow(/can’t hold/u);
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

describe.skipIf(!python)('others', () => {
  const run = (script: string, ...given: string[]) =>
    execFileSync('python3', ['-c', `import mailbox,json,sys,email\n${script}`, ...given], {
      encoding: 'utf8',
    });

  it('Python reads the mbox and the Maildir, with its flags', async () => {
    const from = new Bench();
    const bytes = [letter('one', { body: 'From me\n>From you\r\n' }), letter('two')];
    from.take(bytes.map((one, at) => incoming(at + 1, one, { flags: at === 0 ? ['seen', 'answered'] : [] })));
    const folder = temporary();
    for (const format of ['mbox', 'maildir'] as const)
      await exportMailbox(portsOf(from.store), from.inbox, join(folder, format), { format });
    const found = JSON.parse(
      run(
        `box=mailbox.mbox(sys.argv[1],create=False)
dir=mailbox.Maildir(sys.argv[2],create=False)
print(json.dumps([[box.get_bytes(k).decode() for k in box.keys()],[[dir.get_bytes(k).decode(),dir.get_message(k).get_flags(),int(dir.get_message(k).get_date())] for k in sorted(dir.keys())]]))`,
        join(folder, 'mbox'),
        join(folder, 'maildir'),
      ),
    ) as [string[], [string, string, number][]];
    const lines = (text: string) => text.replaceAll('\r\n', '\n');
    expect(found[0].map(lines)).toEqual(
      bytes.map((one) => lines(one.toString()).replace(/^(>*From )/gmu, '>$1')),
    );
    expect(found[1].map(([text, flags]) => [lines(text), flags])).toEqual([
      [lines(bytes[0]?.toString() ?? ''), 'RS'],
      [lines(bytes[1]?.toString() ?? ''), ''],
    ]);
    expect(found[1][0]?.[2]).toBe(Date.UTC(2026, 10, 21, 10) / 1000);
  });

  it('what Python wrote is read', async () => {
    const folder = temporary();
    run(
      `box=mailbox.mbox(sys.argv[1]); dir=mailbox.Maildir(sys.argv[2])
for at in range(3):
  text='Subject: number %d\\nMessage-ID: <%d@x>\\n\\nFrom here\\n\\nFrom there Sat Nov 21 10:00:00 2026\\n'%(at,at)
  m=mailbox.mboxMessage(text); m.set_flags('RAF'); m.set_from('a@b',True); box.add(m)
  d=mailbox.MaildirMessage(text); d.set_flags('FS'); d.set_subdir('cur'); dir.add(d)
box.close()`,
      join(folder, 'box'),
      join(folder, 'dir'),
    );
    for (const name of ['box', 'dir']) {
      const bench = new Bench('pop3');
      expect(await importMail(portsOf(bench.store), join(folder, name), bench.inbox)).toMatchObject({
        added: 3,
        kind: name === 'box' ? 'mboxrd' : 'maildir',
      });
      const rows = bench.store.rows(bench.ids());
      expect(rows.map((row) => row.subject).toSorted()).toEqual(['number 0', 'number 1', 'number 2']);
      expect(rows[0]?.flags).toEqual(name === 'box' ? ['seen', 'flagged', 'answered'] : ['seen', 'flagged']);
      expect(bench.raw(bench.ids()[0])).toContain('\n\nFrom here\n\nFrom there Sat Nov 21 10:00:00 2026\n');
    }
  });
});
