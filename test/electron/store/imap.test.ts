import { describe, expect, it } from 'vitest';
import type { Flag } from '../../../shared/model/message.ts';
import type { MessageKey } from '../../../shared/model/ids.ts';
import { Bench, header, incoming, letter, NOW } from './profile.ts';

const subjects = (bench: Bench, mailbox = bench.inbox) =>
  bench.store.rows(bench.ids(mailbox)).map((row) => row.subject);

describe('what a server tells', () => {
  it('a whole message is there at once, with all that a row shows', () => {
    const bench = new Bench();
    const bytes = letter('one');
    const delta = bench.take([
      incoming(7, bytes, { flags: ['seen', 'flagged'], digest: { snippet: 'hello', attachments: 2 } }),
    ]);
    const [row] = bench.store.rows(bench.ids());
    expect(row).toMatchObject({
      account: bench.account.id,
      mailbox: bench.inbox,
      messageId: '<one@example.org>',
      subject: 'one',
      from: [{ name: 'Oleg', address: 'oleg@example.org' }],
      to: [{ name: '', address: 'vera@example.org' }],
      date: Date.UTC(2026, 10, 21, 10),
      size: bytes.length,
      flags: ['seen', 'flagged'],
      snippet: 'hello',
      attachments: 2,
      stored: true,
      uid: 7,
    });
    expect(delta.messages).toEqual([row]);
    expect(delta.mailboxes).toMatchObject([{ id: bench.inbox, total: 1, unread: 0 }]);
  });

  it('the header first, the body later: one row', () => {
    const bench = new Bench();
    const bytes = letter('one');
    bench.take([header(1, bytes, { flags: ['flagged'] })]);
    const [id] = bench.ids();
    expect(bench.row(id)).toMatchObject({ stored: false, size: bytes.length, flags: ['flagged'] });
    expect(bench.raw(id)).toBeUndefined();
    expect(bench.store.bodiless(bench.inbox, 10)).toEqual([{ uid: 1, size: bytes.length }]);
    bench.take([incoming(1, bytes, { digest: { snippet: 'x', attachments: 0 } })]);
    expect(bench.ids()).toEqual([id]);
    expect(bench.row(id)).toMatchObject({ stored: true, snippet: 'x', attachments: 0, flags: ['flagged'] });
    expect(bench.raw(id)).toBe(bytes.toString());
    expect(bench.store.bodiless(bench.inbox, 10)).toEqual([]);
  });

  it('bodies are asked for newest first', () => {
    const bench = new Bench();
    bench.take([3, 1, 9, 5].map((uid) => header(uid, letter(`${uid}`))));
    expect(bench.store.bodiless(bench.inbox, 3).map((one) => one.uid)).toEqual([9, 5, 3]);
  });

  it('a UID that comes twice is stored once', () => {
    const bench = new Bench();
    bench.take([incoming(1, letter('one')), incoming(1, letter('one')), incoming(2, letter('two'))]);
    bench.take([incoming(1, letter('one')), header(2, letter('two'))]);
    expect(bench.ids()).toHaveLength(2);
    expect(bench.mailbox(bench.inbox)).toMatchObject({ total: 2, unread: 2 });
  });

  it('a whole message is never replaced by another of the same UID', () => {
    const bench = new Bench();
    bench.take([incoming(1, letter('one'))]);
    bench.take([incoming(1, letter('other'))]);
    expect(bench.raw(bench.ids()[0])).toBe(letter('one').toString());
  });

  it('flags, both ways', () => {
    const bench = new Bench();
    bench.take([incoming(1, letter('one')), incoming(2, letter('two'), { flags: ['seen'] })]);
    const all: Flag[] = ['seen', 'flagged', 'answered', 'draft', 'deleted', 'forwarded'];
    const delta = bench.take([], {
      flags: [
        { uid: 1, flags: all },
        { uid: 2, flags: [] },
        { uid: 99, flags: all },
      ],
    });
    expect(delta.messages?.map((row) => row.flags)).toEqual([all, []]);
    expect(bench.mailbox(bench.inbox)).toMatchObject({ total: 2, unread: 1 });
    expect(bench.take([], { flags: [{ uid: 2, flags: [] }] })).toEqual({});
  });

  it('removed UIDs', () => {
    const bench = new Bench();
    bench.take([1, 2, 3].map((uid) => incoming(uid, letter(`${uid}`))));
    const gone = bench.ids()[1];
    const delta = bench.take([], { removed: [2, 77] });
    expect(delta.messagesRemoved).toEqual([gone]);
    expect(subjects(bench)).toEqual(['3', '1']);
    expect(bench.store.mark(bench.inbox)).toMatchObject({ count: 2, maxUid: 3 });
  });

  it('the cursor', () => {
    const bench = new Bench();
    expect(bench.store.mark(bench.inbox)).toEqual({ cursor: undefined, count: 0, maxUid: 0 });
    bench.take([incoming(5, letter('x'))], {
      cursor: { uidValidity: 4_294_967_295, highestModseq: '9223372036854775807' },
    });
    expect(bench.store.mark(bench.inbox)).toEqual({
      cursor: { uidValidity: 4_294_967_295, highestModseq: '9223372036854775807' },
      count: 1,
      maxUid: 5,
    });
    bench.take([], { cursor: { uidValidity: 1 } });
    expect(bench.store.mark(bench.inbox).cursor).toEqual({ uidValidity: 1 });
  });

  it('a mailbox that is gone by now takes nothing and breaks nothing', () => {
    const bench = new Bench();
    bench.store.removeAccount(bench.account.id);
    expect(bench.take([incoming(1, letter('one'))])).toEqual({});
  });

  it('dates that are absurd sort by arrival', () => {
    const bench = new Bench();
    const dated = (date: string) => Buffer.from(`Subject: ${date}\r\nDate: ${date}\r\n\r\n`);
    bench.take([
      incoming(1, dated('Fri, 31 Dec 9999 23:59:59 +0000')),
      incoming(2, dated('garbage')),
      incoming(3, dated('Mon, 01 Jan 1900 00:00:00 +0000')),
      incoming(4, dated('Fri, 20 Nov 2026 00:00:00 +0000')),
    ]);
    expect(bench.store.rows(bench.ids()).map((row) => row.date)).toEqual([
      NOW,
      NOW,
      NOW,
      Date.UTC(2026, 10, 20),
    ]);
  });

  it('an arrival that is no date does not hold up the others', () => {
    const bench = new Bench();
    bench.take([
      incoming(1, Buffer.from('Subject: x\r\n\r\n'), { received: Number.NaN }),
      incoming(2, letter('two')),
    ]);
    expect(bench.ids()).toHaveLength(2);
    for (const row of bench.store.rows(bench.ids())) expect(Number.isFinite(row.date)).toBe(true);
  });
});

describe('UIDVALIDITY changed', () => {
  it('bodies stay, and are found again by Message-ID and size', () => {
    const bench = new Bench();
    bench.take([incoming(1, letter('one'), { flags: ['flagged'] }), incoming(2, letter('two'))], {
      cursor: { uidValidity: 1 },
    });
    const before = bench.ids();
    bench.take([], { reset: true });
    expect(bench.store.mark(bench.inbox)).toEqual({ cursor: undefined, count: 0, maxUid: 0 });
    expect(bench.ids()).toEqual(before);
    bench.take([header(11, letter('one')), header(12, letter('two')), header(13, letter('three'))], {
      cursor: { uidValidity: 2 },
    });
    expect(bench.ids()).toHaveLength(3);
    expect(bench.store.known(bench.inbox).map((one) => one.uid)).toEqual([11, 12, 13]);
    expect(before.map((id) => bench.row(id)?.uid)).toEqual([12, 11]);
    expect(before.map((id) => bench.raw(id))).toEqual([letter('two').toString(), letter('one').toString()]);
    expect(bench.store.bodiless(bench.inbox, 10).map((one) => one.uid)).toEqual([13]);
  });

  it('a header whose message the server no longer has goes once the mailbox was met whole', () => {
    const bench = new Bench();
    bench.take([incoming(1, letter('kept')), header(2, letter('gone'))], { cursor: { uidValidity: 1 } });
    bench.take([], { reset: true });
    expect(bench.ids()).toHaveLength(2);
    const delta = bench.take([], { cursor: { uidValidity: 2 } });
    expect(delta.messagesRemoved).toHaveLength(1);
    expect(bench.store.rows(bench.ids()).map((row) => row.subject)).toEqual(['kept']);
  });

  it('another size is another message', () => {
    const bench = new Bench();
    bench.take([incoming(1, letter('one'))]);
    bench.take([header(1, letter('one', { body: 'changed, and longer\r\n' }))], { reset: true });
    expect(bench.ids()).toHaveLength(2);
  });
});

describe('what the person does waits for the server', () => {
  function two(): { bench: Bench; first: MessageKey; second: MessageKey } {
    const bench = new Bench();
    bench.take([incoming(1, letter('one')), incoming(2, letter('two'))]);
    const [second, first] = bench.ids();
    if (!first || !second) throw new Error('two messages were stored');
    return { bench, first, second };
  }

  it('a flag is seen at once and told once', () => {
    const { bench, first, second } = two();
    const delta = bench.store.flag([first, second], ['seen'], []);
    expect(delta.messages).toHaveLength(2);
    expect(delta.mailboxes).toMatchObject([{ unread: 0, total: 2 }]);
    expect(bench.store.operations(bench.account.id)).toMatchObject([
      { kind: 'flag', keys: [first, second], set: ['seen'], clear: [], attempts: 0 },
    ]);
    expect(bench.store.flag([first], ['seen'], ['flagged'])).toEqual({});
    expect(bench.store.operations(bench.account.id)).toHaveLength(1);
    expect(bench.store.places([first, second])).toEqual([
      { key: first, mailbox: bench.inbox, path: 'INBOX', uid: 1 },
      { key: second, mailbox: bench.inbox, path: 'INBOX', uid: 2 },
    ]);
  });

  it('a pending flag wins over the server’s until the server was told', () => {
    const { bench, first, second } = two();
    bench.store.flag([first], ['flagged'], []);
    const [operation] = bench.store.operations(bench.account.id);
    bench.take([], { flags: [1, 2].map((uid) => ({ uid, flags: ['seen'] })) });
    expect(bench.row(first)?.flags).toEqual(['flagged']);
    expect(bench.row(second)?.flags).toEqual(['seen']);
    bench.store.finishOperation(operation?.id ?? 0, []);
    bench.take([], { flags: [{ uid: 1, flags: ['seen', 'flagged'] }] });
    expect(bench.row(first)?.flags).toEqual(['seen', 'flagged']);
    expect(bench.store.operations(bench.account.id)).toEqual([]);
  });

  it('survives the end of the program', () => {
    const { bench, first } = two();
    bench.store.flag([first], ['answered'], []);
    bench.reopen();
    expect(bench.row(first)?.flags).toEqual(['answered']);
    expect(bench.store.operations(bench.account.id)).toMatchObject([{ kind: 'flag', keys: [first] }]);
  });

  it('a move is seen at once; the UID it gets is kept', () => {
    const { bench, first } = two();
    const archive = bench.role('archive').id;
    const delta = bench.store.move([first], archive);
    expect(delta.mailboxes).toMatchObject([
      { id: bench.inbox, total: 1 },
      { id: archive, total: 1, unread: 1 },
    ]);
    expect(subjects(bench, archive)).toEqual(['one']);
    const [operation] = bench.store.operations(bench.account.id);
    expect(operation).toMatchObject({ kind: 'move', keys: [first], to: archive });
    expect(bench.store.places([first])).toMatchObject([{ path: 'INBOX', uid: 1 }]);
    bench.store.finishOperation(operation?.id ?? 0, [{ key: first, mailbox: archive, uid: 55 }]);
    expect(bench.store.places([first])).toMatchObject([{ path: 'Archive', uid: 55 }]);
    expect(bench.store.known(bench.inbox).map((one) => one.uid)).toEqual([2]);
    expect(bench.store.known(archive).map((one) => one.uid)).toEqual([55]);
    expect(bench.raw(first)).toBe(letter('one').toString());
    expect(bench.store.move([first], archive)).toEqual({});
  });

  it('a move without a UID: the next sync finds the message', () => {
    const { bench, first } = two();
    const archive = bench.role('archive').id;
    bench.store.move([first], archive);
    const [operation] = bench.store.operations(bench.account.id);
    bench.store.finishOperation(operation?.id ?? 0, [{ key: first, mailbox: archive }]);
    expect(bench.store.places([first])).toEqual([]);
    bench.take([header(3, letter('one'))], {}, archive);
    expect(bench.ids(archive)).toEqual([first]);
    expect(bench.row(first)).toMatchObject({ uid: 3, stored: true });
  });

  it('a move that was done and never answered: the message stays in sight until the next sync finds it', () => {
    const bench = new Bench();
    const archive = bench.role('archive').id;
    bench.take([incoming(1, letter('whole')), header(2, letter('head'))]);
    const moved = bench.ids();
    bench.store.move(moved, archive);
    bench.reopen();
    // The server did it, the line broke, and INBOX is looked at before the other mailbox.
    bench.take([], { removed: [1, 2] });
    expect(subjects(bench, archive).sort()).toEqual(['head', 'whole']);
    expect(bench.row(moved[0])?.uid).toBeUndefined();
    const [operation] = bench.store.operations(bench.account.id);
    expect(bench.store.places(operation!.keys)).toEqual([]);
    bench.store.finishOperation(operation!.id, []);
    const cursor = { uidValidity: 5 };
    bench.take([header(8, letter('head')), incoming(9, letter('whole'))], { cursor }, archive);
    expect(new Set(bench.ids(archive))).toEqual(new Set(moved));
    expect(new Set(bench.store.rows(moved).map((row) => row.uid))).toEqual(new Set([8, 9]));
  });

  it('a copy that the server turns out to have is not appended once more', () => {
    const bench = new Bench();
    const sent = bench.role('sent').id;
    const bytes = letter('sent');
    const { key } = bench.store.enqueue({
      account: bench.account.id,
      bytes,
      skip: 0,
      envelope: { from: 'a@b', to: ['c@d'] },
      digest: { snippet: '', attachments: 0 },
    });
    bench.store.markSent(key);
    expect(bench.store.operations(bench.account.id)).toMatchObject([{ kind: 'append' }]);
    // The append was done, the answer was lost.
    bench.take([header(4, bytes)], {}, sent);
    expect(bench.row(key)).toMatchObject({ uid: 4 });
    expect(bench.store.operations(bench.account.id)).toEqual([]);
  });

  it('a twin that the sync met first gives way', () => {
    const { bench, first } = two();
    const archive = bench.role('archive').id;
    bench.store.move([first], archive);
    bench.take([header(9, letter('one'))], {}, archive);
    const twin = bench.ids(archive).find((id) => id !== first);
    expect(bench.ids(archive)).toHaveLength(2);
    const [operation] = bench.store.operations(bench.account.id);
    const delta = bench.store.finishOperation(operation?.id ?? 0, [{ key: first, mailbox: archive, uid: 9 }]);
    expect(delta.messagesRemoved).toEqual([twin]);
    expect(bench.ids(archive)).toEqual([first]);
    expect(bench.mailbox(archive)).toMatchObject({ total: 1, unread: 1 });
  });

  it('mail does not move to another account', () => {
    const { bench, first } = two();
    const other = bench.store.addAccount({ ...bench.account, email: 'b@example.org' }).account;
    const elsewhere = bench.store.roleMailbox(other.id, 'inbox').mailbox.id;
    expect(bench.store.move([first], elsewhere)).toEqual({});
    expect(bench.row(first)?.mailbox).toBe(bench.inbox);
  });

  it('a removed message is out of sight at once and gone when the server confirms', () => {
    const { bench, first } = two();
    const delta = bench.store.remove([first]);
    expect(delta.messagesRemoved).toEqual([first]);
    expect(delta.mailboxes).toMatchObject([{ total: 1, unread: 1 }]);
    expect(bench.row(first)).toBeUndefined();
    expect(bench.store.known(bench.inbox)).toHaveLength(2);
    const [operation] = bench.store.operations(bench.account.id);
    expect(operation).toMatchObject({ kind: 'remove', keys: [first] });
    bench.store.finishOperation(operation?.id ?? 0, []);
    expect(bench.store.known(bench.inbox)).toHaveLength(1);
    expect(bench.mailbox(bench.inbox)).toMatchObject({ total: 1, unread: 1 });
  });

  it('what the server refuses for good goes back to where the server has it', () => {
    const { bench, first, second } = two();
    const archive = bench.role('archive').id;
    bench.store.move([first], archive);
    bench.store.remove([second]);
    for (const operation of bench.store.operations(bench.account.id)) {
      for (let attempt = 1; attempt <= 5; attempt += 1) bench.store.failOperation(operation.id, 'NO never');
    }
    expect(bench.store.operations(bench.account.id)).toEqual([]);
    expect(subjects(bench).toSorted()).toEqual(['one', 'two']);
    expect(bench.mailbox(bench.inbox)).toMatchObject({ total: 2, unread: 2 });
    expect(bench.mailbox(archive)).toMatchObject({ total: 0, unread: 0 });
  });

  it('a refused flag neither moves a message back nor shows a deleted one', () => {
    const { bench, first, second } = two();
    const archive = bench.role('archive').id;
    bench.store.flag([first, second], ['flagged'], []);
    bench.store.move([first], archive);
    bench.store.remove([second]);
    const [flag] = bench.store.operations(bench.account.id);
    for (let attempt = 1; attempt <= 5; attempt += 1) bench.store.failOperation(flag?.id ?? 0, 'NO');
    expect(bench.ids(archive)).toEqual([first]);
    expect(bench.ids()).toEqual([]);
    expect(bench.store.operations(bench.account.id).map((one) => one.kind)).toEqual(['move', 'remove']);
  });

  it('a refused move does not show a message that was deleted afterwards', () => {
    const { bench, first } = two();
    bench.store.move([first], bench.role('archive').id);
    bench.store.remove([first]);
    const [move] = bench.store.operations(bench.account.id);
    for (let attempt = 1; attempt <= 5; attempt += 1) bench.store.failOperation(move?.id ?? 0, 'NO');
    expect(bench.row(first)).toBeUndefined();
    expect(subjects(bench)).toEqual(['two']);
  });

  it('nothing waits where no server is concerned', () => {
    const bench = new Bench('pop3');
    bench.take([{ ...incoming(1, letter('one')), uid: undefined, uidl: 'a' } as never]);
    const [id] = bench.ids();
    if (!id) throw new Error('a message was stored');
    bench.store.flag([id], ['seen'], []);
    bench.store.move([id], bench.role('trash').id);
    bench.store.remove([id]);
    expect(bench.store.operations(bench.account.id)).toEqual([]);
    expect(bench.ask('SELECT * FROM message')).toEqual([]);
  });
});

describe('the list of mailboxes', () => {
  const listed = (path: string, more = {}) => ({
    path,
    name: path.split('/').at(-1) ?? path,
    depth: path.split('/').length - 1,
    role: 'none' as const,
    selectable: true,
    ...more,
  });

  it('follows the server', () => {
    const bench = new Bench();
    bench.store.putMailboxes(bench.account.id, [
      listed('INBOX', { role: 'inbox' }),
      listed('Работа'),
      listed('Работа/2026'),
    ]);
    expect(bench.store.mailboxes(bench.account.id).map((one) => one.path)).toEqual([
      'INBOX',
      'Работа',
      'Работа/2026',
    ]);
    expect(bench.role('inbox').id).toBe(bench.inbox);
    const delta = bench.store.putMailboxes(bench.account.id, [
      listed('INBOX', { role: 'inbox' }),
      listed('Работа', { selectable: false }),
    ]);
    expect(delta.mailboxes).toMatchObject([{ path: 'Работа', selectable: false }]);
    expect(delta.mailboxesRemoved).toHaveLength(1);
    expect(
      bench.store.putMailboxes(bench.account.id, [
        listed('INBOX', { role: 'inbox' }),
        listed('Работа', { selectable: false }),
      ]),
    ).toEqual({});
  });

  it('a mailbox with mail that the server has not yet stays', () => {
    const bench = new Bench();
    bench.take([incoming(1, letter('one'))]);
    const archive = bench.role('archive').id;
    bench.store.move(bench.ids(), archive);
    const [operation] = bench.store.operations(bench.account.id);
    bench.store.finishOperation(operation?.id ?? 0, [
      { key: bench.ids(archive)[0] as MessageKey, mailbox: archive },
    ]);
    bench.store.putMailboxes(bench.account.id, [listed('INBOX', { role: 'inbox' })]);
    expect(bench.ids(archive)).toHaveLength(1);
  });

  it('a mailbox that the server has not yet keeps what is on its way there', () => {
    const bench = new Bench();
    bench.take([incoming(1, letter('one'))]);
    const archive = bench.role('archive').id;
    bench.store.move(bench.ids(), archive);
    // The list comes before the move was told.
    bench.store.putMailboxes(bench.account.id, [listed('INBOX', { role: 'inbox' })]);
    expect(subjects(bench, archive)).toEqual(['one']);
    expect(bench.store.places(bench.ids(archive))).toMatchObject([{ path: 'INBOX', uid: 1 }]);
  });

  it('what was moved away from a mailbox that is gone is ours alone, or no more', () => {
    const bench = new Bench();
    bench.store.putMailboxes(bench.account.id, [listed('INBOX', { role: 'inbox' }), listed('Old')]);
    const old = bench.store.mailboxes(bench.account.id).find((one) => one.path === 'Old')?.id ?? bench.inbox;
    bench.take([incoming(1, letter('whole')), header(2, letter('header'))], {}, old);
    bench.store.move(bench.ids(old), bench.inbox);
    bench.store.putMailboxes(bench.account.id, [listed('INBOX', { role: 'inbox' })]);
    expect(bench.store.places(bench.ids())).toEqual([]);
    bench.take([], { cursor: { uidValidity: 1 } });
    expect(subjects(bench)).toEqual(['whole']);
  });
});
