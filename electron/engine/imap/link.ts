import type { ImapFlow, ImapFlowOptions } from 'imapflow';
import type { MailboxRole } from '../../../shared/model/mailbox.ts';
import type { Flag } from '../../../shared/model/message.ts';
import { MailError } from '../../../shared/contract/mail-error.ts';
import type {
  ImapLink,
  IncomingMessage,
  KnownMailbox,
  ListedMailbox,
  Login,
  Recorder,
  TellChange,
  WireLog,
} from '../../app/ports-engine.ts';
import { ANSWER_TIMEOUT, CONNECT_TIMEOUT, refuseClearText, tlsOptions } from '../../net/policy.ts';
import { tapField } from '../../wire/tap.ts';
import { Client } from './client.ts';
import { imapError, must } from './errors.ts';
import { findLetter } from './find.ts';
import { fromWire, toWire } from './flags.ts';
import { syncMailbox } from './sync.ts';

/** ms of rest before the connection goes back to IDLE. */
const IDLE_DELAY = 100;
/** Bytes of one literal; a message above this is not for a person to read at once. */
const LITERAL_LIMIT = 256 * 1024 * 1024;

const ROLES: Record<string, MailboxRole> = {
  '\\Inbox': 'inbox',
  '\\Drafts': 'drafts',
  '\\Sent': 'sent',
  '\\Archive': 'archive',
  '\\Junk': 'junk',
  '\\Trash': 'trash',
};

/** Connects and logs in; the connection is protected as the settings ask, or it is not made. @throws MailError */
export async function openImap(login: Login, wire: WireLog): Promise<ImapLink> {
  const { server } = login;
  refuseClearText(server);
  const recorder = wire.open({
    protocol: 'imap',
    server,
    ...(login.account === undefined ? {} : { account: login.account }),
    email: login.email,
    purpose: login.purpose,
    secrets: [login.password, login.token].filter((one) => one !== undefined),
  });
  recorder.note(`connecting ${server.host}:${server.port}`);
  const options: ImapFlowOptions = {
    host: server.host,
    port: server.port,
    secure: server.security === 'tls',
    // Left to itself imapflow would go on in clear text where a server offers no STARTTLS.
    doSTARTTLS: server.security === 'starttls',
    tls: tlsOptions(server),
    // Every name of ours and none of the library's: it would introduce itself, version and all (RFC 2971).
    clientInfo: { name: 'Glasspost', version: false, vendor: false, 'support-url': false },
    logger: false,
    // The transcript is read above compression; with it the tap would see deflated bytes.
    disableCompression: true,
    autoIdleDelay: IDLE_DELAY,
    connectionTimeout: CONNECT_TIMEOUT,
    greetingTimeout: CONNECT_TIMEOUT,
    socketTimeout: 5 * ANSWER_TIMEOUT,
    maxLiteralSize: LITERAL_LIMIT,
    maxLineLength: 16 * 1024 * 1024,
    maxResponseSize: LITERAL_LIMIT + 32 * 1024 * 1024,
  };
  const client = new Client(options, login);
  let failure: unknown;
  // While connecting, the reason is told below; `close` comes before it.
  let connected = false;
  client.on('error', (error) => (failure ??= error));
  const closed = new Promise<void>((resolve) => {
    client.on('close', () => {
      if (connected) recorder.close('closed');
      resolve();
    });
  });
  tapField(client, 'socket', recorder.sink);
  noteTls(client, recorder);
  try {
    await client.connect();
    // PREAUTH (RFC 9051 section 7.1.4) skips STARTTLS: a logged-in clear connection is refused all the same.
    if (server.security !== 'none' && !client.secureConnection) {
      throw new MailError('no-starttls', client.greeting ?? '', { host: server.host, port: server.port });
    }
  } catch (thrown) {
    client.close();
    const error = imapError(failure ?? thrown, server, client.greeting !== undefined);
    recorder.close(`failed ${error.failure.detail}`);
    throw error;
  }
  connected = true;
  return new ImapflowLink(client, login, closed, recorder);
}

/** Notes what was agreed when it is agreed: before the first protected line. */
function noteTls(client: ImapFlow, recorder: Recorder): void {
  let agreed: ImapFlow['tls'] = client.tls;
  Object.defineProperty(client, 'tls', {
    configurable: true,
    enumerable: true,
    get: () => agreed,
    set: (tls: ImapFlow['tls']) => {
      agreed = tls;
      if (tls) recorder.note(`tls ${tls.version ?? ''} ${tls.standardName ?? ''}`);
    },
  });
}

class ImapflowLink implements ImapLink {
  readonly closed: Promise<void>;
  readonly #client: ImapFlow;
  readonly #login: Login;
  readonly #recorder: Recorder;

  constructor(client: ImapFlow, login: Login, closed: Promise<void>, recorder: Recorder) {
    this.#client = client;
    this.#login = login;
    this.closed = closed;
    this.#recorder = recorder;
  }

  async list(): Promise<ListedMailbox[]> {
    return this.#guard(async () => {
      const taken = new Set<MailboxRole>();
      return (await this.#client.list()).map((listed) => {
        const role =
          listed.path.toUpperCase() === 'INBOX' ? 'inbox' : (ROLES[listed.specialUse ?? ''] ?? 'none');
        // Two mailboxes may claim one use (by flag and by name): the first has it.
        const own = role === 'none' || taken.has(role) ? 'none' : role;
        taken.add(own);
        return {
          path: listed.path,
          name: listed.name,
          depth: listed.parent.length,
          role: own,
          selectable: !listed.flags.has('\\Noselect') && !listed.flags.has('\\NonExistent'),
        };
      });
    });
  }

  sync(path: string, known: KnownMailbox, tell: TellChange): Promise<void> {
    return this.#within(path, async () => {
      // A mailbox that was open already is asked what happened in it meanwhile.
      await this.#client.noop();
      await syncMailbox(this.#client, this.#login.server, known, tell);
    });
  }

  fetchWhole(path: string, uids: number[]): Promise<IncomingMessage[]> {
    return this.#within(path, async () => {
      const messages: IncomingMessage[] = [];
      const query = { uid: true, flags: true, size: true, internalDate: true, source: true };
      for await (const found of this.#client.fetch(uids.join(','), query, { uid: true })) {
        if (!found.source) continue;
        messages.push({
          uid: found.uid,
          flags: fromWire(found.flags),
          received: new Date(found.internalDate ?? Date.now()).getTime(),
          size: found.source.length,
          bytes: found.source,
          whole: true,
        });
      }
      return messages;
    });
  }

  setFlags(path: string, uids: number[], set: Flag[], clear: Flag[]): Promise<void> {
    return this.#within(path, async () => {
      const range = uids.join(',');
      const options = { uid: true, silent: true };
      if (set.length > 0)
        this.#must(await this.#client.messageFlagsAdd(range, toWire(set), options), 'STORE +FLAGS');
      if (clear.length > 0) {
        this.#must(await this.#client.messageFlagsRemove(range, toWire(clear), options), 'STORE -FLAGS');
      }
    });
  }

  move(path: string, uids: number[], to: string): Promise<Map<number, number>> {
    return this.#within(path, async () => {
      const range = uids.join(',');
      const client = this.#client;
      if (client.capabilities.has('MOVE')) {
        const moved = this.#must(await client.messageMove(range, to, { uid: true }), 'MOVE');
        return new Map(moved.uidMap ?? []);
      }
      const copied = this.#must(await client.messageCopy(range, to, { uid: true }), 'COPY');
      await this.#expunge(range);
      return new Map(copied.uidMap ?? []);
    });
  }

  remove(path: string, uids: number[]): Promise<void> {
    return this.#within(path, () => this.#expunge(uids.join(',')));
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
      await this.#client.mailboxCreate(path);
      await this.#client.mailboxSubscribe(path);
    });
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

  /** Without UIDPLUS a plain EXPUNGE would take along what others marked \Deleted: then marking must do (RFC 4315). */
  async #expunge(range: string): Promise<void> {
    const client = this.#client;
    if (client.capabilities.has('UIDPLUS')) {
      this.#must(await client.messageDelete(range, { uid: true }), 'UID EXPUNGE');
    } else {
      this.#must(await client.messageFlagsAdd(range, ['\\Deleted'], { uid: true, silent: true }), 'STORE');
    }
  }

  #must<T>(result: T | false | undefined, what: string): T {
    return must(result, what, this.#login.server);
  }

  async #within<T>(path: string, work: () => Promise<T>): Promise<T> {
    return this.#guard(async () => {
      const lock = await this.#client.getMailboxLock(path);
      try {
        return await work();
      } finally {
        lock.release();
      }
    });
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      throw imapError(thrown, this.#login.server, true);
    }
  }
}
