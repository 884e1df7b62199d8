import type { Flag } from '../../../shared/model/message.ts';
import { MailError } from '../../../shared/contract/mail-error.ts';
import type {
  Abilities,
  BodyPart,
  Following,
  ImapLink,
  IncomingMessage,
  KnownMailbox,
  ListedMailbox,
  Login,
  MailboxStatus,
  Marks,
  Quota,
  Recorder,
  ServerQuery,
  TellCatalogue,
  TellChange,
} from '../../app/ports-engine.ts';
import { abilitiesOf, notifyOfAll, quotaOf, rightsIn } from './abilities.ts';
import { catalogueMailbox } from './catalogue.ts';
import type { Client } from './client.ts';
import { imapError, must } from './errors.ts';
import { findLetter } from './find.ts';
import { toWire } from './flags.ts';
import { hasLabels, isLabel, storeLabels } from './labels.ts';
import { listMailboxes, mailboxStatus } from './mailboxes.ts';
import { downloadPart, fetchSections, fetchStructure } from './parts.ts';
import { searchesOf } from './query.ts';
import { syncMailbox } from './sync.ts';
import { fetchWhole } from './whole.ts';

/** A logged-in connection: one mailbox open at a time, one command after the other. */
export class ImapflowLink implements ImapLink {
  readonly closed: Promise<void>;
  readonly #client: Client;
  readonly #login: Login;
  readonly #recorder: Recorder;
  #notifies = false;

  constructor(client: Client, login: Login, closed: Promise<void>, recorder: Recorder) {
    this.#client = client;
    this.#login = login;
    this.closed = closed;
    this.#recorder = recorder;
    // imapflow leaves the count as it was when the server says VANISHED instead of EXPUNGE (RFC 7162 section 3.2.10).
    client.on('expunge', ({ path, vanished, earlier }) => {
      const { mailbox } = client;
      if (vanished && !earlier && mailbox && mailbox.path === path && mailbox.exists > 0) mailbox.exists -= 1;
    });
  }

  list(): Promise<ListedMailbox[]> {
    return this.#guard(() => listMailboxes(this.#client));
  }

  status(path: string): Promise<MailboxStatus> {
    return this.#guard(() => mailboxStatus(this.#client, this.#login.server, path));
  }

  sync(path: string, known: KnownMailbox, tell: TellChange): Promise<void> {
    return this.#within(path, async () => {
      // A mailbox that was open already is asked what happened in it meanwhile.
      await this.#client.noop();
      await syncMailbox(this.#client, this.#login.server, known, tell);
    });
  }

  catalogue(path: string, tell: TellCatalogue): Promise<void> {
    return this.#within(path, () => catalogueMailbox(this.#client, path, tell), { readOnly: true });
  }

  fetchWhole(path: string, uids: number[], following?: Following): Promise<IncomingMessage[]> {
    return this.#within(path, () => fetchWhole(this.#client, uids, following));
  }

  setFlags(path: string, uids: number[], set: Marks, clear: Marks): Promise<void> {
    return this.#withinAware(path, uids, async () => {
      const range = uids.join(',');
      const options = { uid: true, silent: true };
      const { permanentFlags } = this.#client.mailbox || {};
      const labels = hasLabels(this.#client);
      const kept = labels ? set.keywords.filter((one) => !isLabel(one)) : set.keywords;
      // Its mark of what was forwarded is not what a person asks for: it may be left out.
      const asked = toWire(
        set.flags.filter((one) => one !== 'forwarded'),
        kept,
      );
      const lost = asked.filter((one) => permanentFlags && !permanentFlags.has(one));
      // imapflow would leave out what the mailbox does not keep, or this person may not put there, and say that it is done.
      if (lost.length > 0 && permanentFlags && !permanentFlags.has('\\*')) {
        throw new MailError('server-refused', `this mailbox does not keep ${lost.join(' ')}`, {
          ...this.#where,
          responseCode: 'CANNOT',
        });
      }
      const added = toWire(set.flags, kept);
      // Another program may have put it there as a keyword.
      const removed = toWire(clear.flags, clear.keywords);
      if (labels) {
        await storeLabels(this.#client, range, '+', set.keywords.filter(isLabel));
        await storeLabels(this.#client, range, '-', clear.keywords.filter(isLabel));
      }
      if (added.length > 0)
        this.#must(await this.#client.messageFlagsAdd(range, added, options), 'STORE +FLAGS');
      if (removed.length > 0)
        this.#must(await this.#client.messageFlagsRemove(range, removed, options), 'STORE -FLAGS');
    });
  }

  copy(path: string, uids: number[], to: string): Promise<Map<number, number>> {
    return this.#withinAware(path, uids, async () => {
      const copied = this.#must(await this.#client.messageCopy(uids.join(','), to, { uid: true }), 'COPY');
      return new Map(copied.uidMap ?? []);
    });
  }

  move(path: string, uids: number[], to: string): Promise<Map<number, number>> {
    return this.#withinAware(path, uids, async () => {
      const range = uids.join(',');
      const client = this.#client;
      if (client.capabilities.has('MOVE') || client.enabled.has('IMAP4REV2')) {
        const moved = this.#must(await client.messageMove(range, to, { uid: true }), 'MOVE');
        return new Map(moved.uidMap ?? []);
      }
      const copied = this.#must(await client.messageCopy(range, to, { uid: true }), 'COPY');
      await this.#expunge(range);
      return new Map(copied.uidMap ?? []);
    });
  }

  remove(path: string, uids: number[]): Promise<void> {
    return this.#withinAware(path, uids, () => this.#expunge(uids.join(',')));
  }

  append(path: string, bytes: Uint8Array, flags: Flag[], date: number): Promise<{ uid?: number }> {
    return this.#guard(async () => {
      const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const done = this.#must(
        await this.#client.append(path, content, toWire(flags), new Date(date)),
        'APPEND',
      );
      return done.uid === undefined ? {} : { uid: done.uid };
    });
  }

  find(path: string, bytes: Uint8Array, known: ReadonlySet<number>): Promise<number | undefined> {
    return this.#within(path, () => findLetter(this.#client, this.#login.server, bytes, known));
  }

  create(path: string): Promise<void> {
    return this.#guard(async () => {
      try {
        // It subscribes, too.
        await this.#client.mailboxCreate(path);
      } catch (thrown) {
        // Not every server says ALREADYEXISTS (RFC 5530) when it is there.
        if (!(await this.#client.list()).some((one) => one.path === path)) throw thrown;
        await this.#client.mailboxSubscribe(path);
      }
    });
  }

  rename(path: string, to: string): Promise<void> {
    return this.#guard(async () => {
      const client = this.#client;
      // Subscriptions are names: the old ones would stay, the new ones would be missing (RFC 9051 section 6.3.7).
      const listed = await client.list();
      const has = (name: string) => listed.some((one) => one.path === name);
      // Done before, and the answer lost.
      if (!has(path) && has(to)) return;
      const subscribed = listed.filter(
        (one) => one.subscribed && (one.path === path || one.path.startsWith(path + one.delimiter)),
      );
      // A mailbox that is open here would be gone under the connection's feet.
      await client.mailboxClose();
      try {
        await client.mailboxRename(path, to);
      } catch (thrown) {
        const { failure } = imapError(thrown, this.#login.server, true);
        if (failure.code !== 'server-refused' || !has(to)) throw thrown;
        // Not every server gives the code (RFC 5530), and without it this would be tried again and again.
        throw new MailError(failure.code, failure.detail, { ...this.#where, responseCode: 'ALREADYEXISTS' });
      }
      for (const one of subscribed) {
        await client.mailboxSubscribe(to + one.path.slice(path.length));
        await client.mailboxUnsubscribe(one.path);
      }
    });
  }

  drop(path: string): Promise<void> {
    return this.#guard(async () => {
      await this.#client.mailboxClose();
      try {
        await this.#client.mailboxDelete(path);
      } catch (thrown) {
        // That it is gone is what was wanted.
        if ((await this.#client.list()).some((one) => one.path === path)) throw thrown;
      }
      await this.#client.mailboxUnsubscribe(path);
    });
  }

  subscribe(path: string, subscribed: boolean): Promise<void> {
    return this.#guard(async () => {
      const done = subscribed
        ? await this.#client.mailboxSubscribe(path)
        : await this.#client.mailboxUnsubscribe(path);
      this.#must(done, subscribed ? 'SUBSCRIBE' : 'UNSUBSCRIBE');
    });
  }

  search(path: string, query: ServerQuery): Promise<number[]> {
    return this.#within(path, async () => {
      let found: Set<number> | undefined;
      for (const one of searchesOf(query)) {
        const uids = this.#must<number[]>(await this.#client.search(one, { uid: true }), 'SEARCH');
        const before = found;
        found = new Set(before ? uids.filter((uid) => before.has(uid)) : uids);
      }
      return [...(found ?? [])];
    });
  }

  structure(path: string, uid: number): Promise<BodyPart | undefined> {
    return this.#within(path, () => fetchStructure(this.#client, uid));
  }

  sections(path: string, uid: number, wanted: { section: string; limit?: number }[]): Promise<Uint8Array[]> {
    return this.#within(path, () => fetchSections(this.#client, uid, wanted));
  }

  download(
    path: string,
    uid: number,
    part: string,
    tell: (piece: Uint8Array) => Promise<void>,
  ): Promise<void> {
    return this.#within(path, async () => {
      if (!(await downloadPart(this.#client, uid, part, tell)))
        throw new MailError('not-found', 'the message is not on the server any more', this.#where);
    });
  }

  quota(path: string): Promise<Quota[] | undefined> {
    return this.#guard(() => quotaOf(this.#client, path));
  }

  rights(path: string): Promise<string | undefined> {
    return this.#guard(() => rightsIn(this.#client, path));
  }

  noop(): Promise<void> {
    return this.#guard(() => this.#client.noop());
  }

  abilities(): Abilities {
    return abilitiesOf(this.#client, this.#client.mechanism, this.#notifies);
  }

  async notify(news: (path: string | undefined) => void): Promise<boolean> {
    this.#notifies = await this.#guard(() => notifyOfAll(this.#client, news));
    return this.#notifies;
  }

  watch(path: string, news: () => void): Promise<void> {
    for (const event of ['exists', 'expunge', 'flags']) this.#client.on(event, news);
    return this.#guard(async () => {
      await this.#client.mailboxOpen(path);
    });
  }

  async close(): Promise<void> {
    if (this.#client.usable) {
      // LOGOUT is a courtesy: a server that does not answer must not keep the program from ending.
      const patience = setTimeout(() => this.#client.close(), 2000);
      await this.#client.logout().catch(() => undefined);
      clearTimeout(patience);
    }
    this.#client.close();
    this.#recorder.close('closed');
  }

  get #where(): { host: string; port: number } {
    const { host, port } = this.#login.server;
    return { host, port };
  }

  /** Without UIDPLUS a plain EXPUNGE would take along what others marked \Deleted: then marking must do (RFC 4315). */
  async #expunge(range: string): Promise<void> {
    const client = this.#client;
    if (client.capabilities.has('UIDPLUS') || client.enabled.has('IMAP4REV2')) {
      this.#must(await client.messageDelete(range, { uid: true }), 'UID EXPUNGE');
    } else {
      this.#must(await client.messageFlagsAdd(range, ['\\Deleted'], { uid: true, silent: true }), 'STORE');
    }
  }

  /** What the server said is told where it is known. */
  #must<T>(result: T | false | undefined, what: string): T {
    const refusal = this.#client.takeRefusal();
    if (result === false && refusal !== undefined) throw imapError(refusal, this.#login.server, true);
    return must(result, what, this.#login.server);
  }

  /** A message that came after the mailbox was opened exists on this connection only once it was told here: else OK means nothing. */
  #withinAware<T>(path: string, uids: number[], work: () => Promise<T>): Promise<T> {
    return this.#within(path, async () => {
      const { mailbox } = this.#client;
      if (mailbox && uids.some((uid) => uid >= mailbox.uidNext)) await this.#client.noop();
      return work();
    });
  }

  async #within<T>(path: string, work: () => Promise<T>, options?: { readOnly: boolean }): Promise<T> {
    return this.#guard(async () => {
      const lock = await this.#client.getMailboxLock(path, options);
      try {
        return await work();
      } finally {
        lock.release();
      }
    });
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      this.#client.takeRefusal();
      return await work();
    } catch (thrown) {
      throw imapError(this.#client.gaveUp ?? thrown, this.#login.server, true);
    }
  }
}
