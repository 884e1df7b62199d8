import { emailOf, known, mailboxNamed, numberOf, type Known } from '../resolve.ts';
import type { Command } from '../command.ts';
import { fit, oneLine } from '../output.ts';
import type { Address, Flag, MessageRow } from '../../../shared/model/message.ts';
import type { MessageKey } from '../../../shared/model/ids.ts';

/** Rows asked for at once. */
const CHUNK = 500;

const mailboxes: Command = {
  name: 'mailboxes',
  arguments: [],
  options: [{ name: 'account', value: 'EMAIL', summary: 'Those of one account.' }],
  summary: 'Shows all mailboxes with how many messages they hold, and how many of them are unread.',
  needs: 'profile',
  run: async (call) => {
    const all = await known(call.link);
    const email = call.value('account')?.toLowerCase();
    for (const one of all.mailboxes) {
      const account = emailOf(all.accounts, one.account);
      if (email !== undefined && account.toLowerCase() !== email) continue;
      const { id, path, role, total, unread, selectable } = one;
      call.output.result(
        { id, account, mailbox: path, role, selectable, total, unread },
        `${oneLine(account)}\t${oneLine(path)}\t${total}\t${unread}`,
      );
    }
  },
};

const list: Command = {
  name: 'list',
  arguments: ['MAILBOX'],
  options: [{ name: 'limit', value: 'N', summary: 'The newest N messages; all of them if left out.' }],
  summary: 'Lists the messages of a mailbox, newest first: number, flags, date, sender, subject.',
  details: [
    'Flags: N unread, F flagged, R answered, W forwarded, D draft, @ attachments, - the body is not here yet.',
    'JSON: id, account, mailbox, uid, uidl, messageId, from, to, subject, date (ISO 8601, UTC), size (bytes), flags, attachments (null until known).',
  ],
  examples: [
    'glasspost list INBOX --limit 20',
    'glasspost --json list vera@example.org:Sent | jq -r .subject',
  ],
  needs: 'profile',
  run: async (call) => {
    const all = await known(call.link);
    const mailbox = mailboxNamed(all, call.arguments[0] ?? '');
    const limit = numberOf(call, 'limit', 0);
    const { ids } = await call.link.request('message.order', {
      view: { kind: 'mailbox', mailbox: mailbox.id },
    });
    const wanted = [...ids.subarray(0, limit)] as MessageKey[];
    for (let at = 0; at < wanted.length; at += CHUNK) {
      const rows = await call.link.request('message.rows', { ids: wanted.slice(at, at + CHUNK) });
      for (const row of rows) call.output.result(rowObject(all, row), rowLine(row, call.output));
    }
  },
};

/** A row as `list --json` gives it. */
export function rowObject(all: Known, row: MessageRow): Record<string, unknown> {
  return {
    id: row.id,
    account: emailOf(all.accounts, row.account),
    mailbox: all.mailboxes.find((one) => one.id === row.mailbox)?.path ?? null,
    uid: row.uid ?? null,
    uidl: row.uidl ?? null,
    messageId: row.messageId,
    from: row.from,
    to: row.to,
    subject: row.subject,
    date: isoDate(row.date),
    size: row.size,
    flags: row.flags,
    attachments: row.attachments ?? null,
  };
}

/** null for what is outside the calendar: a Date field may say anything. */
export function isoDate(ms: number): string | null {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** A row as `list` shows it. @param mailbox shown too, where it is given */
export function rowLine(
  row: MessageRow,
  output: { terminal: boolean; columns: number },
  mailbox?: string,
): string {
  const who = oneLine(row.from.map((one) => one.name || one.address).join(', '));
  const date = (isoDate(row.date) ?? '').slice(0, 16).replace('T', ' ');
  const where = mailbox === undefined ? '' : `${fit(mailbox, 16).padEnd(16)} `;
  const line = `${String(row.id).padStart(6)} ${marks(row)} ${date.padEnd(16)} ${fit(who, 24).padEnd(24)} ${where}${oneLine(row.subject)}`;
  return output.terminal ? fit(line, output.columns) : line;
}

function marks(row: MessageRow): string {
  const has = (flag: Flag) => row.flags.includes(flag);
  return [
    has('seen') ? ' ' : 'N',
    has('flagged') ? 'F' : ' ',
    has('answered') ? 'R' : has('forwarded') ? 'W' : has('draft') ? 'D' : ' ',
    (row.attachments ?? 0) > 0 ? '@' : ' ',
    row.stored ? ' ' : '-',
  ].join('');
}

/** `Name <address>`, as people write it. */
export function people(all: readonly Address[]): string {
  return oneLine(all.map((one) => (one.name ? `${one.name} <${one.address}>` : one.address)).join(', '));
}

export const mailboxCommands: readonly Command[] = [mailboxes, list];
