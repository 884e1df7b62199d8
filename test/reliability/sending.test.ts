// A letter goes out once, whatever fails meanwhile, unless the person says otherwise.
import { expect, it } from 'vitest';
import { Outbox } from '../../electron/app/outbox.ts';
import type { Ports } from '../../electron/app/ports.ts';
import { Bench, letter } from '../electron/store/profile.ts';

function queued() {
  const bench = new Bench();
  const { key } = bench.store.enqueue({
    account: bench.account.id,
    bytes: letter('out'),
    skip: 0,
    envelope: { from: 'vera@example.org', to: ['oleg@example.org'] },
    digest: { snippet: '', attachments: 0 },
  });
  return { bench, key };
}

const states = (bench: Bench) =>
  bench.ask<{ state: string }>('SELECT state FROM outbox').map((one) => one.state);

it('asked for again while it is being sent, it is not queued a second time', () => {
  const { bench, key } = queued();
  bench.store.changeOutbox(key, { state: 'sending' });
  bench.store.changeOutbox(key, { state: 'queued' });
  expect(states(bench)).toEqual(['sending']);
  bench.reopen();
  expect(states(bench)).toEqual(['maybe-sent']);
});

it('one that a server took while the disk was full is in Sent when there is room', async () => {
  const { bench } = queued();
  let full = true;
  let submitted = 0;
  const store = new Proxy({} as Ports['store'], {
    get:
      (_target, verb: keyof Bench['store']) =>
      async (...given: never[]) => {
        if (verb === 'markSent' && full) throw new Error('the disk is full');
        return bench.store[verb](...given);
      },
  });
  const submit = async () => {
    submitted += 1;
    return { accepted: ['oleg@example.org'], refused: [], reply: '250 ok' };
  };
  const ports = {
    store,
    engines: { submit },
    secrets: { get: async () => 'x' },
    events: { publish: () => undefined },
  } as unknown as Ports;
  const outbox = new Outbox(ports, () => undefined);
  await outbox.drain(bench.account);
  expect(states(bench)).toEqual(['sending']);
  full = false;
  await outbox.drain(bench.account);
  await outbox.close();
  expect(submitted).toBe(1);
  expect(states(bench)).toEqual([]);
  expect(bench.ids(bench.role('sent').id)).toHaveLength(1);
});
