import type { Capability, ServerAbilities } from '../../shared/contract/account.ts';
import type { Abilities } from './ports-engine.ts';

/** Offered, and used whenever there is a use for it. */
const KNOWN = new Set([
  'ACL',
  'APPENDLIMIT',
  'BINARY',
  'CHILDREN',
  'COMPRESS=DEFLATE',
  'CONDSTORE',
  'ENABLE',
  'ESEARCH',
  'ID',
  'IDLE',
  'IMAP4REV1',
  'IMAP4REV2',
  'LIST-EXTENDED',
  'LIST-STATUS',
  'LITERAL+',
  'LITERAL-',
  'LOGINDISABLED',
  'MOVE',
  'NAMESPACE',
  'NOTIFY',
  'OBJECTID',
  'QRESYNC',
  'QUOTA',
  'SASL-IR',
  'SPECIAL-USE',
  'STARTTLS',
  'STATUS=SIZE',
  'UIDPLUS',
  'UTF8=ACCEPT',
  'X-GM-EXT-1',
  'XLIST',
]);
/** What only counts once it was switched on. */
const SWITCHED = new Set(['CONDSTORE', 'QRESYNC', 'UTF8=ACCEPT', 'IMAP4REV2', 'NOTIFY', 'COMPRESS=DEFLATE']);
/** Known, and used now and then: of these nothing says whether there was an occasion. */
const OCCASIONAL = new Set(['ACL', 'APPENDLIMIT', 'BINARY', 'LITERAL+', 'LITERAL-', 'QUOTA', 'X-GM-EXT-1']);
/** Known, and left alone; the reasons are told by name (`capability.<name>` of the interface's texts). */
const UNUSED = new Set([
  'CATENATE',
  'CONTEXT=SEARCH',
  'CONVERT',
  'ESORT',
  'I18NLEVEL=1',
  'I18NLEVEL=2',
  'LOGIN-REFERRALS',
  'MAILBOX-REFERRALS',
  'METADATA',
  'METADATA-SERVER',
  'MULTIAPPEND',
  'MULTISEARCH',
  'PREVIEW',
  'PREVIEW=FUZZY',
  'REPLACE',
  'SAVEDATE',
  'SEARCHRES',
  'SEARCH=FUZZY',
  'SNIPPET=FUZZY',
  'SORT',
  'SORT=DISPLAY',
  'THREAD=ORDEREDSUBJECT',
  'THREAD=REFERENCES',
  'THREAD=REFS',
  'UNAUTHENTICATE',
  'UNSELECT',
  'URLAUTH',
  'URLAUTH=BINARY',
  'URL-PARTIAL',
  'WITHIN',
]);
/** Whose absence a person feels; told when they are missing. */
const MISSED = ['IDLE', 'UIDPLUS', 'MOVE', 'CONDSTORE', 'QRESYNC', 'SPECIAL-USE', 'LIST-STATUS', 'NOTIFY'];

/** What a server offers, name by name, with what became of it. */
export function serverAbilities(abilities: Abilities): ServerAbilities {
  const { advertised, enabled, mechanism, server, namespaces } = abilities;
  const folded = new Set(advertised.map(nameOf));
  const stateOf = (name: string): Capability['state'] => {
    if (name.startsWith('AUTH=')) return name === `AUTH=${mechanism.toUpperCase()}` ? 'used' : 'idle';
    if (enabled.includes(name)) return 'used';
    if (UNUSED.has(name)) return 'unused';
    if (!KNOWN.has(name)) return 'unknown';
    return SWITCHED.has(name) || OCCASIONAL.has(name) ? 'idle' : 'used';
  };
  return {
    capabilities: [
      ...advertised.map((name) => ({ name, state: stateOf(nameOf(name)) })),
      ...MISSED.filter((name) => !folded.has(name)).map((name) => ({ name, state: 'missing' as const })),
    ],
    mechanism,
    ...(server ? { server } : {}),
    namespaces,
  };
}

/** Without the figure that some carry: `APPENDLIMIT=1000`. */
function nameOf(capability: string): string {
  return /^(?:APPENDLIMIT|QUOTA)=/u.test(capability) ? (capability.split('=')[0] ?? capability) : capability;
}
