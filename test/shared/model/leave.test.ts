import { describe, expect, it } from 'vitest';
import { AccountSettings } from '../../../shared/model/account.ts';
import { leaveText, parseLeave } from '../../../shared/model/leave.ts';

describe('how long a message stays on a POP3 server', () => {
  it.each([
    ['forever', 'forever'],
    ['never', 'never'],
    ['until-deleted', 'until-deleted'],
    ['14d', { hours: 14 * 24 }],
    ['14d12h', { hours: 14 * 24 + 12 }],
    ['6h', { hours: 6 }],
    ['until-size:500M', { bytes: 500_000_000 }],
    ['until-size:1234', { bytes: 1234 }],
    ['until-size:0', { bytes: 0 }],
  ])('%s is read and written', (text, policy) => {
    expect(parseLeave(text)).toEqual(policy);
    expect(leaveText(parseLeave(text) ?? 'never')).toBe(text);
  });

  it('a number alone counts days', () => {
    expect(parseLeave('14')).toEqual({ hours: 336 });
  });

  it.each(['', '0', '0d0h', '-1', '14x', 'until-size:', 'until-size:5T', 'FOREVER', 'h', 'true'])(
    '“%s” is none',
    (text) => {
      expect(parseLeave(text)).toBeUndefined();
    },
  );

  it.each([
    [true, 'forever'],
    [false, 'never'],
  ])('an older program wrote %s', (old, policy) => {
    const read = AccountSettings.parse({ name: '', email: 'a@b.c', mode: 'pop3', leaveOnServer: old });
    expect(read.leaveOnServer).toBe(policy);
  });
});
