import type { Command } from '../command.ts';
import { oneLine } from '../output.ts';
import { known, numberOf } from '../resolve.ts';
import { rowLine, rowObject } from './mailbox.ts';

/** Found where nothing else is asked for, and asked for at once. */
const LIMIT = 50;
const CHUNK = 1000;

const search: Command = {
  name: 'search',
  arguments: ['QUERY...'],
  options: [
    { name: 'limit', value: 'N', summary: `At most N messages; ${LIMIT} if left out.` },
    { name: 'rank', summary: 'The best first, not the newest.' },
  ],
  marks: /^-[^-]/u,
  summary: 'Finds messages in all mailboxes, newest first: as list shows them, and the mailbox.',
  details: [
    'Words must all be there, in the subject, the people, the text or the names of attachments; each may go on: invo finds invoices. A "phrase in quotes" is found as it is. OR between two, a minus before one: cat OR dog, -spam. Case, accents and ё make no difference.',
    'from: to: cc: subject: body: - words in one place. in:MAILBOX, in:trash. is:unread, read, flagged, answered, forwarded, draft. has:attachment. larger:5M smaller:500k.',
    'before: after: on: - 2026-01-31, 2026-01, 2026, today, yesterday, 7d, 2w, 3m, 1y ago.',
    'JSON: as that of list.',
  ],
  examples: [
    'glasspost search invoice from:vera@example.org after:2026-01',
    `glasspost search '"see you tomorrow" is:unread in:INBOX'`,
    'glasspost --json search has:attachment larger:5M --limit 1000 | jq -r .subject',
  ],
  needs: 'profile',
  run: async (call) => {
    const query = call.arguments.join(' ');
    const all = await known(call.link);
    const limit = numberOf(call, 'limit', 1) ?? LIMIT;
    const order = call.has('rank') ? 'best' : 'newest';
    let complete = true;
    for (let offset = 0, more = true; more && offset < limit; offset += CHUNK) {
      const found = await call.link.request('message.search', {
        query,
        limit: Math.min(CHUNK, limit - offset),
        offset,
        order,
      });
      more = found.more;
      complete = found.complete;
      if (offset === 0)
        for (const { operator, value } of found.notes)
          call.output.note(`${operator}:${value} is not understood; it is looked for as words.`);
      for (const row of found.rows) {
        const mailbox = all.mailboxes.find((one) => one.id === row.mailbox)?.path ?? '';
        call.output.result(rowObject(all, row), rowLine(row, call.output, oneLine(mailbox)));
      }
    }
    if (!complete)
      call.output.note(
        'Some messages were not read for the search yet: glasspost sync does, the window too.',
      );
  },
};

export const searchCommands: readonly Command[] = [search];
