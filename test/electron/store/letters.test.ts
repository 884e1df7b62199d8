import Sqlite from 'better-sqlite3';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openWorkerStore } from '../../../electron/store/worker-store.ts';
import { MailError } from '../../../shared/contract/mail-error.ts';
import type { Draft } from '../../../shared/model/draft.ts';
import type { DraftId, MessageKey } from '../../../shared/model/ids.ts';
import { Bench, incoming, letter, settings, temporary } from './profile.ts';
import { scripts } from '../../double/programs.ts';

const script = scripts.store;

function newDraft(bench: Bench, more: Partial<Draft> = {}) {
  return bench.store.createDraft({
    account: bench.account.id,
    to: [{ name: 'Oleg', address: 'oleg@example.org' }],
    cc: [],
    bcc: [],
    subject: 'Привет',
    format: 'plain',
    body: 'text',
    inReplyTo: '',
    references: '',
    ...more,
  });
}

const LETTER = Buffer.concat([Buffer.from('Bcc: secret@example.org\r\n'), letter('sent')]);

function send(bench: Bench, draft?: DraftId) {
  return bench.store.enqueue({
    ...(draft === undefined ? {} : { draft }),
    account: bench.account.id,
    bytes: LETTER,
    skip: 25,
    envelope: { from: 'vera@example.org', to: ['oleg@example.org', 'secret@example.org'] },
    digest: { snippet: 'words', attachments: 0 },
  });
}

describe('drafts', () => {
  it('are kept as they were left', () => {
    const bench = new Bench();
    const { draft, delta } = newDraft(bench, {
      source: { message: 5 as MessageKey, kind: 'reply' },
      inReplyTo: '<a@b>',
    });
    expect(delta.drafts).toEqual([draft]);
    const { id, account, to, cc, bcc } = draft;
    bench.store.saveDraft({ id, account, to, cc, bcc, subject: 'Другое', format: 'rich', body: '<p>x</p>' });
    bench.reopen();
    expect(bench.store.draft(id)).toMatchObject({
      subject: 'Другое',
      format: 'rich',
      body: '<p>x</p>',
      inReplyTo: '<a@b>',
      source: { message: 5, kind: 'reply' },
      attachments: [],
    });
    expect(bench.store.snapshot().drafts.map((one) => one.id)).toEqual([id]);
    expect(bench.store.discardDraft(id).draftsRemoved).toEqual([id]);
    expect(bench.store.draft(id)).toBeUndefined();
    expect(() =>
      bench.store.saveDraft({ id, account, to, cc, bcc, subject: '', format: 'plain', body: '' }),
    ).toThrow(/thrown away/u);
  });

  it('attachments, byte for byte', () => {
    const bench = new Bench();
    const { id } = newDraft(bench).draft;
    const bytes = Buffer.from(Array.from({ length: 256 }, (_one, at) => at));
    const { draft } = bench.store.attach(id, [
      { name: 'Отчёт.bin', type: 'application/octet-stream', bytes },
      { name: '', type: '', bytes: new Uint8Array() },
    ]);
    expect(draft.attachments).toMatchObject([
      { name: 'Отчёт.bin', size: 256 },
      { name: '', size: 0 },
    ]);
    bench.reopen();
    const kept = bench.store.attachments(id);
    expect(Buffer.from(kept[0]?.bytes ?? []).equals(bytes)).toBe(true);
    expect(kept[1]?.bytes).toHaveLength(0);
    const after = bench.store.detach(id, draft.attachments[0]?.id ?? 0).draft;
    expect(after.attachments.map((one) => one.name)).toEqual(['']);
    bench.store.discardDraft(id);
    expect(bench.ask('SELECT * FROM draft_attachment')).toEqual([]);
  });
});

describe('the outbox', () => {
  it('a letter waits with its exact bytes, its draft out of sight', () => {
    const bench = new Bench();
    const { id } = newDraft(bench).draft;
    const { key, delta } = send(bench, id);
    expect(delta).toMatchObject({
      draftsRemoved: [id],
      drafts: [],
      outbox: [{ message: key, state: 'queued', subject: 'sent', attempts: 0 }],
    });
    expect(bench.store.draft(id)).toBeUndefined();
    bench.reopen();
    const next = bench.store.nextLetter(bench.account.id, Date.now());
    expect(next).toMatchObject({
      key,
      skip: 25,
      attempts: 0,
      envelope: { from: 'vera@example.org', to: ['oleg@example.org', 'secret@example.org'] },
    });
    expect(Buffer.from((next && bench.store.raw(next.key)) ?? []).equals(LETTER)).toBe(true);
    expect(bench.store.mailboxes(bench.account.id).map((one) => one.role)).not.toContain('outbox');
  });

  it('a draft is put there once, however often it is asked for', () => {
    const bench = new Bench();
    const { id } = newDraft(bench).draft;
    send(bench, id);
    expect(() => send(bench, id)).toThrow(/sent or thrown away/u);
    expect(bench.store.snapshot().outbox).toHaveLength(1);
  });

  it('waits, tries again, gives up, in order', () => {
    const bench = new Bench();
    const first = send(bench, newDraft(bench).draft.id).key;
    const second = send(bench, newDraft(bench).draft.id).key;
    const next = (at: number) => bench.store.nextLetter(bench.account.id, at)?.key;
    expect([first, second]).toContain(next(0));
    bench.store.changeOutbox(first, { state: 'sending' });
    const failure = { code: 'timeout' as const, detail: 'no answer' };
    const delta = bench.store.changeOutbox(first, { state: 'waiting', failure, nextTry: 1000 });
    expect(delta.outbox?.find((one) => one.message === first)).toMatchObject({
      state: 'waiting',
      attempts: 1,
      nextTry: 1000,
      failure,
    });
    bench.store.changeOutbox(second, {
      state: 'refused',
      failure: { code: 'recipient-refused', detail: '550' },
    });
    expect(next(999)).toBeUndefined();
    expect(next(1000)).toBe(first);
    bench.store.changeOutbox(second, { state: 'queued' });
    expect(next(999)).toBe(second);
    expect(bench.store.snapshot().outbox.find((one) => one.message === second)).not.toHaveProperty('failure');
  });

  it('what was being sent when the program died may have been sent', () => {
    const bench = new Bench();
    const { key } = send(bench, newDraft(bench).draft.id);
    bench.store.changeOutbox(key, { state: 'sending' });
    bench.reopen();
    expect(bench.store.snapshot().outbox).toMatchObject([
      { message: key, state: 'maybe-sent', failure: { code: 'maybe-sent' } },
    ]);
    expect(bench.store.nextLetter(bench.account.id, Date.now() + 1e9)).toBeUndefined();
    expect(bench.store.takeBack(key).draft.subject).toBe('Привет');
  });

  it.each(['imap', 'pop3'] as const)('sent by an account with %s', (mode) => {
    const bench = new Bench(mode);
    const source =
      mode === 'imap' ? incoming(1, letter('question')) : { ...incoming(1, letter('question')), uidl: 'a' };
    if (mode === 'pop3') delete source.uid;
    bench.take([source]);
    const [answered] = bench.ids() as [MessageKey];
    const { id } = newDraft(bench, { source: { message: answered, kind: 'reply' } }).draft;
    const { key } = send(bench, id);
    bench.store.changeOutbox(key, { state: 'sending' });
    const delta = bench.store.markSent(key);
    const sent = bench.role('sent');
    expect(delta.outbox).toEqual([]);
    expect(bench.row(key)).toMatchObject({
      mailbox: sent.id,
      flags: ['seen'],
      snippet: 'words',
      stored: true,
    });
    expect(bench.raw(key)).toBe(LETTER.toString());
    expect(bench.row(answered)?.flags).toEqual(['answered']);
    expect(sent).toMatchObject({ total: 1, unread: 0 });
    const kinds = bench.store.operations(bench.account.id).map((one) => one.kind);
    expect(kinds).toEqual(mode === 'imap' ? ['append', 'flag'] : []);
    expect(bench.ask('SELECT * FROM draft')).toEqual([]);
    expect(bench.store.markSent(key)).toEqual({});
    expect(() => bench.store.takeBack(key)).toThrow(/left the outbox/u);
  });

  it('the copy that the server has is our own', () => {
    const bench = new Bench();
    const { key } = send(bench, newDraft(bench).draft.id);
    bench.store.markSent(key);
    const [append] = bench.store.operations(bench.account.id);
    const sent = bench.role('sent').id;
    bench.take(
      [incoming(4, LETTER, { whole: false, bytes: LETTER.subarray(0, LETTER.indexOf('\r\n\r\n') + 4) })],
      {},
      sent,
    );
    expect(bench.ids(sent)).toEqual([key]);
    bench.store.finishOperation(append?.id ?? 0, [{ key, mailbox: sent, uid: 4 }]);
    expect(bench.row(key)).toMatchObject({ uid: 4, stored: true });
  });

  it('taken back, it is the draft it was', () => {
    const bench = new Bench();
    const { id } = newDraft(bench).draft;
    bench.store.attach(id, [{ name: 'a', type: 'b/c', bytes: Buffer.from('x') }]);
    const before = bench.store.draft(id);
    const { key } = send(bench, id);
    const { draft, delta } = bench.store.takeBack(key);
    expect({ ...draft, updated: 0 }).toEqual({ ...before, updated: 0 });
    expect(delta).toMatchObject({ outbox: [], drafts: [{ id }] });
    expect(bench.store.nextLetter(bench.account.id, Date.now())).toBeUndefined();
    const again = send(bench, id).key;
    bench.store.changeOutbox(again, { state: 'sending' });
    expect(() => bench.store.takeBack(again)).toThrow(/left the outbox/u);
  });
});

describe('a letter that goes nowhere', () => {
  it('dropped, it lies in Trash and its draft is gone', () => {
    const bench = new Bench();
    const { id } = newDraft(bench).draft;
    const { key } = send(bench, id);
    const delta = bench.store.dropLetter(key);
    const trash = bench.role('trash');
    expect(delta).toMatchObject({
      outbox: [],
      drafts: [],
      draftsRemoved: [id],
      messages: [{ id: key, mailbox: trash.id, flags: ['seen'] }],
    });
    expect(trash).toMatchObject({ total: 1, unread: 0 });
    expect(bench.raw(key)).toBe(LETTER.toString());
    expect(bench.ask('SELECT * FROM draft')).toEqual([]);
    expect(bench.store.operations(bench.account.id)).toEqual([]);
    expect(bench.store.nextLetter(bench.account.id, Date.now() + 1e9)).toBeUndefined();
    expect(() => bench.store.dropLetter(key)).toThrow(/left the outbox/u);
    // The server lists its mailboxes and names no Trash: ours has mail that it never saw.
    bench.store.putMailboxes(bench.account.id, []);
    expect(bench.raw(key)).toBe(LETTER.toString());
  });

  const failure = { code: 'timeout' as const, detail: '' };
  it.each([
    { state: 'queued' as const },
    { state: 'waiting' as const, failure, nextTry: 1 },
    { state: 'refused' as const, failure },
    { state: 'maybe-sent' as const, failure },
  ])('dropped when it is $state', (change) => {
    const bench = new Bench('pop3');
    const { key } = send(bench, newDraft(bench).draft.id);
    bench.store.changeOutbox(key, change);
    expect(bench.store.dropLetter(key).outbox).toEqual([]);
  });

  it('what is being sent is not dropped', () => {
    const bench = new Bench();
    const { key } = send(bench, newDraft(bench).draft.id);
    bench.store.changeOutbox(key, { state: 'sending' });
    expect(() => bench.store.dropLetter(key)).toThrow(/being sent/u);
    expect(bench.store.snapshot().outbox).toHaveLength(1);
  });

  it('a letter that came whole has no draft to go back to, and is dropped or sent like any other', () => {
    const bench = new Bench();
    const { key, delta } = send(bench);
    expect(delta).not.toHaveProperty('draftsRemoved');
    expect(delta.outbox).toMatchObject([{ message: key, state: 'queued' }]);
    expect(() => bench.store.takeBack(key)).toThrow(/came whole/u);
    expect(bench.store.nextLetter(bench.account.id, Date.now())).toMatchObject({ key });
    bench.store.markSent(key);
    expect(bench.row(key)?.mailbox).toBe(bench.role('sent').id);
    expect(bench.store.dropLetter(send(bench).key).outbox).toEqual([]);
  });
});

describe('accounts and settings', () => {
  it('a removed account leaves its mail on disk', () => {
    const bench = new Bench();
    bench.take([incoming(1, letter('one'))]);
    const { id } = newDraft(bench).draft;
    send(bench, newDraft(bench).draft.id);
    const files = bench.segments();
    const delta = bench.store.removeAccount(bench.account.id);
    expect(delta).toMatchObject({ accountsRemoved: [bench.account.id], drafts: [], outbox: [] });
    expect(bench.store.draft(id)).toBeUndefined();
    expect(bench.store.snapshot()).toMatchObject({ accounts: [], mailboxes: [], drafts: [], outbox: [] });
    expect(files.map((file) => existsSync(file))).toEqual([true, true]);
    expect(readFileSync(files[0] ?? '', 'latin1')).toContain('Subject: one');
    const next = bench.store.addAccount(settings('imap')).account;
    expect(next.id).not.toBe(bench.account.id);
  });

  it('are kept, and what is not understood falls back', () => {
    const bench = new Bench();
    expect(bench.store.changeSettings({ theme: 'dark' })).toMatchObject({
      theme: 'dark',
      density: 'comfortable',
    });
    bench.store.updateAccount({ ...bench.account, name: 'Вера' });
    bench.store.close();
    const db = new Sqlite(join(bench.profile, 'glasspost.sqlite'));
    bench.reopen();
    expect(bench.store.snapshot()).toMatchObject({
      settings: { theme: 'dark' },
      accounts: [{ name: 'Вера' }],
    });
    db.prepare(`UPDATE setting SET value = '{"theme":"from the future"}'`).run();
    db.close();
    expect(bench.store.snapshot().settings).toMatchObject({ theme: 'system', language: 'system' });
  });
});

describe('an index of a newer program', () => {
  it('is read, and nothing is written: not to the index, not to a file', () => {
    const bench = new Bench();
    bench.take([incoming(1, letter('one'))]);
    const { key } = send(bench, newDraft(bench).draft.id);
    bench.store.changeOutbox(key, { state: 'sending' });
    bench.store.close();
    const db = new Sqlite(join(bench.profile, 'glasspost.sqlite'));
    db.pragma('user_version = 9999');
    db.close();
    const files = bench.segments();
    const sizes = () => files.map((file) => statSync(file).size);
    const before = sizes();
    bench.reopen();
    expect(bench.ids().map((id) => bench.raw(id))).toEqual([letter('one').toString()]);
    expect(bench.store.snapshot().outbox).toMatchObject([{ state: 'sending' }]);
    const newer = /newer Glasspost/u;
    expect(() => bench.take([incoming(2, letter('two'))])).toThrow(newer);
    expect(() => bench.store.flag(bench.ids(), ['seen'], [])).toThrow(newer);
    expect(() => bench.store.changeSettings({ theme: 'dark' })).toThrow(newer);
    expect(() => newDraft(bench)).toThrow(newer);
    expect(() => bench.store.addAccount(settings('imap'))).toThrow(newer);
    expect(sizes()).toEqual(before);
    expect(bench.ids()).toHaveLength(1);
  });
});

describe('the store behind threads', () => {
  it('does the same, and a reader sees what was written', async () => {
    const store = await openWorkerStore(temporary(), script, 'a test');
    try {
      const { account } = await store.addAccount(settings('imap'));
      const { mailbox } = await store.roleMailbox(account.id, 'inbox');
      const bytes = Buffer.from('Subject: x\r\n\r\nFrom \0\xff', 'latin1');
      await store.apply(mailbox.id, { added: [incoming(1, bytes)], flags: [], removed: [] });
      const { ids } = await store.order({ kind: 'mailbox', mailbox: mailbox.id });
      expect(ids).toBeInstanceOf(Float64Array);
      const raw = await store.raw(ids[0] as MessageKey);
      expect(Buffer.from(raw ?? []).equals(bytes)).toBe(true);
      expect(await store.collectedUidls(account.id)).toEqual([]);
    } finally {
      await store.close();
    }
  });

  it('fails with words', async () => {
    const store = await openWorkerStore(temporary(), script, 'a test');
    try {
      await expect(store.takeBack(1 as MessageKey)).rejects.toThrow(MailError);
      await expect(store.dropLetter(1 as MessageKey)).rejects.toThrow(/bad-request/u);
      await expect(store.takeBack(1 as MessageKey)).rejects.toThrow(/left the outbox/u);
    } finally {
      await store.close();
    }
    await expect(store.snapshot()).rejects.toThrow(/stopped/u);
  });

  it('says why it can’t be opened', async () => {
    await expect(openWorkerStore('/dev/null/profile', script, 'a test')).rejects.toThrow(
      /ENOTDIR|EEXIST|not a directory/u,
    );
  });
});
