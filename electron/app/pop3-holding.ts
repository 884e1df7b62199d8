import { readEnvelope } from '../../shared/mail/envelope.ts';
import type { ServerHolding, ServerLook, ServerMessage } from '../../shared/contract/pop3.ts';
import type { Account } from '../../shared/model/account.ts';
import type { MessageRow } from '../../shared/model/message.ts';
import type { Ports } from './ports.ts';
import { collectedOf } from './pop3-collect.ts';
import type { Pop3Link, Pop3Listing } from './ports-engine.ts';
import { removalsOf, uniqueUidls } from './removals.ts';

/** What the server holds, row by row, and what becomes of it. */
export async function holdingOf(
  store: Ports['store'],
  account: Account,
  listed: readonly Pop3Listing[],
): Promise<ServerHolding> {
  const known = await collectedOf(store, account.id);
  const fates = removalsOf(account.leaveOnServer, listed, known, Date.now());
  const certain = uniqueUidls(listed);
  const keys = listed.flatMap(({ uidl }) => known.get(uidl)?.key ?? []);
  const rows = new Map((await store.rows(keys)).map((row): [number, MessageRow] => [row.id, row]));
  const messages = listed.map((one): ServerMessage => {
    const held = known.get(one.uidl);
    const row = held?.key === undefined ? undefined : rows.get(held.key);
    const fate = fates.get(one.number);
    return {
      ...one,
      certain: certain.has(one.uidl),
      held: held?.held ?? 'nothing',
      stays: held?.stays ?? false,
      ...(held?.key === undefined ? {} : { key: held.key }),
      ...(held?.collected === undefined ? {} : { collected: held.collected }),
      ...(held?.deleted === undefined ? {} : { deleted: held.deleted }),
      ...(fate ? { fate } : {}),
      ...(row ? { summary: { subject: row.subject, from: row.from, date: row.date } } : {}),
    };
  });
  const bytes = listed.reduce((sum, one) => sum + one.size, 0);
  return { messages, bytes, policy: account.leaveOnServer };
}

/** Headers of messages on the server, and the beginning of their texts when lines are asked for. @throws MailError */
export async function lookAt(
  mime: Ports['mime'],
  link: Pop3Link,
  wanted: readonly Pop3Listing[],
  lines: number,
): Promise<ServerLook[]> {
  const names = new Map(wanted.map((one) => [one.number, one.uidl]));
  const looks: ServerLook[] = [];
  await link.tops(
    wanted.map((one) => one.number),
    lines,
    async (batch) => {
      for (const { number, bytes } of batch) {
        if (!bytes) continue;
        const { subject, from, date } = readEnvelope(bytes);
        const digest = lines > 0 ? await mime.digest(bytes).catch(() => undefined) : undefined;
        looks.push({
          uidl: names.get(number) ?? '',
          subject,
          from,
          ...(date === undefined ? {} : { date }),
          ...(digest ? { preview: digest.snippet } : {}),
        });
      }
    },
  );
  return looks;
}
