import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Bench, collected, letter } from './profile.ts';

describe('POP3', () => {
  it('a message and its UIDL are kept together', () => {
    const bench = new Bench('pop3');
    bench.take([collected('a', letter('one')), collected('b', letter('two'))]);
    expect(bench.store.knownUidls(bench.account.id)).toEqual(new Set(['a', 'b']));
    expect(bench.ids().map((id) => bench.row(id)?.uidl)).toEqual(['b', 'a']);
    bench.reopen();
    expect(bench.store.knownUidls(bench.account.id)).toEqual(new Set(['a', 'b']));
  });

  it('a message that could not be kept leaves no UIDL', () => {
    const bench = new Bench('pop3');
    const wrong = { ...collected('bad', letter('bad')), flags: 7 as never };
    expect(() => bench.take([collected('good', letter('good')), wrong])).toThrow(/includes/u);
    expect(bench.store.knownUidls(bench.account.id)).toEqual(new Set());
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
    expect(bench.store.knownUidls(bench.account.id)).toEqual(new Set(['a', 'b', 'c']));
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
    expect(bench.store.knownUidls(bench.account.id)).toEqual(new Set(['a']));
  });

  it('two messages of one UIDL in one list are both kept', () => {
    const bench = new Bench('pop3');
    bench.take([collected('same', letter('one')), collected('same', letter('two'))]);
    expect(new Set(bench.ids().map((id) => bench.row(id)?.subject))).toEqual(new Set(['one', 'two']));
    bench.take([collected('same', letter('three')), collected('same', letter('two'))]);
    expect(bench.ids()).toHaveLength(3);
  });

  it('stays on the server, or is due to go', () => {
    const leave = new Bench('pop3', { leaveOnServer: true });
    leave.take([collected('a', letter('one'))]);
    expect(leave.store.dueUidls(leave.account.id)).toEqual([]);
    const clear = new Bench('pop3', { leaveOnServer: false });
    clear.take([collected('a', letter('one')), collected('b', letter('two'))]);
    expect(clear.store.dueUidls(clear.account.id)).toEqual(['a', 'b']);
    clear.reopen();
    clear.store.forgetUidls(clear.account.id, ['a', 'unknown']);
    expect(clear.store.dueUidls(clear.account.id)).toEqual(['b']);
    expect(clear.store.knownUidls(clear.account.id)).toEqual(new Set(['b']));
    expect(clear.ids()).toHaveLength(2);
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

  it('accounts do not know of one another', () => {
    const bench = new Bench('pop3');
    const other = bench.store.addAccount({ ...bench.account, email: 'b@example.org' }).account;
    const inbox = bench.store.roleMailbox(other.id, 'inbox').mailbox.id;
    bench.take([collected('a', letter('one'))]);
    bench.take([collected('a', letter('one'))], {}, inbox);
    expect(bench.ids(inbox)).toHaveLength(1);
    bench.store.forgetUidls(other.id, ['a']);
    expect(bench.store.knownUidls(bench.account.id)).toEqual(new Set(['a']));
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
