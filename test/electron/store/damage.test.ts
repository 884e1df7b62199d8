import { appendFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rebuildIndex } from '../../../electron/store/rebuild/rebuild.ts';
import { segmentFiles } from '../../../electron/store/segment-files.ts';
import { Bench, collected, incoming, letter } from './profile.ts';

const index = (profile: string) => join(profile, 'glasspost.sqlite');

describe('segments', () => {
  const segment = (bench: Bench) => bench.segments()[0] ?? '';

  function three(mode: 'imap' | 'pop3' = 'pop3'): Bench {
    const bench = new Bench(mode);
    bench.take(
      ['one', 'two', 'three'].map((name, at) =>
        mode === 'pop3'
          ? collected(name, letter(name, { body: 'From x\r\n' }))
          : incoming(at + 1, letter(name)),
      ),
    );
    return bench;
  }

  async function after(bench: Bench, spoil: (file: string, bytes: Buffer) => void) {
    const file = segment(bench);
    bench.store.close();
    rmSync(index(bench.profile));
    spoil(file, readFileSync(file));
    const report = await rebuildIndex(bench.profile);
    bench.reopen();
    const texts = bench.store.rows(bench.ids()).map((row) => [row.subject, bench.raw(row.id)] as const);
    return { report, texts, subjects: texts.map(([subject]) => subject).toSorted() };
  }

  it('a damaged letter is there, named, and fetched again', async () => {
    const bench = three();
    const { report, texts } = await after(bench, (file, bytes) => {
      bytes.write(
        'TWO',
        bytes.indexOf('two body') > 0 ? bytes.indexOf('two body') : bytes.indexOf('Subject: two') + 9,
      );
      writeFileSync(file, bytes);
    });
    expect(report.damaged).toMatchObject([{ subject: 'TWO', problem: 'wrong-hash', mailbox: 'INBOX' }]);
    expect(texts.find(([subject]) => subject === 'TWO')?.[1]).toBe(
      letter('two', { body: 'From x\r\n' }).toString().replace('Subject: two', 'Subject: TWO'),
    );
    // The server may have a good copy of it: it is not told to delete that.
    expect([...bench.uidls()].sort()).toEqual(['one', 'three']);
    expect(bench.store.verifyMessages(0).damaged).toMatchObject([{ subject: 'TWO' }]);
  });

  it('a letter whose line in front is damaged is there all the same', async () => {
    const bench = three();
    const { report, subjects } = await after(bench, (file, bytes) => {
      bytes.fill('x', bytes.indexOf('\nFrom ', 10) + 1, bytes.indexOf('\nFrom ', 10) + 20);
      writeFileSync(file, bytes);
    });
    expect(subjects).toEqual(['one', 'three', 'two']);
    expect(report.damaged).toMatchObject([{ subject: 'two', problem: 'unreadable' }]);
    expect(report.missing).toEqual([]);
  });

  it.each(['zeros', 'text'])('%s between letters are told, and what follows is found', async (kind) => {
    const bench = three();
    const between = kind === 'zeros' ? Buffer.alloc(5000) : Buffer.from('some words\nof others\n\n');
    const { report, subjects } = await after(bench, (file, bytes) => {
      const at = bytes.indexOf('\nFrom ', 10) + 1;
      // Places in the checkpoint are not those of the file any more.
      writeFileSync(
        file,
        Buffer.concat([bytes.subarray(0, at), between, Buffer.from('\n'), bytes.subarray(at)]),
      );
    });
    expect(subjects).toEqual(['one', 'three', 'two']);
    expect(report.strays).toMatchObject([{ length: between.length + 1 }]);
    expect(report).toMatchObject({ recovered: 0, missing: [], damaged: [] });
    expect(bench.uidls().size).toBe(3);
  });

  it('a file cut short: what is lost is named', async () => {
    const bench = three();
    const { report, subjects } = await after(bench, (file, bytes) =>
      truncateSync(file, bytes.lastIndexOf('\nFrom ') + 1),
    );
    expect(subjects).toEqual(['one', 'two']);
    expect(report.missing).toMatchObject([{ mailbox: 'INBOX' }]);
    expect([...bench.uidls()].sort()).toEqual(['one', 'two']);
    bench.take([collected('three', letter('three'))]);
    expect(bench.ids()).toHaveLength(3);
  });

  it('a file under another name, and one that another program put there', async () => {
    const bench = three();
    const { report, subjects } = await after(bench, (file) => {
      renameSync(file, join(dirname(file), '0003.mbox'));
      writeFileSync(
        join(dirname(file), 'friend.mbox'),
        'From friend@example.org Sat Nov 21 10:42:07 2026\nSubject: plain\n\n>From me\n\nFrom friend@example.org Sat Nov 21 10:43:07 2026\nSubject: second\n\nno end',
      );
    });
    expect(report.missing).toEqual([]);
    expect(bench.uidls().size).toBe(3);
    expect(subjects).toEqual(['one', 'plain', 'second', 'three', 'two']);
    expect(report.recovered).toBe(2);
    const plain = bench.store.rows(bench.ids()).find((row) => row.subject === 'plain');
    expect(bench.raw(plain?.id)).toBe('Subject: plain\n\nFrom me\n');
    // More mail goes into a file of ours, under a number that is free.
    bench.take([collected('four', letter('four'))]);
    expect(bench.ids()).toHaveLength(6);
    expect(bench.store.verifyMessages(0).damaged).toEqual([]);
    expect(readFileSync(join(dirname(segment(bench)), 'friend.mbox'), 'latin1')).toMatch(/no end$/u);
  });

  it('what was appended and never committed is not lost', async () => {
    const bench = three();
    const { report, subjects } = await after(bench, (file) => {
      const other = new Bench('pop3');
      other.take([collected('four', letter('four'))]);
      const [last = ''] = segmentFiles(other.profile);
      appendFileSync(file, readFileSync(join(other.profile, last)));
      other.store.close();
      appendFileSync(file, 'From 12.half');
    });
    expect(subjects).toEqual(['four', 'one', 'three', 'two']);
    expect(report.recovered).toBe(1);
    bench.take([collected('five', letter('five'))]);
    expect(bench.store.verifyMessages(0)).toMatchObject({ checked: 5, damaged: [] });
  });

  it('nothing but segments: letters are there, in an account of their own', async () => {
    const bench = three('imap');
    const { report } = await after(bench, () => rmSync(join(bench.profile, 'mail/checkpoint.jsonl')));
    expect(report).toMatchObject({ checkpoint: 'none', oldIndex: 'none', recovered: 3 });
    const [account] = bench.store.snapshot().accounts;
    expect(account).toMatchObject({ id: bench.account.id, mode: 'pop3', name: 'Recovered' });
    const { ids } = bench.store.order({
      kind: 'mailbox',
      mailbox: bench.store.snapshot().mailboxes.find((one) => one.path === 'Recovered')?.id as never,
    });
    expect(ids).toHaveLength(3);
    // A folder's number is never given to another mailbox.
    const next = bench.store.addAccount({ ...bench.account, email: 'new@example.org' }).account;
    expect(bench.store.roleMailbox(next.id, 'inbox').mailbox.id).toBeGreaterThan(bench.inbox);
  });
});
