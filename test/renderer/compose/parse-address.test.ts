import { describe, expect, it } from 'vitest';
import { faultOf, parseAddresses } from '../../../renderer/feature/compose/parse-address.ts';

describe('parseAddresses', () => {
  it.each([
    ['a@example.org', [['', 'a@example.org']]],
    [
      'Вера <vera@example.org>; b@example.org',
      [
        ['Вера', 'vera@example.org'],
        ['', 'b@example.org'],
      ],
    ],
    ['"Orlov, Pavel" <p@practice.test>,', [['Orlov, Pavel', 'p@practice.test']]],
    ['"a \\"b\\" c" <d@example.org>', [['a "b" c', 'd@example.org']]],
    [
      'a@example.org b@example.org\nc@example.org',
      [
        ['', 'a@example.org'],
        ['', 'b@example.org'],
        ['', 'c@example.org'],
      ],
    ],
    ['mailto:a@example.org', [['', 'a@example.org']]],
    [' , ;', []],
  ])('reads %j', (text, expected) => {
    expect(parseAddresses(text).map((one) => [one.name, one.address])).toEqual(expected);
  });
});

describe('faultOf', () => {
  it.each(['a@example.org', 'a.b+c@x.example.org', 'почта@пример.рф', 'a@[127.0.0.1]', '"a b"@example.org'])(
    'takes %s',
    (address) => expect(faultOf(address)).toBeUndefined(),
  );

  it.each([
    ['vera', 'address.noAt'],
    ['@example.org', 'address.noLocal'],
    ['p.orlov@practice', 'address.noDomain'],
    ['a@example..org', 'address.noDomain'],
    ['a b@example.org', 'address.blank'],
    ['a@b.org c@d.org', 'address.blank'],
    ['a@exam_ple.org', 'address.badCharacter'],
  ])('refuses %s', (address, key) => expect(faultOf(address)?.key).toBe(key));
});
