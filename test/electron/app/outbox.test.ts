import { describe, expect, it } from 'vitest';
import { afterFailure } from '../../../electron/app/outbox.ts';

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
