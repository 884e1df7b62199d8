import type { Settings } from '../shared/contract/app.ts';
import type { Bridge } from '../shared/contract/bridge.ts';
import type { EventName, Payload } from '../shared/contract/events.ts';
import type { Argument, Reply, RequestName, Result } from '../shared/contract/requests.ts';
import type { Account, AccountStatus } from '../shared/model/account.ts';
import type { Draft, OutboxItem } from '../shared/model/draft.ts';
import type { Failure } from '../shared/model/failure.ts';
import type { AccountId, ConnectionId, DraftId, MailboxId, MessageKey } from '../shared/model/ids.ts';
import type { Mailbox, MailboxView } from '../shared/model/mailbox.ts';
import type { MessageRow } from '../shared/model/message.ts';
import { fold } from '../shared/search/fold.ts';
import { MASK, type WireLine } from '../shared/wire/line.ts';
import { contentOf, rawOf } from './memory-content.ts';
import {
  imapAccount,
  mailboxes as seedBoxes,
  makeRows,
  makeWire,
  pop3Account,
  sampleDraft,
} from './memory-data.ts';
import { modeMemory } from './memory-mode.ts';
import { mailboxMemory } from './memory-mailboxes.ts';
import { pop3Memory } from './memory-pop3.ts';
import { certificate, makeOutbox } from './memory-samples.ts';

type Handlers = { [N in RequestName]: (argument: Argument<N>) => Result<N> | Promise<Result<N>> };

class Refusal extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.code);
    this.failure = failure;
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What main does, imitated in memory, so that the interface lives in a plain browser tab. `?empty` has no account. */
export function memoryBridge(): Bridge {
  const query = new URLSearchParams(location.search);
  const empty = query.has('empty');
  const now = Date.now();
  const accounts: Account[] = empty ? [] : [imapAccount, pop3Account];
  const boxes: Mailbox[] = empty ? [] : structuredClone(seedBoxes);
  const rows = empty ? new Map<MessageKey, MessageRow>() : makeRows(now);
  const wire = empty ? { connections: [], lines: [] } : makeWire(now);
  const drafts: Draft[] = empty
    ? []
    : [sampleDraft('d1', now), { ...sampleDraft('d2', now - 8e7), subject: '', to: [], attachments: [] }];
  const kept = localStorage.getItem('glasspost.memory.settings');
  let settings: Settings = {
    theme: 'system',
    density: 'comfortable',
    language: 'system',
    wireDock: !empty,
    wireExplain: true,
    ...(kept ? (JSON.parse(kept) as Partial<Settings>) : {}),
  };
  let outbox: OutboxItem[] = empty ? [] : makeOutbox(now);
  const statuses: AccountStatus[] = accounts.map((account) => ({
    account: account.id,
    state: 'online',
    lastSync: now - 60_000,
  }));
  if (query.has('offline')) {
    const failure: Failure = {
      code: 'certificate-expired',
      detail: 'certificate has expired',
      host: 'pop.practice.test',
      port: 995,
    };
    statuses.splice(
      0,
      2,
      {
        account: imapAccount.id,
        state: 'offline',
        failure: { code: 'host-not-found', detail: 'ENOTFOUND', host: 'imap.example.org', port: 993 },
      },
      { account: pop3Account.id, state: 'failed', failure },
    );
  }

  const listeners = new Map<EventName, Set<(payload: never) => void>>();
  const emit = <N extends EventName>(name: N, payload: Payload<N>) => {
    for (const listener of listeners.get(name) ?? []) (listener as (p: Payload<N>) => void)(payload);
  };
  const count = () => {
    for (const box of boxes) Object.assign(box, { total: 0, unread: 0 });
    const byId = new Map(boxes.map((box) => [box.id, box]));
    for (const row of rows.values()) {
      const box = byId.get(row.mailbox);
      if (!box) continue;
      box.total += 1;
      if (!row.flags.includes('seen')) box.unread += 1;
    }
    return structuredClone(boxes);
  };
  count();
  const changeRows = (ids: readonly MessageKey[], change: (row: MessageRow) => MessageRow) => {
    const messages = ids.flatMap((id) => {
      const row = rows.get(id);
      if (!row) return [];
      const next = change(row);
      rows.set(id, next);
      return [next];
    });
    emit('delta', { messages, mailboxes: count() });
  };
  const inView = (row: MessageRow, view: MailboxView) =>
    view.kind === 'mailbox'
      ? row.mailbox === view.mailbox
      : view.kind === 'flagged'
        ? row.flags.includes('flagged')
        : [1, 11].includes(row.mailbox);
  const rowOf = (id: MessageKey) => {
    const row = rows.get(id);
    if (!row) throw new Refusal({ code: 'not-found', detail: '' });
    return row;
  };
  const draftOf = (id: DraftId) => {
    const known = drafts.find((draft) => draft.id === id);
    if (known) return known;
    const made = sampleDraft(id, Date.now());
    drafts.push(made);
    return made;
  };
  const openWindow = (id: DraftId) =>
    void window.open(`${location.pathname}${location.search}#compose/${id}`, id, 'width=860,height=668');
  const dropDraft = (id: DraftId) => {
    drafts.splice(0, drafts.length, ...drafts.filter((draft) => draft.id !== id));
    emit('delta', { drafts: [...drafts] });
    emit('draftGone', { draft: id });
  };
  const newDraft = (change: Partial<Draft>) => {
    const draft: Draft = {
      ...sampleDraft(`d${Date.now()}`, Date.now()),
      to: [],
      subject: '',
      body: '',
      attachments: [],
      ...change,
    };
    drafts.push(draft);
    emit('delta', { drafts: [...drafts] });
    openWindow(draft.id);
    return draft.id;
  };
  /** Long messages that were fetched whole. */
  const whole = new Set<MessageKey>();
  /** Those of them that nobody wants any more. */
  const stopped = new Set<MessageKey>();
  let connections = 100;
  const talk = async (
    test: string,
    protocol: 'imap' | 'pop3' | 'smtp',
    email: string,
    host: string,
    port: number,
    words: string[],
  ) => {
    connections += 1;
    const id = connections as ConnectionId;
    const connection = {
      id,
      protocol,
      email,
      host,
      port,
      security: 'tls' as const,
      purpose: test,
      opened: Date.now(),
      bytesIn: 300,
      bytesOut: 80,
    };
    for (const [index, text] of words.entries()) {
      await pause(160);
      const line: WireLine = {
        connection: id,
        seq: index + 1,
        at: Date.now(),
        direction: text.startsWith('>') ? 'client' : text.startsWith('<') ? 'server' : 'none',
        kind: /^[<>]/u.test(text) ? 'line' : 'note',
        text: text.replace(/^[<>] /u, ''),
        bytes: text.length,
        ...(text.includes(MASK) ? { masks: [{ at: text.indexOf(MASK) - 2, min: 1, max: 32 }] } : {}),
      };
      emit('wire', { connections: [connection], lines: [line] });
    }
    emit('wire', { connections: [{ ...connection, closed: Date.now() }], lines: [] });
  };

  const handlers: Handlers = {
    'app.snapshot': () => ({
      version: '0.1.0',
      accounts: [...accounts],
      mailboxes: count(),
      statuses: [...statuses],
      drafts: [...drafts],
      outbox,
      waiting: accounts.map(({ id }) => ({ account: id, count: 0, refused: 0 })),
      settings,
      systemLanguage: navigator.language,
      keyring: 'os',
      notices: query.has('notices')
        ? [
            { kind: 'read-only', folder: '/media/archive/mail' },
            { kind: 'left-alone', file: 'mail/a1/1/0001.mbox', reason: 'a letter is not what its hash says' },
          ]
        : [],
    }),
    'app.settings': (change) => {
      settings = {
        ...settings,
        ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)),
      };
      localStorage.setItem('glasspost.memory.settings', JSON.stringify(settings));
      return settings;
    },
    'view.place': () => undefined,
    'view.scroll': () => undefined,
    'link.open': ({ url }) => void window.open(url, '_blank', 'noopener'),
    'wire.recent': () => wire,
    'message.order': ({ view }) => {
      const sorted = [...rows.values()]
        .filter((row) => inView(row, view))
        .sort((a, b) => b.date - a.date || b.id - a.id);
      return {
        ids: Float64Array.from(sorted, (row) => row.id),
        dates: Float64Array.from(sorted, (row) => row.date),
      };
    },
    'message.rows': async ({ ids }) => {
      await pause(8);
      return ids.flatMap((id) => rows.get(id) ?? []);
    },
    'message.search': ({ query: typed, limit, offset = 0 }) => {
      const words = fold(typed).split(' ');
      const found = [...rows.values()]
        .filter((row) => {
          const people = [...row.from, ...row.to].map((one) => `${one.name} ${one.address}`);
          const text = ` ${fold([row.subject, row.snippet ?? '', ...people].join(' '))}`;
          return words.every((word) => word !== '' && text.includes(` ${word}`));
        })
        .sort((a, b) => b.date - a.date || b.id - a.id);
      const page = found.slice(offset, offset + limit);
      return { rows: page, more: found.length > offset + limit, complete: true, notes: [] };
    },
    'message.passages': () => [],
    'message.open': async ({ id }) => {
      await pause(40);
      const row = rowOf(id);
      const long = (row.attachments ?? 0) > 1 && !whole.has(id);
      return { ...contentOf(row), ...(long ? { partial: 48_200_000 } : {}) };
    },
    'message.raw': ({ id, limit }) => {
      const bytes = rawOf(rowOf(id));
      return { bytes: bytes.slice(0, limit), total: bytes.length };
    },
    'message.flag': ({ ids, set, clear }) =>
      changeRows(ids, (row) => ({
        ...row,
        flags: [...new Set([...row.flags.filter((flag) => !clear.includes(flag)), ...set])],
      })),
    'message.tag': ({ ids, add, remove }) =>
      changeRows(ids, (row) => ({
        ...row,
        keywords: [
          ...new Set([...(row.keywords ?? []).filter((one) => !remove.includes(one)), ...add]),
        ].toSorted(),
      })),
    'message.copy': () => undefined,
    'message.searchServer': async () => {
      await pause(400);
      return { rows: [...rows.values()].slice(0, 3), problems: [], left: [] };
    },
    'message.fetchWhole': async ({ id }) => {
      for (let step = 1; step <= 4; step += 1) {
        await pause(400);
        if (stopped.delete(id)) return { interrupted: true };
        emit('progress', { task: String(id), done: step * 12_050_000, total: 48_200_000 });
      }
      whole.add(id);
      return { interrupted: false };
    },
    'message.stopFetching': ({ id }) => void stopped.add(id),
    'account.abilities': () => ({
      mechanism: 'SCRAM-SHA-256',
      server: { name: 'Dovecot' },
      namespaces: [{ kind: 'personal', prefix: '', delimiter: '/' }],
      capabilities: [
        { name: 'IDLE', state: 'used' },
        { name: 'QRESYNC', state: 'used' },
        { name: 'AUTH=SCRAM-SHA-256', state: 'used' },
        { name: 'AUTH=PLAIN', state: 'idle' },
        { name: 'THREAD=REFERENCES', state: 'unused' },
        { name: 'XYZZY', state: 'unknown' },
        { name: 'NOTIFY', state: 'missing' },
      ],
    }),
    'account.quota': () => [{ root: 'User quota', storage: { used: 1_012_000_000, limit: 1_073_741_824 } }],
    'account.keep': ({ account: id, ...kept }) => {
      const account = accounts.find((one) => one.id === id);
      if (!account) return;
      Object.assign(account, kept, { wholeLimit: kept.wholeLimit ?? undefined });
      emit('delta', { accounts: [{ ...account }] });
    },
    'account.pause': ({ account, paused }) =>
      emit('status', { account, state: 'online', lastSync: now, ...(paused ? { paused } : {}) }),
    ...modeMemory(accounts, (delta) => emit('delta', delta)),
    'account.wake': () => undefined,
    ...mailboxMemory(boxes, (delta) => emit('delta', delta)),
    ...pop3Memory(now),
    'message.move': ({ ids, mailbox }) => changeRows(ids, (row) => ({ ...row, mailbox })),
    'message.delete': ({ ids }) => {
      const trash = (row: MessageRow) =>
        boxes.find((box) => box.account === row.account && box.role === 'trash')?.id as MailboxId;
      const gone = ids.filter((id) => rows.get(id)?.mailbox === trash(rowOf(id)));
      changeRows(
        ids.filter((id) => !gone.includes(id)),
        (row) => ({ ...row, mailbox: trash(row) }),
      );
      for (const id of gone) rows.delete(id);
      emit('delta', { messagesRemoved: gone, mailboxes: count() });
    },
    'message.saveAttachment': async ({ id, part }) => {
      for (let done = 1; done <= 5; done += 1) {
        await pause(300);
        emit('progress', { task: `part:${id}:${part}`, done, total: 5 });
      }
      return '/home/vera/Downloads/Смета-3.xlsx';
    },
    'message.saveRaw': () => '/home/vera/Downloads/letter.eml',
    'account.test': async ({ test, settings: wanted, password }) => {
      const incoming = wanted.mode === 'imap' ? wanted.imap : wanted.pop3;
      const host = incoming?.host ?? '';
      await talk(test, wanted.mode, wanted.email, host, incoming?.port ?? 0, [
        'TLS 1.3 agreed',
        '< * OK ready',
        `> A01 AUTHENTICATE PLAIN ${MASK}`,
        password === 'wrong' ? '< A01 NO Authentication failed' : '< A01 OK Logged in',
      ]);
      await talk(test, 'smtp', wanted.email, wanted.smtp?.host ?? '', wanted.smtp?.port ?? 0, [
        'TLS 1.3 agreed',
        '< 220 ready',
        '> EHLO [127.0.0.1]',
        '< 250 AUTH PLAIN',
        `> AUTH PLAIN ${MASK}`,
        '< 235 OK',
      ]);
      const ok = { ok: true, took: 240 };
      if (password === 'wrong')
        return {
          incoming: {
            ok: false,
            took: 320,
            failure: {
              code: 'wrong-password',
              detail: 'NO Authentication failed',
              host,
              port: incoming?.port,
            },
          },
          submission: ok,
        };
      if (password === 'cert' && !incoming?.trusted)
        return {
          incoming: {
            ok: false,
            took: 148,
            failure: {
              code: 'certificate-other-name',
              detail: 'Host does not match',
              host,
              port: incoming?.port,
              certificate,
            },
          },
          submission: ok,
        };
      return { incoming: ok, submission: ok };
    },
    'account.add': async ({ settings: wanted }) => {
      const account: Account = { ...wanted, id: `a${Date.now()}` as AccountId };
      accounts.push(account);
      const inbox: Mailbox = {
        id: (boxes.length + 100) as MailboxId,
        account: account.id,
        path: 'INBOX',
        name: 'INBOX',
        depth: 0,
        role: 'inbox',
        selectable: true,
        total: 0,
        unread: 0,
      };
      boxes.push(inbox);
      emit('delta', { accounts: [account], mailboxes: [inbox] });
      emit('status', {
        account: account.id,
        state: 'syncing',
        progress: { mailbox: 'INBOX', done: 120, total: 3_400 },
      });
      return account;
    },
    'account.remove': ({ account }) => {
      accounts.splice(0, accounts.length, ...accounts.filter((one) => one.id !== account));
      const gone = boxes.filter((box) => box.account === account).map((box) => box.id);
      boxes.splice(0, boxes.length, ...boxes.filter((box) => box.account !== account));
      emit('delta', { accountsRemoved: [account], mailboxesRemoved: gone });
    },
    'practice.start': () => undefined,
    'account.password': ({ account }) => emit('status', { account, state: 'online', lastSync: Date.now() }),
    'account.sync': () => {
      const id = (200_000 + rows.size) as MessageKey;
      const sample = [...rows.values()][1] as MessageRow;
      const row: MessageRow = {
        ...sample,
        id,
        mailbox: 1 as MailboxId,
        date: Date.now(),
        flags: [],
        subject: `News ${rows.size}`,
      };
      rows.set(id, row);
      emit('delta', { messages: [row], mailboxes: count() });
    },
    'compose.new': ({ account }) => newDraft(account ? { account } : {}),
    'compose.answer': ({ message }) =>
      newDraft({ subject: `Re: ${rowOf(message).subject}`, to: rowOf(message).from }),
    'compose.open': ({ draft }) => openWindow(draft),
    'draft.get': ({ draft }) => draftOf(draft),
    'draft.save': (edit) => Object.assign(draftOf(edit.id), edit, { updated: Date.now() }),
    'draft.discard': ({ draft }) => dropDraft(draft),
    'draft.attachFiles': ({ draft }) => {
      const one = draftOf(draft);
      one.attachments = [
        ...one.attachments,
        { id: Date.now(), name: 'letter.txt', type: 'text/plain', size: 1_200 },
      ];
      return one;
    },
    'draft.attach': ({ draft, name, type, bytes }) => {
      const one = draftOf(draft);
      one.attachments = [...one.attachments, { id: Date.now(), name, type, size: bytes.length }];
      return one;
    },
    'draft.detach': ({ draft, attachment }) => {
      const one = draftOf(draft);
      one.attachments = one.attachments.filter((file) => file.id !== attachment);
      return one;
    },
    'draft.send': ({ draft }) => {
      emit('sent', { message: 1 as MessageKey, subject: draftOf(draft).subject, refused: [] });
      dropDraft(draft);
    },
    'outbox.retry': ({ message }) => {
      outbox = outbox.map((item) => (item.message === message ? { ...item, state: 'queued' } : item));
      emit('delta', { outbox });
    },
    'outbox.takeBack': ({ message }) => {
      outbox = outbox.filter((item) => item.message !== message);
      emit('delta', { outbox });
      return newDraft({});
    },
  };

  return {
    platform: 'browser',
    async request<N extends RequestName>(name: N, argument: Argument<N>): Promise<Reply<N>> {
      await pause(2);
      try {
        return { ok: true, result: (await handlers[name](argument)) as Result<N> };
      } catch (error) {
        return {
          ok: false,
          failure: error instanceof Refusal ? error.failure : { code: 'internal', detail: String(error) },
        };
      }
    },
    listen(name, listener) {
      const set = listeners.get(name) ?? new Set();
      set.add(listener);
      listeners.set(name, set);
      return () => void set.delete(listener);
    },
  };
}
