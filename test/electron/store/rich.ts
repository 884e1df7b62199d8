import { createHash } from 'node:crypto';
import type { AccountId, DraftId, MailboxId, MessageKey } from '../../../shared/model/ids.ts';
import type { SyncStore } from '../../../electron/store/sqlite-store.ts';
import { NASTY } from './nasty.ts';
import { Bench, collected, header, incoming, letter, settings } from './profile.ts';

/** A store in which everything that there is happened once. */
export class Rich extends Bench {
  readonly pop: AccountId;
  readonly popInbox: MailboxId;
  readonly queued: MessageKey;
  readonly draft: DraftId;

  constructor() {
    super('imap');
    const { store } = this;
    this.pop = store.addAccount(
      settings('pop3', { email: 'pop@example.org', leaveOnServer: 'never' }),
    ).account.id;
    this.popInbox = store.roleMailbox(this.pop, 'inbox').mailbox.id;
    this.#imap();
    this.#pop3();
    this.draft = this.#write('unfinished');
    store.attach(this.draft, [{ name: 'a.bin', type: 'x/y', bytes: Buffer.from([0, 1, 254, 255]) }]);
    this.#enqueue(this.#write('sent'), 'sent');
    store.markSent(this.queuedKey('sent'));
    this.#enqueue(undefined, 'dropped');
    store.dropLetter(this.queuedKey('dropped'));
    this.#enqueue(this.#write('taken back'), 'taken back');
    store.takeBack(this.queuedKey('taken back'));
    this.#enqueue(this.#write('waits'), 'waits');
    this.queued = this.queuedKey('waits');
    store.changeSettings({ theme: 'dark' });
    const gone = store.addAccount(settings('pop3', { email: 'gone@example.org' })).account.id;
    this.take(
      [collected('g1', letter('of a removed account'))],
      {},
      store.roleMailbox(gone, 'inbox').mailbox.id,
    );
    store.removeAccount(gone);
  }

  queuedKey(subject: string): MessageKey {
    const found = this.store.snapshot().outbox.find((one) => one.subject === subject);
    if (!found) throw new Error(`${subject} is not in the outbox`);
    return found.message;
  }

  #imap(): void {
    const { store } = this;
    const listed = ['INBOX', 'Работа', 'Old'].map((path) => ({
      path,
      name: path,
      depth: 0,
      role: path === 'INBOX' ? ('inbox' as const) : ('none' as const),
      selectable: true,
    }));
    store.putMailboxes(this.account.id, listed);
    this.take(
      NASTY.map(([, bytes], at) => incoming(at + 1, bytes, { flags: at % 2 === 0 ? ['seen'] : ['flagged'] })),
      { cursor: { uidValidity: 77, highestModseq: '5' } },
    );
    this.take([41, 42, 43, 44, 45, 46].map((uid) => incoming(uid, letter(`letter ${uid}`))));
    const by = (subject: string) =>
      this.store.rows(this.ids()).find((row) => row.subject === subject)?.id as MessageKey;
    store.flag([by('letter 41')], ['answered', 'seen'], []);
    const archive = this.role('archive').id;
    // Moved and told, moved and not told yet, deleted and told, deleted and not told yet, deleted by the server.
    store.move([by('letter 42')], archive);
    const told = store.operations(this.account.id).at(-1);
    store.finishOperation(told?.id ?? 0, [
      { key: this.ids(archive)[0] as MessageKey, mailbox: archive, uid: 7 },
    ]);
    store.move([by('letter 43')], archive);
    store.remove([by('letter 44')]);
    store.finishOperation(store.operations(this.account.id).at(-1)?.id ?? 0, []);
    store.remove([by('letter 45')]);
    this.take([], { removed: [46] });
    this.take([header(50, letter('only a header'))]);
    const work = store.mailboxes(this.account.id).find((one) => one.path === 'Работа')?.id ?? this.inbox;
    this.take(
      [incoming(1, letter('work', { body: 'From work\r\n' }))],
      { cursor: { uidValidity: 78 } },
      work,
    );
    // A mailbox that is gone takes its letters along.
    const old = store.mailboxes(this.account.id).find((one) => one.path === 'Old')?.id ?? this.inbox;
    this.take([incoming(1, letter('gone with its mailbox'))], {}, old);
    store.putMailboxes(this.account.id, [
      ...listed.slice(0, 2),
      { path: 'Archive', name: 'Archive', depth: 0, role: 'archive', selectable: true },
    ]);
    store.importLetters(work, [{ bytes: letter('imported'), flags: ['seen', 'forwarded'], date: 1e12 }]);
  }

  #pop3(): void {
    const { store } = this;
    this.take(
      [1, 2, 3, 4].map((at) => collected(`u${at}`, letter(`pop ${at}`))),
      {},
      this.popInbox,
    );
    const by = (subject: string) =>
      store.rows(this.ids(this.popInbox)).find((row) => row.subject === subject)?.id as MessageKey;
    store.remove([by('pop 1')]);
    store.move([by('pop 2')], store.roleMailbox(this.pop, 'trash').mailbox.id);
    store.forgetUidls(this.pop, ['u3']);
  }

  #write(subject: string): DraftId {
    return this.store.createDraft({
      account: this.account.id,
      to: [{ name: 'Олег', address: 'oleg@example.org' }],
      cc: [],
      bcc: [],
      subject,
      format: 'plain',
      body: 'text',
      inReplyTo: '',
      references: '',
    }).draft.id;
  }

  #enqueue(draft: DraftId | undefined, subject: string): void {
    this.store.enqueue({
      ...(draft === undefined ? {} : { draft }),
      account: this.account.id,
      bytes: Buffer.concat([
        Buffer.from('Bcc: hidden@example.org,\r\n two@example.org\r\n'),
        letter(subject),
      ]),
      skip: 44,
      envelope: {
        from: 'vera@example.org',
        to: ['oleg@example.org', 'hidden@example.org', 'two@example.org'],
      },
      digest: { snippet: '', attachments: 0 },
    });
  }
}

/** Everything that a person or a server could tell two stores by. Letters of which only the header is here are left out. */
export function stateOf(store: SyncStore) {
  const snapshot = store.snapshot();
  const sha256 = (id: MessageKey) =>
    createHash('sha256')
      .update(store.raw(id) ?? 'nothing')
      .digest('hex');
  return {
    accounts: snapshot.accounts,
    settings: snapshot.settings,
    mailboxes: snapshot.mailboxes.map(({ id, account, path, name, depth, role, selectable }) => {
      const rows = store
        .rows([...store.order({ kind: 'mailbox', mailbox: id }).ids] as MessageKey[])
        .filter((row) => row.stored);
      return {
        id,
        account,
        path,
        name,
        depth,
        role,
        selectable,
        letters: rows.map(({ snippet: _snippet, attachments: _attachments, ...row }) => ({
          ...row,
          sha256: sha256(row.id),
        })),
        validity: store.mark(id).cursor?.uidValidity,
      };
    }),
    drafts: snapshot.drafts.map((one) => ({
      ...one,
      files: store
        .attachments(one.id)
        .map((file) => ({ ...file, bytes: Buffer.from(file.bytes).toString('hex') })),
    })),
    outbox: snapshot.outbox.map((one) => ({ ...one, sha256: sha256(one.message) })),
    operations: snapshot.accounts.map(({ id }) => store.operations(id)),
    collected: snapshot.accounts.map(({ id }) =>
      store.collectedUidls(id).toSorted((a, b) => (a.uidl < b.uidl ? -1 : 1)),
    ),
  };
}
