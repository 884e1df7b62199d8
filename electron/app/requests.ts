import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Argument, RequestName, Result } from '../../shared/contract/requests.ts';
import { MailError } from '../../shared/contract/mail-error.ts';
import type { Delta } from '../../shared/model/delta.ts';
import type { MessageKey } from '../../shared/model/ids.ts';
import type { Accounts } from './accounts.ts';
import { transfer } from './across.ts';
import { answerMessage, newMessage } from './answer.ts';
import { serverAbilities } from './capabilities.ts';
import { deleteMessages } from './delete-messages.ts';
import { wholeHandlers } from './fetch-whole.ts';
import { mailboxHandlers } from './mailbox-requests.ts';
import { completed } from './partial.ts';
import { saveRemotePart } from './save-part.ts';
import { pop3Handlers } from './pop3-requests.ts';
import type { Ports } from './ports.ts';
import { findPassages, searchMessages } from './search.ts';
import { sendDraft } from './send.ts';
import { searchServers } from './server-search.ts';
import { switchHandlers } from './switch.ts';
import { testAccount } from './test-account.ts';

/** What answers each request. What needs windows is answered by whoever owns them. */
export type Handlers = {
  [N in Exclude<RequestName, 'view.place' | 'view.scroll' | 'practice.start'>]: (
    argument: Argument<N>,
  ) => Promise<Result<N>>;
};

/** Composes the answers from the verbs of this folder; there is no logic here but the wiring. */
export function handlersOf(ports: Ports, accounts: Accounts): Handlers {
  const { store, mime, events, shell, secrets, wire } = ports;
  const committed = <T extends { delta: Delta }>(done: T): T => {
    events.publish('delta', done.delta);
    return done;
  };
  const owners = async (ids: MessageKey[]) => (await store.rows(ids)).map((row) => row.account);
  return {
    'app.snapshot': async () => ({
      ...(await store.snapshot()),
      version: shell.version,
      statuses: accounts.statuses,
      systemLanguage: shell.language,
      keyring: secrets.keyring,
      notices: accounts.notices.all,
    }),
    'app.settings': async (part) => {
      const settings = await store.changeSettings(part);
      events.publish('settings', settings);
      return settings;
    },
    'link.open': ({ url }) => shell.openLink(url),
    'wire.recent': async ({ limit }) => wire.recent(limit),

    'account.test': ({ test, settings, password }) => testAccount(ports, test, settings, password),
    'account.add': ({ settings, password }) => accounts.add(settings, password),
    'account.remove': ({ account }) => accounts.remove(account),
    'account.password': ({ account, password }) => accounts.setPassword(account, password),
    'account.abilities': async ({ account }) => {
      const abilities = accounts.abilities(account);
      return abilities ? serverAbilities(abilities) : null;
    },
    'account.quota': async ({ account, mailbox }) => {
      const { mailboxes } = await store.snapshot();
      const path = mailboxes.find((one) => one.id === mailbox)?.path ?? 'INBOX';
      return (await accounts.errand(account, (link) => link.quota(path))) ?? null;
    },
    'account.keep': ({ account: id, wholeLimit, leaveOnServer, ...kept }) =>
      accounts.adjust(id, ({ wholeLimit: before, ...account }) => {
        const limit = wholeLimit === undefined ? before : (wholeLimit ?? undefined);
        return {
          ...account,
          ...kept,
          leaveOnServer: leaveOnServer ?? account.leaveOnServer,
          ...(limit === undefined ? {} : { wholeLimit: limit }),
        };
      }),
    'account.pause': async ({ account, paused }) => accounts.pause(account, paused),
    'account.wake': () => accounts.wakeUp(),
    'account.sync': ({ account, ...scope }) => accounts.sync(account, scope),

    ...switchHandlers(ports, accounts),
    ...mailboxHandlers(ports, accounts),
    ...pop3Handlers(accounts),

    'message.order': async ({ view }) => {
      if (view.kind === 'mailbox') void accounts.look(view.mailbox);
      return store.order(view);
    },
    'message.rows': ({ ids }) => store.rows(ids),
    'message.search': (given) => searchMessages(ports, given),
    'message.passages': (given) => findPassages(ports, given),
    'message.open': async ({ id }) => {
      const { bytes, partial } = await accounts.readable(id);
      const [row] = await store.rows([id]);
      if (!row) throw new MailError('not-found', 'there is no such message');
      const content = await mime.read(row, bytes);
      return partial ? completed(content, partial) : content;
    },
    'message.raw': async ({ id, limit }) => {
      const [known] = await store.rows([id]);
      // All of it, however long: it is fetched and kept.
      if (known && limit >= known.size) await accounts.raw(id);
      const { bytes, partial } = await accounts.readable(id);
      if (!partial) return { bytes: new Uint8Array(bytes.subarray(0, limit)), total: bytes.length };
      const [row] = await store.rows([id]);
      return { bytes: new Uint8Array(await accounts.head(id, limit)), total: row?.size ?? 0 };
    },
    'message.flag': async ({ ids, set, clear }) => {
      events.publish('delta', await store.flag(ids, set, clear));
      accounts.poke(await owners(ids));
    },
    'message.tag': async ({ ids, add, remove }) => {
      events.publish('delta', await store.tag(ids, add, remove));
      accounts.poke(await owners(ids));
    },
    'message.move': (given) => transfer(ports, accounts, 'move', given),
    'message.copy': (given) => transfer(ports, accounts, 'copy', given),
    'message.searchServer': (given) => searchServers(ports, accounts, given),
    ...wholeHandlers(events, accounts),
    'message.delete': ({ ids }) => deleteMessages(ports, accounts, ids),
    'message.saveAttachment': async ({ id, part }) => {
      const { bytes, partial } = await accounts.readable(id);
      if (partial) return saveRemotePart(ports, accounts, id, partial, part);
      const file = await mime.attachment(bytes, part);
      if (!file) throw new MailError('not-found', 'the message has no such part');
      return shell.saveAs(file.name, file.bytes);
    },
    'message.saveRaw': async ({ id }) => {
      const [row] = await store.rows([id]);
      return shell.saveAs(`${row?.subject || 'message'}.eml`, await accounts.raw(id));
    },

    'compose.new': async ({ account: id }) => {
      const { accounts: all } = await store.snapshot();
      const account = all.find((one) => one.id === id) ?? all[0];
      if (!account) throw new MailError('bad-request', 'there is no account to write from');
      const draft = await newMessage(ports, account);
      shell.openComposer(draft.id);
      return draft.id;
    },
    'compose.answer': async ({ message, kind }) => {
      const draft = await answerMessage(ports, accounts, message, kind);
      shell.openComposer(draft.id);
      return draft.id;
    },
    'compose.open': async ({ draft }) => shell.openComposer(draft),
    'draft.get': async ({ draft: id }) => {
      const draft = await store.draft(id);
      if (!draft) throw new MailError('not-found', 'this draft was sent or thrown away');
      return draft;
    },
    'draft.save': async (edit) => committed(await store.saveDraft(edit)).draft,
    'draft.discard': async ({ draft }) => {
      events.publish('delta', await store.discardDraft(draft));
      events.publish('draftGone', { draft });
      shell.closeComposer(draft);
    },
    'draft.attachFiles': async ({ draft: id }) => {
      const paths = await shell.chooseFiles();
      const files = await Promise.all(
        paths.map(async (path) => ({
          name: basename(path),
          type: 'application/octet-stream',
          bytes: await readFile(path),
        })),
      );
      return committed(await store.attach(id, files)).draft;
    },
    'draft.attach': async ({ draft, ...file }) => committed(await store.attach(draft, [file])).draft,
    'draft.detach': async ({ draft, attachment }) => committed(await store.detach(draft, attachment)).draft,
    'draft.send': ({ draft }) => sendDraft(ports, accounts, draft),
    'outbox.retry': async ({ message }) => {
      events.publish('delta', await store.changeOutbox(message, { state: 'queued' }));
      for (const account of (await store.snapshot()).accounts) void accounts.outbox.drain(account);
    },
    'outbox.takeBack': async ({ message }) => {
      const { draft } = committed(await store.takeBack(message));
      shell.openComposer(draft.id);
      return draft.id;
    },
  };
}
