import { placesOfUidl } from '../../../shared/mail/uidl-format.ts';
import type { Mode } from '../../../shared/model/account.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { Amount } from '../../../shared/model/switch.ts';
import type { Comparison } from '../../app/ports-store.ts';
import type { Context } from '../context.ts';
import type { Row } from '../database.ts';
import { text } from '../text.ts';
import { identityOf } from './catalogue.ts';
import { match, type Entry, type Held, type Hint, type Matching } from './match.ts';

/** What is here and what the server holds, side by side. */
export interface Compared {
  matching: Matching;
  /** Rows of `message`, with where they lie and where the server had them: `path`, `role`, `local`, `place`, `place_validity`. */
  helds: Map<number, Row>;
  /** Rows of `switch_entry`. */
  entries: Map<number, Row>;
}

/** @returns what has to be asked for before all is told that can be */
export function compareCatalogue(context: Context, account: AccountId, to: Mode): Comparison {
  const { db } = context;
  const { matching, helds, entries } = compare(context, account, to);
  const paired = new Map(matching.pairs.map((one) => [one.held, one]));
  const known = new Set([...matching.pairs, ...matching.copies].map(({ entry }) => entry));
  const unsure = new Set(matching.unsure);
  const heldsOf = (is: (row: Row) => boolean) => amount([...helds.values()].filter(is));
  const isPaired = (row: Row) => paired.has(Number(row['id']));
  const isFiled = (row: Row) => {
    const pair = paired.get(Number(row['id']));
    const entry = pair && entries.get(pair.entry);
    return to === 'imap' && entry !== undefined && row['path'] !== entry['path'] && row['role'] !== 'inbox';
  };
  const places = ({ id }: { id: number }) => {
    const row = entries.get(id);
    return row ? [{ path: String(row['path']), number: Number(row['number']) }] : [];
  };
  const waiting = db.get('SELECT count(*) AS n FROM operation WHERE account = ?', account);
  const count = (by: string) => matching.pairs.filter((one) => one.by === by).length;
  return {
    plan: {
      account,
      to,
      matched: heldsOf(isPaired),
      by: { known: count('known'), format: count('format'), content: count('content'), hash: count('hash') },
      filed: heldsOf(isFiled),
      onlyHere: heldsOf((row) => !isPaired(row)),
      onlyServer: amount(
        [...entries.values()].filter(
          (row) => !known.has(Number(row['id'])) && !unsure.has(Number(row['id'])),
        ),
      ),
      ambiguous: amount([...entries.values()].filter((row) => unsure.has(Number(row['id'])))),
      bodiless: heldsOf((row) => row['sha256'] === null),
      local: [
        ...new Set(
          [...helds.values()]
            .filter((row) => to === 'imap' && (!isPaired(row) || isFiled(row)) && row['local'] === 0)
            .map((row) => String(row['path'])),
        ),
      ].toSorted((a, b) => (a < b ? -1 : 1)),
      flagged:
        to === 'imap'
          ? matching.pairs.filter(({ entry, held }) => {
              const [theirs, ours] = [entries.get(entry), helds.get(held)];
              return theirs && ours && tells(ours, theirs);
            }).length
          : 0,
      waiting: Number(waiting?.['n'] ?? 0),
    },
    headers: matching.ask.flatMap((id) => places({ id })),
    whole: matching.unsure
      .filter((id) => entries.get(id)?.['sha256'] === null)
      .flatMap((id) => places({ id })),
  };

  function tells(ours: Row, theirs: Row): boolean {
    const { flags, keywords } = merged(ours, theirs);
    return flags !== theirs['flags'] || keywords.length > 0;
  }
}

/** Flags that say what is so wherever the message is: a draft or a deleted one is so on its server alone. */
const EVERYWHERE = 1 | 2 | 4 | 32;

const SEEN = 1;

/**
 * What both sides say of a message: read, starred, answered or forwarded on one side is so; tags of both. Of one that was
 * collected by POP3 it is known here alone whether it was read: most servers take RETR for reading.
 * @returns the flags of both, and the tags that the server does not have
 */
export function merged(ours: Row, theirs: Row): { flags: number; keywords: string[] } {
  const words = (row: Row) => String(row['keywords']).split(' ').filter(Boolean);
  const there = new Set(words(theirs));
  return {
    flags:
      (Number(theirs['flags']) & (ours['uid'] === null ? ~SEEN : ~0)) | (Number(ours['flags']) & EVERYWHERE),
    keywords: words(ours).filter((one) => !there.has(one)),
  };
}

export function compare(context: Context, account: AccountId, to: Mode): Compared {
  const { db } = context;
  const helds = new Map(
    db
      .all(
        `SELECT m.id, m.mailbox, m.uid_mailbox, m.uid, m.uidl, m.flags, m.keywords, m.message_id, m.sha256, m.size,
           coalesce(m.raw_length, m.size) AS length, b.path, b.role, b.local, u.path AS place, u.uid_validity AS place_validity
         FROM mailbox b JOIN message m ON m.mailbox = b.id LEFT JOIN mailbox u ON u.id = m.uid_mailbox
         WHERE b.account = ? AND m.hidden = 0 AND b.role <> 'outbox' ORDER BY m.id`,
        account,
      )
      .map((row) => [Number(row['id']), row]),
  );
  const entries = new Map(
    db
      .all('SELECT * FROM switch_entry WHERE account = ? ORDER BY id', account)
      .map((row) => [Number(row['id']), row]),
  );
  const hints = to === 'imap' ? byPlace(helds, entries) : byUidl(helds, entries);
  const matching = match(
    [...helds.values()].map((row) => heldOf(context, row)),
    [...entries.values()].map(entryOf),
    hints,
  );
  return { matching, helds, entries };
}

function heldOf({ segments }: Context, row: Row): Held {
  const { sha256 } = row;
  const messageId = String(row['message_id']);
  const bytes = messageId === '' && sha256 !== null ? segments.read(Number(row['id'])) : undefined;
  const header = bytes && identityOf(bytes).header;
  return {
    id: Number(row['id']),
    size: Number(row['length']),
    messageId,
    ...(header ? { header } : {}),
    ...(sha256 === null ? {} : { sha: (sha256 as Buffer).toString('hex') }),
  };
}

function entryOf(row: Row): Entry {
  const { message_id: messageId, header, sha256 } = row;
  return {
    id: Number(row['id']),
    size: Number(row['size']),
    messageId: text(messageId),
    ...(typeof header === 'string' ? { header } : {}),
    ...(typeof sha256 === 'string' ? { sha: sha256 } : {}),
  };
}

/** An IMAP server's messages: by the UID that they had, else by the UID that their UIDL tells. */
function byPlace(helds: Map<number, Row>, entries: Map<number, Row>): Map<number, Hint> {
  const at = new Map(
    [...entries.values()].map((row) => [`${String(row['number'])} ${String(row['path'])}`, row]),
  );
  const hints = new Map<number, Hint>();
  const hint = (entry: Row | undefined, row: Row, by: Hint['by']) => {
    if (!entry) return;
    const id = Number(entry['id']);
    const known = hints.get(id);
    // A copy that lies where the server has it comes first.
    const better = by === 'known' && (known?.by !== 'known' || row['path'] === entry['path']);
    if (!known || better) hints.set(id, { held: Number(row['id']), by });
  };
  for (const row of helds.values()) {
    if (row['uid'] !== null && row['place'] !== null) {
      const entry = at.get(`${Number(row['uid'])} ${text(row['place'])}`);
      if (entry?.['uid_validity'] === row['place_validity']) hint(entry, row, 'known');
    }
    if (typeof row['uidl'] !== 'string') continue;
    for (const { uid, uidValidity } of placesOfUidl(row['uidl'])) {
      const entry = at.get(`${uid} INBOX`);
      if (uidValidity === undefined || entry?.['uid_validity'] === uidValidity) hint(entry, row, 'format');
    }
  }
  return hints;
}

/** A POP3 server's messages: by their UIDL, else by the UID that it tells. */
function byUidl(helds: Map<number, Row>, entries: Map<number, Row>): Map<number, Hint> {
  const named = new Map<string, Row>();
  const placed = new Map<string, Row>();
  for (const row of helds.values()) {
    const inInbox = row['role'] === 'inbox';
    const { uidl } = row;
    if (typeof uidl === 'string' && (inInbox || !named.has(uidl))) named.set(uidl, row);
    if (row['uid'] !== null && text(row['place'])?.toUpperCase() === 'INBOX') {
      const uid = Number(row['uid']);
      placed.set(`${uid} ${Number(row['place_validity'])}`, row);
      placed.set(String(uid), row);
    }
  }
  const times = new Map<string, number>();
  for (const row of entries.values())
    times.set(String(row['uidl']), (times.get(String(row['uidl'])) ?? 0) + 1);
  const hints = new Map<number, Hint>();
  for (const row of entries.values()) {
    const uidl = String(row['uidl']);
    // One that stands twice in the list names no message for certain.
    if (uidl === '' || times.get(uidl) !== 1) continue;
    const known = named.get(uidl);
    const [place] = placesOfUidl(uidl);
    const guess =
      place && placed.get([place.uid, place.uidValidity].filter((one) => one !== undefined).join(' '));
    const held = known ?? guess;
    if (held) hints.set(Number(row['id']), { held: Number(held['id']), by: known ? 'known' : 'format' });
  }
  return hints;
}

function amount(rows: Row[]): Amount {
  return {
    messages: rows.length,
    bytes: rows.reduce((sum, row) => sum + Number(row['length'] ?? row['size']), 0),
  };
}
