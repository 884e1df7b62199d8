import type { mailboxRequests } from '../shared/contract/mailbox.ts';
import type { operationRequests } from '../shared/contract/operation.ts';
import type { Argument, Result } from '../shared/contract/requests.ts';
import type { Delta } from '../shared/model/delta.ts';
import type { MailboxId } from '../shared/model/ids.ts';
import type { Mailbox } from '../shared/model/mailbox.ts';
import type { WaitingOperation } from '../shared/model/operation.ts';

type Name = keyof typeof mailboxRequests | keyof typeof operationRequests;
type Handlers = { [N in Name]: (argument: Argument<N>) => Result<N> };

/** Mailboxes of the memory bridge, and three things that wait for a server that is not there. */
export function mailboxMemory(boxes: Mailbox[], emit: (delta: Delta) => void): Handlers {
  const first = boxes[0]?.account;
  let waiting: WaitingOperation[] =
    first === undefined
      ? []
      : [
          {
            id: 1,
            account: first,
            kind: 'move',
            messages: 3,
            subject: 'Смета на ремонт',
            from: 'INBOX',
            to: 'Archive',
            made: Date.now() - 90_000,
            attempts: 0,
            begun: false,
            commands: ['SELECT "INBOX"', 'UID MOVE 41,44,47 "Archive"'],
          },
          {
            id: 2,
            account: first,
            kind: 'flag',
            messages: 1,
            subject: 'Re: Saturday',
            from: 'INBOX',
            set: ['seen', 'Project'],
            clear: [],
            made: Date.now() - 60_000,
            attempts: 2,
            refusal: 'NO [OVERQUOTA] Quota exceeded',
            begun: false,
            commands: ['SELECT "INBOX"', 'UID STORE 52 +FLAGS.SILENT (\\Seen Project)'],
          },
        ];
  const told = (box: Mailbox) => emit({ mailboxes: [structuredClone(box)] });
  const find = (id: MailboxId): Mailbox => {
    const box = boxes.find((one) => one.id === id);
    if (!box) throw new Error('there is no such mailbox');
    return box;
  };
  const count = () =>
    emit({
      waiting: [...new Set(boxes.map((box) => box.account))].map((account) => ({
        account,
        count: waiting.filter((one) => one.account === account).length,
        refused: waiting.filter((one) => one.account === account && one.refusal !== undefined).length,
      })),
    });
  setTimeout(count, 0);
  return {
    'mailbox.create': ({ account, name, parent }) => {
      const above = boxes.find((one) => one.id === parent);
      const id = (Math.max(0, ...boxes.map((one) => one.id)) + 1) as MailboxId;
      const path = above ? `${above.path}/${name}` : name;
      const depth = above ? above.depth + 1 : 0;
      boxes.push({
        id,
        account,
        path,
        name,
        depth,
        role: 'none',
        selectable: true,
        total: 0,
        unread: 0,
        delimiter: '/',
      });
      told(find(id));
      return id;
    },
    'mailbox.rename': ({ mailbox, name, parent }) => {
      const box = find(mailbox);
      const levels = box.path.split('/');
      const above = parent === undefined ? levels.slice(0, -1) : parent === null ? [] : [find(parent).path];
      const path = [...above, name].join('/');
      Object.assign(box, { name, path, depth: path.split('/').length - 1 });
      told(box);
    },
    'mailbox.delete': ({ mailbox }) => {
      boxes.splice(boxes.indexOf(find(mailbox)), 1);
      emit({ mailboxesRemoved: [mailbox] });
      return { gone: false };
    },
    'mailbox.subscribe': ({ mailbox, subscribed }) => {
      const box = find(mailbox);
      Object.assign(box, { subscribed });
      told(box);
    },
    'mailbox.set': ({ mailbox, excluded, keep }) => {
      const box = find(mailbox);
      if (excluded !== undefined) box.excluded = excluded;
      if (keep === null) delete box.keep;
      else if (keep !== undefined) box.keep = keep;
      told(box);
    },
    'operation.list': ({ account }) =>
      waiting.filter((one) => account === undefined || one.account === account),
    'operation.cancel': ({ id }) => {
      waiting = waiting.filter((one) => one.id !== id);
      count();
    },
    'operation.retry': () => undefined,
    'deed.list': () => [
      {
        id: 2,
        kind: 'flag',
        made: Date.now() - 60_000,
        messages: 1,
        subject: 'Re: Saturday',
        set: ['seen'],
        undone: false,
      },
      {
        id: 1,
        kind: 'move',
        made: Date.now() - 90_000,
        messages: 3,
        subject: 'Смета на ремонт',
        from: 'INBOX',
        to: 'Archive',
        undone: false,
      },
    ],
    'deed.undo': ({ id = 2 }) => id,
  };
}
