import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Bench, collected, letter, NOW } from './profile.ts';

describe('POP3', () => {
  it('a message and its UIDL are kept together', () => {
    const bench = new Bench('pop3');
    bench.take([collected('a', letter('one')), collected('b', letter('two'))]);
    expect(bench.uidls()).toEqual(new Set(['a', 'b']));
    expect(bench.ids().map((id) => bench.row(id)?.uidl)).toEqual(['b', 'a']);
    bench.reopen();
    expect(bench.uidls()).toEqual(new Set(['a', 'b']));
  });

  it('a message that could not be kept leaves no UIDL', () => {
    const bench = new Bench('pop3');
    const wrong = { ...collected('bad', letter('bad')), flags: 7 as never };
    expect(() => bench.take([collected('good', letter('good')), wrong])).toThrow(/includes/u);
    expect(bench.uidls()).toEqual(new Set());
    expect(bench.ids()).toEqual([]);
  });

  it('what was collected is not collected twice', () => {
    const bench = new Bench('pop3');
    bench.take([collected('a', letter('one'))]);
    bench.take([collected('a', letter('one'))]);
    expect(bench.ids()).toHaveLength(1);
  });

  it('what is here from elsewhere, with the same bytes, is not collected a second time', () => {
    const bench = new Bench('pop3');
    const unnamed = Buffer.from('Subject: no name\r\n\r\nText\r\n');
    const letters = [letter('one'), unnamed].map((bytes) => ({ bytes, flags: [] }));
    bench.store.importLetters(bench.inbox, letters);
    bench.take([collected('a', letter('one')), collected('b', unnamed), collected('c', letter('two'))]);
    expect(bench.ids()).toHaveLength(3);
    expect(bench.uidls()).toEqual(new Set(['a', 'b', 'c']));
    expect(
      bench
        .ids()
        .map((id) => bench.row(id)?.uidl)
        .toSorted((a, b) => String(a).localeCompare(String(b))),
    ).toEqual(['a', 'b', 'c']);
    // It is known from then on, and a second one is a second one.
    bench.take([collected('a', letter('one')), collected('d', letter('one'))]);
    expect(bench.ids()).toHaveLength(4);
  });

  it('deleted here, it is still known and does not come back', () => {
    const bench = new Bench('pop3');
    bench.take([collected('a', letter('one'))]);
    bench.store.remove(bench.ids());
    bench.take([collected('a', letter('one'))]);
    expect(bench.ids()).toEqual([]);
    expect(bench.uidls()).toEqual(new Set(['a']));
  });

  it('two messages of one UIDL in one list are both kept', () => {
    const bench = new Bench('pop3');
    bench.take([collected('same', letter('one')), collected('same', letter('two'))]);
    expect(new Set(bench.ids().map((id) => bench.row(id)?.subject))).toEqual(new Set(['one', 'two']));
    bench.take([collected('same', letter('three')), collected('same', letter('two'))]);
    expect(bench.ids()).toHaveLength(3);
  });

  it('what the server confirmed is forgotten, and the letters stay', () => {
    const bench = new Bench('pop3', { leaveOnServer: 'never' });
    bench.take([collected('a', letter('one')), collected('b', letter('two'))]);
    bench.store.beginRemoval(bench.account.id, ['a', 'b']);
    bench.reopen();
    bench.store.forgetUidls(bench.account.id, ['a', 'unknown']);
    expect(bench.store.collectedUidls(bench.account.id)).toMatchObject([{ uidl: 'b', due: true }]);
    expect(bench.ids()).toHaveLength(2);
  });

  it('notes when and how large it was, whether it stays, and when the person deleted it', () => {
    const bench = new Bench('pop3');
    bench.take([
      { ...collected('a', letter('one')), received: 7, listed: 1000 },
      { ...collected('b', letter('two')), stays: true },
      collected('c', letter('three')),
    ]);
    const trash = bench.role('trash').id;
    const key = (uidl: string) => bench.ids().filter((id) => bench.row(id)?.uidl === uidl);
    bench.store.move(key('c'), trash);
    const so = () =>
      Object.fromEntries(bench.store.collectedUidls(bench.account.id).map((one) => [one.uidl, one]));
    expect(so()).toMatchObject({
      a: { held: 'whole', collected: 7, size: 1000, stays: false },
      b: { held: 'whole', stays: true },
    });
    expect(so()['c']?.deleted).toBeUndefined();
    bench.store.remove(bench.ids(trash));
    expect(so()['c']).toMatchObject({ held: 'nothing' });
    expect(so()['c']?.deleted).toBeGreaterThan(NOW - 1e12);
  });

  it('goes with its mailbox for good, but not with its account', () => {
    const bench = new Bench('pop3');
    const { mailbox } = bench.store.createMailbox(bench.account.id, 'Work');
    bench.take([collected('a', letter('one')), collected('b', letter('two'))], {}, mailbox);
    bench.store.move(bench.ids(mailbox).slice(0, 1), bench.inbox);
    bench.store.deleteMailbox(mailbox);
    const trashed = bench.store.mailboxes(bench.account.id).find((one) => one.name === 'Work');
    if (trashed) bench.store.deleteMailbox(trashed.id);
    const found = bench.store.collectedUidls(bench.account.id);
    expect(found.map((one) => [one.uidl, one.held, one.deleted !== undefined])).toEqual([
      ['a', 'nothing', true],
      ['b', 'whole', false],
    ]);
    bench.store.removeAccount(bench.account.id);
    expect(bench.ask('SELECT * FROM uidl')).toEqual([]);
  });

  it('without UIDL the bytes themselves are what is known', () => {
    const bench = new Bench('pop3');
    const all = [collected('', letter('one')), collected('', letter('two'))];
    bench.take(all);
    const [file = ''] = bench.segments();
    const size = statSync(file).size;
    bench.take([...all, collected('', letter('one'))]);
    expect(bench.ids()).toHaveLength(2);
    // Every round would add the whole mailbox to the file otherwise.
    expect(statSync(file).size).toBe(size);
    bench.take([collected('', letter('three'))]);
    expect(bench.ids()).toHaveLength(3);
  });

  it('what is damaged on the disk is not safe, and its good copy takes its place', () => {
    const bench = new Bench('pop3');
    bench.take([
      collected('a', letter('one')),
      collected('b', letter('two')),
      collected('c', letter('three')),
    ]);
    const { id } = bench.account;
    bench.store.remove(bench.ids().filter((key) => bench.row(key)?.uidl === 'c'));
    const [file = ''] = bench.segments();
    const bytes = readFileSync(file);
    bytes.write('TWO', bytes.indexOf('two body'));
    writeFileSync(file, bytes);
    const verified = bench.store.verifyUidls(id, ['a', 'b', 'c', 'unknown']);
    expect(verified.map((one) => [one.uidl, one.state, one.damaged.map((it) => it.problem)])).toEqual([
      ['a', 'sound', []],
      ['b', 'unsafe', ['wrong-hash']],
      ['c', 'deleted', []],
      ['unknown', 'unsafe', []],
    ]);
    const keys = bench.ids();
    bench.store.forgetUidls(id, ['a', 'b']);
    // The server still has both: only what is damaged is stored once more, in the same row.
    bench.take([collected('a', letter('one')), collected('b', letter('two'))]);
    expect(bench.ids()).toEqual(keys);
    expect(bench.store.verifyUidls(id, ['a', 'b']).map((one) => one.state)).toEqual(['sound', 'sound']);
    expect(bench.store.verifyMessages(0).damaged).toEqual([]);
  });

  it('of a header the rest is put into the same row, wherever the person has moved it', () => {
    const bench = new Bench('pop3');
    const { id } = bench.account;
    const bytes = letter('large');
    const head = { ...collected('a', bytes.subarray(0, -8)), size: bytes.length, whole: false };
    bench.take([head]);
    bench.take([head]);
    expect(bench.ids().map((key) => bench.row(key))).toMatchObject([{ stored: false, size: bytes.length }]);
    expect(bench.store.collectedUidls(id)).toMatchObject([{ uidl: 'a', held: 'header' }]);
    expect(bench.store.verifyUidls(id, ['a'])).toMatchObject([{ state: 'unsafe' }]);
    const trash = bench.role('trash').id;
    bench.store.move(bench.ids(), trash);
    bench.take([collected('a', bytes)]);
    expect(bench.ids()).toEqual([]);
    expect(bench.raw(bench.ids(trash)[0])).toBe(bytes.toString('latin1'));
    expect(bench.store.collectedUidls(id)).toMatchObject([{ uidl: 'a', held: 'whole' }]);
  });

  it('accounts do not know of one another', () => {
    const bench = new Bench('pop3');
    const other = bench.store.addAccount({ ...bench.account, email: 'b@example.org' }).account;
    const inbox = bench.store.roleMailbox(other.id, 'inbox').mailbox.id;
    bench.take([collected('a', letter('one'))]);
    bench.take([collected('a', letter('one'))], {}, inbox);
    expect(bench.ids(inbox)).toHaveLength(1);
    bench.store.forgetUidls(other.id, ['a']);
    expect(bench.uidls()).toEqual(new Set(['a']));
  });

  it('has its folders from the start', () => {
    const bench = new Bench('pop3');
    expect(bench.store.mailboxes(bench.account.id).map((one) => one.role)).toEqual([
      'inbox',
      'sent',
      'trash',
    ]);
  });
});
