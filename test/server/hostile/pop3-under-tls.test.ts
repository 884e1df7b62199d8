import { expect, inject, it } from 'vitest';
import { playAll } from './all.ts';
import { pop3UnderTls } from './cases/pop3-under-tls.ts';

it(
  'holds out against each of these servers, and works again when they heal',
  { timeout: 180_000 },
  async () => {
    const cases = pop3UnderTls.filter((one) => one.heavy !== true);
    const played = await playAll(cases, inject('programs'));
    expect(played.filter(({ problems }) => problems.length > 0)).toEqual([]);
    expect(played).toHaveLength(cases.length);
  },
);
