import { describe, expect, it } from 'vitest';
import { afterFailure, Outbox } from '../../../electron/app/outbox.ts';
import type { Ports } from '../../../electron/app/ports.ts';
import type { OutboxChange, OutgoingLetter } from '../../../electron/app/ports-store.ts';
import type { Account } from '../../../shared/model/account.ts';
import type { MessageKey } from '../../../shared/model/ids.ts';

describe('a letter that was not accepted', () => {
  it.each([
    ['maybe-sent', '', 'maybe-sent'],
    ['recipient-refused', '550 5.1.1 nobody', 'refused'],
    ['server-refused', '554 5.7.1 no', 'refused'],
    ['message-too-big', '552 5.3.4 big', 'refused'],
    ['server-refused', '451 4.3.0 later', 'waiting'],
    ['recipient-refused', '450 4.2.1 greylisted', 'waiting'],
    ['refused', 'connect ECONNREFUSED', 'waiting'],
    ['host-not-found', '', 'waiting'],
    ['wrong-password', '535 no', 'waiting'],
    ['no-password', '', 'waiting'],
    ['certificate-untrusted', '', 'waiting'],
  ] as const)('%s (%s) is %s', (code, detail, state) => {
    expect(afterFailure({ code, detail }, 0).state).toBe(state);
  });

  it('is tried less and less often, once an hour at last', () => {
    const waits = [0, 1, 2, 5, 20].map((attempts) => {
      const change = afterFailure({ code: 'timeout', detail: '' }, attempts, 1000);
      return change.state === 'waiting' ? (change.nextTry - 1000) / 1000 : 0;
    });
    expect(waits).toEqual([30, 60, 120, 960, 3600]);
  });
});

/** A store with one letter, whose files or disk may fail; and a server that counts what it is given. */
function withOneLetter(fault: { bytesGone?: boolean; markFails?: boolean }) {
  const states: OutboxChange[] = [];
  let submitted = 0;
  const letter: OutgoingLetter = {
    key: 1 as MessageKey,
    account: 'a' as Account['id'],
    envelope: { from: 'vera@example.test', to: ['oleg@example.test'] },
    skip: 0,
    attempts: 0,
  };
  const ports = {
    store: {
      nextLetter: async () =>
        ['sending', 'refused', 'waiting'].includes(states.at(-1)?.state ?? '') ? undefined : letter,
      raw: async () => (fault.bytesGone ? undefined : new Uint8Array([1])),
      changeOutbox: async (_key: MessageKey, change: OutboxChange) => {
        states.push(change);
        return {};
      },
      markSent: async () => {
        if (fault.markFails) throw new Error('the disk is full');
        states.push({ state: 'sending' });
        return {};
      },
      rows: async () => [],
    },
    engines: {
      submit: async () => {
        submitted += 1;
        return { accepted: ['oleg@example.test'], refused: [], reply: '250 ok' };
      },
    },
    secrets: { get: async () => 'a password' },
    events: { publish: () => undefined },
  } as unknown as Ports;
  return { outbox: new Outbox(ports, () => undefined), states, submitted: () => submitted };
}

describe('the outbox', () => {
  const account = { id: 'a', email: 'vera@example.test', smtp: {} } as unknown as Account;

  it('never sends a letter again that the server accepted, even when the disk fails at once', async () => {
    const { outbox, states, submitted } = withOneLetter({ markFails: true });
    void outbox.drain(account);
    await outbox.close();
    expect(submitted()).toBe(1);
    expect(states).toEqual([{ state: 'sending' }]);
  });

  it('says so when the bytes of a letter are gone, and sends nothing', async () => {
    const { outbox, states, submitted } = withOneLetter({ bytesGone: true });
    void outbox.drain(account);
    await outbox.close();
    expect(submitted()).toBe(0);
    expect(states).toMatchObject([{ state: 'refused', failure: { code: 'internal' } }]);
  });
});
