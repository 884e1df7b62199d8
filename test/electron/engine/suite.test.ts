// What the engines need of a mail server, asked of Dovecot, of Cyrus and of the practice server in the same words. Where they
// differ, the practice server is wrong until shown otherwise. GLASSPOST_TEST_SERVER=dovecot|cyrus|practice|all chooses.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type {
  ImapLink,
  IncomingMessage,
  KnownMailbox,
  Login,
  MailboxChange,
  MailboxCursor,
  Pop3Link,
  Recorder,
  WireLog,
} from '../../../electron/app/ports-engine.ts';
import { openImap } from '../../../electron/engine/imap/open.ts';
import { marks } from '../../server/marks.ts';
import { openPop3 } from '../../../electron/engine/pop3/session.ts';
import { checkSubmission, submit } from '../../../electron/engine/smtp/submit.ts';
import type { Security } from '../../../shared/model/account.ts';
import type { Flag } from '../../../shared/model/message.ts';
import { mailServer, type MailUser } from '../../server/mail-server.ts';
import { cyrusPackages, startCyrus } from '../../server/cyrus.ts';
import { practiceServer, type EngineServer } from '../../server/practice-server.ts';

const SERVERS = {
  dovecot: async (): Promise<EngineServer> => ({ ...(await mailServer()), stop: async () => undefined }),
  cyrus: async (): Promise<EngineServer> => {
    const server = await startCyrus(CYRUS ?? '');
    return { ...server, ports: { ...server.ports, submission: 0, submissions: 0 } };
  },
  practice: practiceServer,
} as const;
type ServerName = keyof typeof SERVERS;
const CHOSEN: readonly ServerName[] = chosen(process.env.GLASSPOST_TEST_SERVER ?? 'all');
const CYRUS = CHOSEN.includes('cyrus') ? await cyrusPackages() : undefined;

function chosen(flag: string): ServerName[] {
  const all = Object.keys(SERVERS) as ServerName[];
  const found = all.filter((name) => flag === name || flag === 'all');
  if (found.length === 0) throw new Error(`GLASSPOST_TEST_SERVER is ${all.join(', ')} or all, not ${flag}`);
  return found;
}

const SECURITIES: readonly Security[] = ['tls', 'starttls', 'none'];
const FLAGS: readonly Flag[] = ['seen', 'flagged', 'answered', 'draft', 'forwarded'];

const RECORDER: Recorder = {
  connection: 1 as Recorder['connection'],
  sink: () => undefined,
  note: () => undefined,
  close: () => undefined,
};
/** Engines write transcripts and never read them. */
const NO_WIRE = { open: () => RECORDER } satisfies Pick<WireLog, 'open'> as unknown as WireLog;

/** With all that a server would add. */
const letter = (subject: string, body = 'x'): string =>
  [
    'From: a@example.test',
    'To: b@example.test',
    'Date: Fri, 17 Jul 2026 02:44:25 +0000',
    `Message-ID: <${randomUUID()}@example.test>`,
    `Subject: ${subject}\r\n\r\n${body}\r\n`,
  ].join('\r\n');

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('latin1');

/** What is known of a mailbox, from the changes that were told. */
class Mirror {
  readonly messages = new Map<number, { subject: string; flags: Flag[] }>();
  cursor: MailboxCursor | undefined;
  changes: MailboxChange[] = [];

  async sync(link: ImapLink, path = 'INBOX'): Promise<void> {
    this.changes = [];
    const known: KnownMailbox = {
      cursor: this.cursor,
      count: this.messages.size,
      maxUid: Math.max(0, ...this.messages.keys()),
      messages: async () => [...this.messages].map(([uid, { flags }]) => ({ uid, flags })),
    };
    await link.sync(path, known, async (change) => this.#apply(change));
  }

  get subjects(): string[] {
    return [...this.messages].sort(([a], [b]) => a - b).map(([, { subject }]) => subject);
  }

  #apply(change: MailboxChange): void {
    this.changes.push(change);
    if (change.reset) this.messages.clear();
    for (const { uid = 0, bytes, flags } of change.added) {
      const subject = /^Subject: (.*)\r$/m.exec(text(bytes))?.[1] ?? '';
      this.messages.set(uid, { subject, flags });
    }
    for (const { uid, flags } of change.flags) {
      const message = this.messages.get(uid);
      if (message) message.flags = flags;
    }
    for (const uid of change.removed) this.messages.delete(uid);
    if (change.cursor) this.cursor = change.cursor;
  }
}

const HERE = CHOSEN.filter((name) => name !== 'cyrus' || CYRUS !== undefined);
it.skipIf(HERE.length < CHOSEN.length)('has every server that it asks', () => {
  expect(HERE).toEqual(CHOSEN);
});

describe.each(HERE)('%s', (name) => {
  let server: EngineServer;
  const open: { close(): unknown }[] = [];
  beforeAll(async () => {
    server = await SERVERS[name]();
  });
  afterAll(() => server.stop());
  afterEach(async () => {
    for (const link of open.splice(0)) await link.close();
  });

  const PORTS = {
    imap: ['imap', 'imaps'],
    pop3: ['pop3', 'pop3s'],
    smtp: ['submission', 'submissions'],
  } as const;

  function login(protocol: keyof typeof PORTS, user: MailUser, security: Security = 'none'): Login {
    const [clear, tls] = PORTS[protocol];
    return {
      email: user.email,
      server: {
        host: server.host,
        port: server.ports[security === 'tls' ? tls : clear],
        security,
        user: user.email,
        trusted: server.trusted,
      },
      password: user.password,
      purpose: 'test',
    };
  }

  async function imap(user: MailUser, security?: Security): Promise<ImapLink> {
    const link = await openImap(login('imap', user, security), NO_WIRE);
    open.unshift(link);
    return link;
  }

  async function pop3(user: MailUser, security?: Security): Promise<Pop3Link> {
    const link = await openPop3(login('pop3', user, security), NO_WIRE);
    open.unshift(link);
    return link;
  }

  async function withLetters(...subjects: string[]): Promise<MailUser> {
    const user = server.newUser();
    for (const subject of subjects) await server.deliver(user.email, letter(subject));
    return user;
  }

  describe('IMAP', () => {
    it.each(SECURITIES)('logs in: %s', async (security) => {
      const user = server.newUser();
      const link = await imap(user, security);
      expect((await link.list()).length).toBeGreaterThan(0);
    });

    it.each(SECURITIES)('says that a password is wrong: %s', async (security) => {
      const user = { ...server.newUser(), password: 'wrong' };
      await expect(imap(user, security)).rejects.toMatchObject({ failure: { code: 'wrong-password' } });
    });

    it('is not trusted unless it is told so', async () => {
      const { server: settings, ...rest } = login('imap', server.newUser(), 'tls');
      const { trusted: _, ...untrusted } = settings;
      const attempt = openImap({ ...rest, server: untrusted }, NO_WIRE);
      await expect(attempt).rejects.toMatchObject({ failure: { code: 'certificate-untrusted' } });
    });

    it('lists the mailboxes with what they are for', async () => {
      const link = await imap(server.newUser());
      const roles = (await link.list()).map(({ role }) => role).filter((role) => role !== 'none');
      expect(roles.sort()).toEqual(['archive', 'drafts', 'inbox', 'junk', 'sent', 'trash']);
      await link.create('Проекты & дела/Стекло');
      const listed = (await link.list()).find(({ path }) => path === 'Проекты & дела/Стекло');
      expect(listed).toMatchObject({ name: 'Стекло', depth: 1, selectable: true });
      await expect(link.create('Проекты & дела/Стекло')).resolves.toBeUndefined();
    });

    it('takes what was done to mailboxes twice, for an answer may be lost', async () => {
      const link = await imap(server.newUser());
      await link.create('One');
      await link.create('One');
      await link.create('Taken');
      await expect(link.rename('One', 'Taken')).rejects.toMatchObject({
        failure: { responseCode: 'ALREADYEXISTS' },
      });
      await link.rename('One', 'Two');
      await link.rename('One', 'Two');
      await link.drop('Two');
      await link.drop('Two');
      const paths = (await link.list()).map(({ path }) => path);
      expect(paths).toContain('Taken');
      expect(paths).not.toContain('One');
      expect(paths).not.toContain('Two');
    });

    it('tells what is there newest first, then what has changed and nothing else', async () => {
      const user = await withLetters('one', 'two', 'three', 'four');
      const [link, other] = [await imap(user), await imap(user)];
      const mirror = new Mirror();
      await mirror.sync(link);
      expect(mirror.subjects).toEqual(['one', 'two', 'three', 'four']);
      const order = mirror.changes.flatMap(({ added }) => added.map(({ uid }) => uid));
      expect(order).toEqual([4, 3, 2, 1]);

      await mirror.sync(link);
      expect(mirror.changes.flatMap(({ added, flags, removed }) => [...added, ...flags, ...removed])).toEqual(
        [],
      );

      await other.setFlags('INBOX', [2], marks(['seen', 'flagged']), marks([]));
      await other.remove('INBOX', [3]);
      await server.deliver(user.email, letter('five'));
      // Not by the same link: it learns of this when it idles, not when it is asked.
      await mirror.sync(await imap(user));
      expect(mirror.subjects).toEqual(['one', 'two', 'four', 'five']);
      expect(mirror.messages.get(2)?.flags.sort()).toEqual(['flagged', 'seen']);
      expect(mirror.changes.flatMap(({ removed }) => removed)).toEqual([3]);
      expect(mirror.changes.flatMap(({ added }) => added.map(({ uid }) => uid))).toEqual([5]);
    });

    it('starts again when UIDs have lost their validity', async () => {
      const user = await withLetters('one');
      const mirror = new Mirror();
      mirror.messages.set(77, { subject: 'of another time', flags: [] });
      mirror.cursor = { uidValidity: 1, highestModseq: '5' };
      await mirror.sync(await imap(user));
      expect(mirror.changes[0]?.reset).toBe(true);
      expect(mirror.subjects).toEqual(['one']);
    });

    it('gives every byte back', async () => {
      const link = await imap(server.newUser());
      const bytes = Buffer.from(
        `Subject: =?koi8-r?B?8NLJ18XU?=\r\n\r\n.\r\n..\r\nFrom x\r\n${'long '.repeat(4000)}\r\n\x80\xfe\xff\t\x0b\r\n\r\n`,
        'latin1',
      );
      const { uid = 0 } = await link.append(
        'Drafts',
        bytes,
        ['draft', 'seen'],
        Date.UTC(2026, 6, 17, 2, 44, 25),
      );
      const [message] = await link.fetchWhole('Drafts', [uid, uid + 1]);
      expect(Buffer.compare(message?.bytes ?? Buffer.alloc(0), bytes)).toBe(0);
      expect(message).toMatchObject({ uid, size: bytes.length, received: Date.UTC(2026, 6, 17, 2, 44, 25) });
      expect(message?.flags.sort()).toEqual(['draft', 'seen']);
      expect(await link.fetchWhole('Drafts', [uid + 1])).toEqual([]);
    });

    it('keeps flags', async () => {
      const user = await withLetters('one', 'two');
      const link = await imap(user);
      await link.setFlags('INBOX', [1, 2], marks([...FLAGS]), marks([]));
      await link.setFlags('INBOX', [1], marks([]), marks(['seen', 'forwarded']));
      const mirror = new Mirror();
      await mirror.sync(await imap(user));
      expect(mirror.messages.get(1)?.flags.sort()).toEqual(['answered', 'draft', 'flagged']);
      expect(mirror.messages.get(2)?.flags.sort()).toEqual([...FLAGS].sort());
    });

    it('moves, and says which UID became which', async () => {
      const user = await withLetters('one', 'two', 'three');
      const link = await imap(user);
      const map = await link.move('INBOX', [1, 3], 'Archive');
      expect(new Set(map.keys())).toEqual(new Set([1, 3]));
      const moved = await link.fetchWhole('Archive', [...map.values()]);
      expect(moved.map(({ uid = 0, bytes }) => [uid, /Subject: (\w+)/.exec(text(bytes))?.[1]])).toEqual([
        [map.get(1), 'one'],
        [map.get(3), 'three'],
      ]);
      const mirror = new Mirror();
      await mirror.sync(link);
      expect(mirror.subjects).toEqual(['two']);
    });

    it('refuses to move where there is nothing', async () => {
      const user = await withLetters('one');
      const link = await imap(user);
      await expect(link.move('INBOX', [1], 'Nowhere')).rejects.toMatchObject({
        failure: { code: 'server-refused' },
      });
    });

    it('removes what is named, and not what somebody else has marked', async () => {
      const user = await withLetters('one', 'two', 'three');
      const link = await imap(user);
      await (await imap(user)).setFlags('INBOX', [1], marks(['deleted']), marks([]));
      await link.remove('INBOX', [2]);
      const mirror = new Mirror();
      await mirror.sync(link);
      expect(mirror.subjects).toEqual(['one', 'three']);
    });

    it('says at once that something has changed', async () => {
      const user = await withLetters('one');
      const [link, other] = [await imap(user), await imap(user)];
      let wake: (word: string) => void = () => undefined;
      await link.watch('INBOX', () => wake('news'));
      await sleep(300);
      const heard = async (cause: () => Promise<unknown>): Promise<void> => {
        const news = new Promise<string>((resolve) => (wake = resolve));
        await cause();
        expect(await Promise.race([news, sleep(3000, 'silence')])).toBe('news');
      };
      await heard(() => server.deliver(user.email, letter('two')));
      await heard(() => other.setFlags('INBOX', [1], marks(['seen']), marks([])));
      await heard(() => other.remove('INBOX', [1]));
    });
  });

  describe('POP3', () => {
    it.each(SECURITIES)('logs in: %s', async (security) => {
      expect(await (await pop3(await withLetters('one'), security)).stat()).toMatchObject({ count: 1 });
    });

    it.each(SECURITIES)('says that a password is wrong: %s', async (security) => {
      const user = { ...server.newUser(), password: 'wrong' };
      await expect(pop3(user, security)).rejects.toMatchObject({ failure: { code: 'wrong-password' } });
    });

    it('shows what is there, and gives it byte for byte', async () => {
      const user = await withLetters('one', 'two');
      await server.deliver(user.email, letter('dots', '.\r\n..two\r\n.x'));
      const link = await pop3(user);
      const listed = await link.list();
      expect(listed.map(({ number }) => number)).toEqual([1, 2, 3]);
      expect(await link.stat()).toEqual({ count: 3, bytes: listed.reduce((sum, { size }) => sum + size, 0) });
      const got: IncomingMessage[] = [];
      await link.download(listed, async (batch) => void got.push(...batch));
      expect(got.map(({ uidl }) => uidl)).toEqual(listed.map(({ uidl }) => uidl));
      expect(got.map(({ bytes }) => bytes.length)).toEqual(listed.map(({ size }) => size));
      expect(text(got[2]?.bytes)).toContain('Subject: dots\r\n\r\n.\r\n..two\r\n.x\r\n');
      const top = text(await link.top(3, 2));
      expect(top.endsWith('Subject: dots\r\n\r\n.\r\n..two\r\n')).toBe(true);
    });

    it('names messages the same in every session', async () => {
      const user = await withLetters('one', 'two');
      const first = await pop3(user);
      const before = (await first.list()).map(({ uidl }) => uidl);
      expect(new Set(before).size).toBe(2);
      await first.remove([1]);
      expect(await first.quit()).toBe(true);
      expect((await (await pop3(user)).list()).map(({ uidl }) => uidl)).toEqual([before[1]]);
    });

    it('removes at QUIT only, and RSET takes it back', async () => {
      const user = await withLetters('one', 'two', 'three');
      const first = await pop3(user);
      await first.remove([1, 2]);
      await first.reset();
      await first.noop();
      await first.remove([3]);
      expect(await first.quit()).toBe(true);
      const second = await pop3(user);
      expect((await second.stat()).count).toBe(2);
      await second.remove([1]);
      second.close();
      await sleep(100);
      expect((await (await pop3(user)).stat()).count).toBe(2);
    });

    it('refuses to remove what is not there', async () => {
      const link = await pop3(await withLetters('one'));
      await expect(link.remove([1, 2])).rejects.toMatchObject({ failure: { code: 'server-refused' } });
      expect((await link.stat()).count).toBe(1);
    });

    it('shares its mailbox with IMAP', async () => {
      const user = await withLetters('one', 'two');
      const link = await pop3(user);
      await link.remove([1]);
      await link.quit();
      const mirror = new Mirror();
      await mirror.sync(await imap(user));
      expect(mirror.subjects).toEqual(['two']);
    });
  });

  // Cyrus leaves sending to others.
  if (name === 'cyrus') return;
  describe('submission', () => {
    const SIMPLE = Buffer.from(letter('sent', '.\r\n..two\r\nпривет'));

    it.each(SECURITIES)('takes a letter and delivers it: %s', async (security) => {
      const [from, to] = [server.newUser(), server.newUser()];
      const envelope = { from: from.email, to: [to.email] };
      const result = await submit(login('smtp', from, security), envelope, SIMPLE, NO_WIRE);
      expect(result).toMatchObject({ accepted: [to.email], refused: [] });
      const [message] = await (await imap(to)).fetchWhole('INBOX', [1]);
      expect(
        Buffer.from(message?.bytes ?? [])
          .subarray(-SIMPLE.length)
          .equals(SIMPLE),
      ).toBe(true);
      expect(text(message?.bytes)).toMatch(/^Return-Path: <[^>]+>\r\n/);
      expect(text(message?.bytes)).toMatch(/^Received: from/m);
    });

    it.each(SECURITIES)('lets in who knows the password, and nobody else: %s', async (security) => {
      const user = server.newUser();
      await expect(checkSubmission(login('smtp', user, security), NO_WIRE)).resolves.toBeUndefined();
      const wrong = login('smtp', { ...user, password: 'wrong' }, security);
      await expect(checkSubmission(wrong, NO_WIRE)).rejects.toMatchObject({
        failure: { code: 'wrong-password' },
      });
    });

    it('says who was refused, and takes the letter for the others', async () => {
      const [from, to] = [server.newUser(), server.newUser()];
      const envelope = { from: from.email, to: [to.email, 'one@example.org', 'two@example.org'] };
      const result = await submit(login('smtp', from), envelope, SIMPLE, NO_WIRE);
      expect(result.accepted).toEqual([to.email]);
      expect(result.refused.map(({ address }) => address)).toEqual(envelope.to.slice(1));
      for (const { reply } of result.refused) expect(reply).toMatch(/^550 5\.\d\.\d+ /);
    });

    it('refuses who is not there', async () => {
      const from = server.newUser();
      const envelope = { from: from.email, to: ['nobody-there@example.test'] };
      const attempt = submit(login('smtp', from), envelope, SIMPLE, NO_WIRE);
      // At RCPT or after the letter: both are right (RFC 5321, section 3.3).
      await expect(attempt).rejects.toThrow(/^(recipient|server)-refused: .*550/);
    });

    it('relays nothing to the outside', async () => {
      const from = server.newUser();
      const envelope = { from: from.email, to: ['someone@example.org'] };
      await expect(submit(login('smtp', from), envelope, SIMPLE, NO_WIRE)).rejects.toMatchObject({
        failure: { code: 'recipient-refused' },
      });
    });

    it('refuses what is too big', async () => {
      const [from, to] = [server.newUser(), server.newUser()];
      const big = Buffer.alloc(42 * 1024 * 1024, `${'x'.repeat(76)}\r\n`);
      const attempt = submit(login('smtp', from), { from: from.email, to: [to.email] }, big, NO_WIRE);
      // The size is told beforehand: neither server is sent what it would refuse in the middle.
      await expect(attempt).rejects.toMatchObject({ failure: { code: 'message-too-big' } });
      expect(await (await imap(to)).fetchWhole('INBOX', [1])).toEqual([]);
    });
  });
});
