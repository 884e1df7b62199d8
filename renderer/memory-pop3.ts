import type { Argument, Result } from '../shared/contract/requests.ts';
import type { pop3Requests } from '../shared/contract/pop3.ts';
import { pop3Account } from './memory-data.ts';

type Name = keyof typeof pop3Requests;
type Handlers = { [N in Name]: (argument: Argument<N>) => Result<N> };

const HOUR = 3_600_000;
const FROM = { name: 'Олег Ветров', address: 'oleg@example.org' };

/** A POP3 server of ten thousand messages, for the imitation. */
export function pop3Memory(now: number): Handlers {
  let messages: Result<'pop3.list'>['messages'] = Array.from({ length: 10_000 }, (_one, at) => ({
    number: at + 1,
    size: 2000 + ((at * 7919) % 90_000),
    uidl: `0000${at.toString(16)}`,
    certain: true,
    held: at % 3 === 0 ? ('nothing' as const) : at % 7 === 0 ? ('header' as const) : ('whole' as const),
    stays: false,
    ...(at % 3 === 0 ? {} : { collected: now - at * HOUR }),
    ...(at % 5 === 1
      ? {
          fate: {
            reason: at % 2 === 0 ? ('age' as const) : ('deleted-here' as const),
            due: now + (at - 50) * HOUR,
          },
        }
      : {}),
    ...(at % 3 === 0
      ? {}
      : { summary: { subject: `Letter ${at + 1}`, from: [FROM], date: now - at * HOUR } }),
  }));
  return {
    'pop3.list': () => ({
      messages,
      bytes: messages.reduce((sum, one) => sum + one.size, 0),
      policy: pop3Account.leaveOnServer,
    }),
    'pop3.look': ({ uidls, lines }) =>
      uidls.map((uidl) => ({
        uidl,
        subject: `Letter ${Number.parseInt(uidl, 16) + 1}`,
        from: [FROM],
        date: now - Number.parseInt(uidl, 16) * HOUR,
        ...(lines > 0 ? { preview: 'Good day, and the beginning of a text.' } : {}),
      })),
    'pop3.apply': ({ get, remove }) => {
      const gone = new Set(remove.map((one) => one.uidl));
      const got = new Set(get);
      messages = messages
        .filter((one) => !gone.has(one.uidl))
        .map((one) => (got.has(one.uidl) ? { ...one, held: 'whole' as const } : one));
      return { collected: got.size, removed: [...gone], kept: [] };
    },
    'pop3.stop': () => undefined,
    'pop3.leave': () => undefined,
  };
}
