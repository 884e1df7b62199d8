// A POP3 server that forgets what a UIDL is for: no letter may be deleted there that never came here.
import { describe, expect, it } from 'vitest';
import { Intake } from '../../electron/app/intake.ts';
import { Pop3Account } from '../../electron/app/pop3-account.ts';
import type { Ports } from '../../electron/app/ports.ts';
import type { Pop3Link } from '../../electron/app/ports-engine.ts';
import { Bench, letter } from '../electron/store/profile.ts';

/** A server whose letters have the names we give them; it may break off before it answers QUIT. */
function serverOf(letters: { uidl: string; bytes: Buffer }[]) {
  const so = { letters, answersQuit: true };
  const connect = async (): Promise<Pop3Link> => {
    const here = [...so.letters];
    const marked = new Set<number>();
    return {
      stat: async () => ({ count: here.length, bytes: 0 }),
      list: async () => here.map(({ uidl, bytes }, at) => ({ number: at + 1, size: bytes.length, uidl })),
      top: async () => Buffer.alloc(0),
      download: async (wanted, tell) => {
        const added = wanted.map(({ number, uidl }) => {
          const bytes = here[number - 1]?.bytes ?? Buffer.alloc(0);
          return { uidl, flags: [], received: 1, size: bytes.length, bytes, whole: true };
        });
        if (added.length > 0) await tell(added);
        return [];
      },
      tops: async () => undefined,
      abilities: () => ({
        advertised: [],
        mechanism: 'USER',
        greeting: '',
        uidl: true,
        top: true,
        pipelining: false,
        utf8: false,
      }),
      remove: async (numbers) => numbers.forEach((number) => marked.add(number)),
      reset: async () => marked.clear(),
      noop: async () => undefined,
      quit: async () => {
        so.letters = so.letters.filter((_one, at) => !marked.has(at + 1));
        return so.answersQuit;
      },
      close: () => undefined,
    };
  };
  return Object.assign(so, { connect });
}

function collector(bench: Bench, server: ReturnType<typeof serverOf>): () => Promise<void> {
  const store = new Proxy({} as Ports['store'], {
    get:
      (_target, verb: keyof Bench['store']) =>
      async (...given: never[]) =>
        bench.store[verb](...given),
  });
  const ports = {
    store,
    mime: { digest: async () => ({ snippet: '', attachments: 0 }) },
    events: { publish: () => undefined },
    secrets: { get: async () => 'x' },
    engines: { pop3: server.connect },
  } as unknown as Ports;
  const account = new Pop3Account(
    bench.account,
    ports,
    new Intake(ports),
    () => undefined,
    () => undefined,
  );
  return () => account.sync({});
}

describe('when the answer to QUIT is lost', () => {
  it('a letter of the same name that comes later is collected', async () => {
    const bench = new Bench('pop3', { leaveOnServer: 'never' });
    const server = serverOf([{ uidl: '1', bytes: letter('old') }]);
    const sync = collector(bench, server);
    server.answersQuit = false;
    await sync();
    server.answersQuit = true;
    await sync();
    server.letters = [{ uidl: '1', bytes: letter('new one') }];
    await sync();
    expect(new Set(bench.ids().map((id) => bench.row(id)?.subject))).toEqual(new Set(['new one', 'old']));
    expect(server.letters).toEqual([]);
  });

  it('a letter that has got the name meanwhile is not deleted for the other', async () => {
    const bench = new Bench('pop3', { leaveOnServer: 'never' });
    const server = serverOf([{ uidl: '1', bytes: letter('old') }]);
    const sync = collector(bench, server);
    server.answersQuit = false;
    await sync();
    server.letters = [{ uidl: '1', bytes: letter('new one') }];
    server.answersQuit = true;
    await sync();
    expect(new Set(bench.ids().map((id) => bench.row(id)?.subject))).toEqual(new Set(['new one', 'old']));
  });

  it('the same letter is not collected twice, and deleted at last', async () => {
    const bench = new Bench('pop3', { leaveOnServer: 'never' });
    const held = { uidl: '1', bytes: letter('old') };
    const server = serverOf([held]);
    const sync = collector(bench, server);
    server.answersQuit = false;
    await sync();
    server.letters = [held];
    server.answersQuit = true;
    await sync();
    expect(bench.ids()).toHaveLength(1);
    expect(server.letters).toEqual([]);
    expect(bench.uidls()).toEqual(new Set());
  });
});

it('a letter that a server shows again after it was gone is not kept twice', async () => {
  const bench = new Bench('pop3', { leaveOnServer: 'never' });
  const held = { uidl: '1', bytes: letter('old') };
  const server = serverOf([held]);
  const sync = collector(bench, server);
  await sync();
  server.letters = [held];
  await sync();
  expect(bench.ids()).toHaveLength(1);
  expect(server.letters).toEqual([]);
});
