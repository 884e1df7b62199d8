import type { Credentials, Exchange, MechanismName } from './exchange.ts';
import { Scram } from './scram.ts';
import { Bearer, CramMd5, LoginMechanism, Plain } from './simple.ts';

type Make = (credentials: Credentials) => Exchange;

/** What says least about the password first. */
const BY_PASSWORD: readonly (readonly [MechanismName, Make])[] = [
  ['SCRAM-SHA-256', (who) => new Scram('sha256', who)],
  ['SCRAM-SHA-1', (who) => new Scram('sha1', who)],
  ['CRAM-MD5', (who) => new CramMd5(who)],
  ['PLAIN', (who) => new Plain(who)],
  ['LOGIN', (who) => new LoginMechanism(who)],
];
/** The standard's form tells the server what it is meant for, too. */
const BY_TOKEN: readonly (readonly [MechanismName, Make])[] = [
  ['OAUTHBEARER', (who) => new Bearer('OAUTHBEARER', who)],
  ['XOAUTH2', (who) => new Bearer('XOAUTH2', who)],
];

/** The logins that the server offers and we speak, best first; each is made when its turn comes. */
export function exchanges(offered: Iterable<string>, credentials: Credentials): (() => Exchange)[] {
  const names = new Set([...offered].map((name) => name.toUpperCase()));
  return (credentials.token === undefined ? BY_PASSWORD : BY_TOKEN)
    .filter(([name]) => names.has(name))
    .map(
      ([, make]) =>
        () =>
          make(credentials),
    );
}
