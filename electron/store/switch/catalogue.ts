import { createHash } from 'node:crypto';
import { readEnvelope } from '../../../shared/mail/envelope.ts';
import { headerEnd } from '../../../shared/mail/header.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { CatalogueEntry } from '../../app/ports-engine.ts';
import type { Context } from '../context.ts';
import { flagBits, keywordText } from '../rows.ts';

/** What a server holds is going to be compared with what is here: forgets what another one held. */
export function beginCatalogue({ db }: Context, account: AccountId): void {
  db.run('DELETE FROM switch_entry WHERE account = ?', account);
}

export function addToCatalogue({ db }: Context, account: AccountId, entries: CatalogueEntry[]): void {
  db.transaction(() => {
    for (const one of entries) {
      const { messageId, header } = one.header ? identityOf(one.header) : { messageId: null, header: null };
      db.run(
        `INSERT OR IGNORE INTO switch_entry (account, path, uid_validity, number, uidl, size, message_id, header, flags, keywords, received)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        account,
        one.path,
        one.uidValidity ?? null,
        one.number,
        one.uidl ?? '',
        one.size,
        messageId,
        header,
        flagBits(one.flags),
        keywordText(one.keywords),
        Number.isFinite(one.received) ? Math.round(one.received) : Date.now(),
      );
    }
  });
}

/** More of what is in the catalogue: headers, or whole messages, of which the hash alone is kept. */
export function describeCatalogue(
  { db }: Context,
  account: AccountId,
  known: { path: string; number: number; bytes: Uint8Array; whole: boolean }[],
): void {
  db.transaction(() => {
    for (const { path, number, bytes, whole } of known) {
      const { messageId, header } = identityOf(bytes);
      db.run(
        `UPDATE switch_entry SET message_id = ?, header = ?, sha256 = coalesce(?, sha256), size = CASE WHEN ? THEN ? ELSE size END
         WHERE account = ? AND path = ? AND number = ?`,
        messageId,
        header,
        whole ? sha256(bytes) : null,
        whole ? 1 : 0,
        bytes.length,
        account,
        path,
        number,
      );
    }
  });
}

/** By what a message is known: its Message-ID, or where it has none the hash of its header block. */
export function identityOf(bytes: Uint8Array): { messageId: string; header: string | null } {
  const { messageId } = readEnvelope(bytes);
  if (messageId !== '') return { messageId, header: null };
  return { messageId, header: `header:${sha256(bytes.subarray(0, headerEnd(bytes).end))}` };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
