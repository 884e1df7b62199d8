import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { MessageKey } from '../../../shared/model/ids.ts';
import { Bench, header, incoming, letter } from './profile.ts';

/** One EMAILID names one letter, wherever the server shows it (RFC 8474 section 5.1). */
const same = { emailId: 'M123' };

/** Bytes of all segments. */
const sizeOf = (bench: Bench) => bench.segments().reduce((sum, file) => sum + statSync(file).size, 0);

describe('a letter that a server shows in two mailboxes', () => {
  it('is fetched and kept once, whichever comes first', () => {
    const bench = new Bench();
    const archive = bench.store.roleMailbox(bench.account.id, 'archive').mailbox.id;
    const bytes = letter('everywhere');
    // Headers of both, then the body of one.
    bench.take([header(1, bytes, same)]);
    bench.take([header(7, bytes, same)], {}, archive);
    expect(bench.store.bodiless(archive, 5)).toHaveLength(1);
    const files = sizeOf(bench);
    bench.take([incoming(1, bytes, same)]);
    const grown = sizeOf(bench) - files;
    expect(bench.store.bodiless(archive, 5)).toEqual([]);
    const [there] = bench.ids(archive);
    expect(Buffer.from(bench.store.raw(there as MessageKey) ?? []).equals(Buffer.from(bytes))).toBe(true);
    // A third one, of which the body is known already.
    const sent = bench.store.roleMailbox(bench.account.id, 'sent').mailbox.id;
    bench.take([header(3, bytes, same)], {}, sent);
    expect(bench.store.bodiless(sent, 5)).toEqual([]);
    expect(sizeOf(bench) - files).toBe(grown);
    // One that goes takes nothing from the others.
    bench.store.apply(bench.inbox, { added: [], flags: [], removed: [1] });
    // Nothing of it is free.
    expect(bench.store.compact({ grace: 0, least: 0, share: 0 }).state).toBe('idle');
    expect(Buffer.from(bench.store.raw(there as MessageKey) ?? []).equals(Buffer.from(bytes))).toBe(true);
    expect(bench.store.verifyMessages(0).damaged).toEqual([]);
    // With the last of them they go.
    for (const [mailbox, uid] of [
      [archive, 7],
      [sent, 3],
    ] as const)
      bench.store.apply(mailbox, { added: [], flags: [], removed: [uid] });
    expect(bench.store.compact({ grace: 0, least: 0, share: 0 }).state).toBe('working');
  });

  it('of another length, or of another account, it is another letter', () => {
    const bench = new Bench();
    const archive = bench.store.roleMailbox(bench.account.id, 'archive').mailbox.id;
    bench.take([incoming(1, letter('one'), same)]);
    bench.take([header(7, letter('a longer one'), same)], {}, archive);
    expect(bench.store.bodiless(archive, 5)).toHaveLength(1);
  });
});

describe('a server that has numbered a mailbox anew', () => {
  it('is not told to move or delete what had another number: it is where it was, and that is told', () => {
    const bench = new Bench();
    bench.take(
      [1, 2].map((uid) => incoming(uid, letter(`${uid}`))),
      { cursor: { uidValidity: 1 } },
    );
    const [second, first] = bench.ids() as [MessageKey, MessageKey];
    const trash = bench.store.roleMailbox(bench.account.id, 'trash').mailbox.id;
    bench.store.move([first], trash);
    bench.store.remove([second]);
    bench.store.flag([first], ['flagged'], []);
    bench.store.apply(bench.inbox, { added: [], flags: [], removed: [], reset: true });
    expect(bench.ids()).toEqual([second, first]);
    expect(bench.store.operations(bench.account.id)).toMatchObject([
      { kind: 'move', keys: [], refusal: 'UIDVALIDITY' },
      { kind: 'remove', keys: [], refusal: 'UIDVALIDITY' },
      { kind: 'flag', keys: [first] },
    ]);
    // What the server still has is known again, and its flag is told by the new number.
    bench.take([incoming(11, letter('1')), incoming(12, letter('2'))], { cursor: { uidValidity: 2 } });
    expect(bench.ids()).toEqual([second, first]);
    expect(bench.store.places([first])).toMatchObject([{ uid: 11 }]);
  });
});

describe('a message that another client took away', () => {
  const moved = () => {
    const bench = new Bench();
    bench.take([incoming(1, letter('taken'))], { cursor: { uidValidity: 1 } });
    const archive = bench.store.roleMailbox(bench.account.id, 'archive').mailbox.id;
    const [key] = bench.ids() as [MessageKey];
    bench.store.move([key], archive);
    bench.take([], { removed: [1], cursor: { uidValidity: 1 } });
    const [waiting] = bench.store.operations(bench.account.id);
    bench.store.finishOperation(waiting?.id ?? 0, []);
    return { bench, archive, key };
  };

  it('before our move was told is gone here too, once it was looked for', () => {
    const { bench, archive } = moved();
    expect(bench.ids(archive)).toHaveLength(1);
    bench.take([], { cursor: { uidValidity: 5 } }, archive);
    bench.take([], { cursor: { uidValidity: 5 } }, archive);
    expect(bench.ids(archive)).toEqual([]);
  });

  it('is kept when it is found where it was meant to be', () => {
    const { bench, archive, key } = moved();
    bench.take(
      [incoming(9, letter('taken'), { flags: ['seen'], keywords: ['tag'] })],
      { cursor: { uidValidity: 5 } },
      archive,
    );
    bench.take([], { cursor: { uidValidity: 5 } }, archive);
    bench.take([], { cursor: { uidValidity: 5 } }, archive);
    expect(bench.ids(archive)).toEqual([key]);
    // With the flags that it has there by now.
    expect(bench.row(key)).toMatchObject({ flags: ['seen'], keywords: ['tag'] });
  });
});
