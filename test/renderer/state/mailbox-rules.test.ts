import { describe, expect, it } from 'vitest';
import type { Account } from '../../../shared/model/account.ts';
import type { Mailbox } from '../../../shared/model/mailbox.ts';
import {
  branchesOf,
  goesForGood,
  mayDo,
  obstacleTo,
  parentOf,
  placesFor,
  subtree,
} from '../../../renderer/state/mailbox-rules.ts';
import { mailbox } from '../rows.ts';

const account = { id: 'a', mode: 'imap' } as Account;

function box(id: number, path: string, change: Partial<Mailbox> = {}): Mailbox {
  const levels = path.split('/');
  return {
    ...mailbox(id),
    path,
    name: levels.at(-1) ?? '',
    depth: levels.length - 1,
    delimiter: '/',
    ...change,
  };
}

const inbox = box(1, 'INBOX', { role: 'inbox' });
const trash = box(2, 'Trash', { role: 'trash' });
const lists = box(3, 'Lists');
const changes = box(4, 'Lists/Changes');
const old = box(5, 'Trash/Old');
/** Its name only begins alike. */
const listsToo = box(6, 'Lists too');
const all = [inbox, trash, lists, changes, old, listsToo];

describe('the tree of mailboxes', () => {
  it('knows what is below a mailbox and what above', () => {
    expect(subtree(lists, all)).toEqual([lists, changes]);
    expect(parentOf(changes, all)).toBe(lists);
    expect(parentOf(lists, all)).toBeUndefined();
  });

  it('offers every place but the mailbox itself, what is below it, and where it is', () => {
    expect(placesFor(lists, all)).toEqual([inbox, trash, old, listsToo]);
    expect(placesFor(changes, all)).toContain(null);
    expect(placesFor(changes, all)).not.toContain(lists);
  });

  it('offers no place where the server lets nothing be made', () => {
    expect(placesFor(lists, [lists, { ...inbox, rights: 'lrs' }])).toEqual([]);
  });
});

describe('deleting a mailbox', () => {
  it.each([
    ['one in Trash', old, all, true],
    ['any other', lists, all, false],
    ['one of an account without a Trash', lists, [lists], true],
    ['one that only holds others', { ...lists, selectable: false }, all, true],
  ] as const)('of %s is for good or not', (_, one, boxes, gone) =>
    expect(goesForGood(one, boxes)).toBe(gone),
  );
});

describe('what can’t be done says why', () => {
  it.each([
    ['rename', inbox, 'role'],
    ['delete', trash, 'role'],
    ['sync', inbox, 'inbox'],
    ['sync', lists, undefined],
    ['rename', { ...lists, rights: 'lrsk' }, 'right.x'],
    ['inside', { ...lists, rights: 'lrsx' }, 'right.k'],
    ['inside', { ...lists, rights: 'lrskx' }, undefined],
    ['move', lists, undefined],
  ] as const)('%s', (action, one, why) => expect(obstacleTo(action, one, account, all)).toBe(why));

  it('has no levels where no mailbox has a delimiter', () => {
    const { delimiter: _, ...flat } = lists;
    expect(obstacleTo('inside', flat, account, [flat])).toBe('levels');
    expect(obstacleTo('inside', flat, { ...account, mode: 'pop3' }, [flat])).toBeUndefined();
  });

  it('understands the rights of RFC 2086, too', () => {
    const older = { ...lists, rights: 'lrswipcda' };
    expect((['k', 'x', 'i', 't', 's', 'w'] as const).map((right) => mayDo(older, right))).toEqual(
      Array.from({ length: 6 }, () => true),
    );
    expect(mayDo({ ...lists, rights: 'lrsctd' }, 'k')).toBe(false);
    expect(mayDo(lists, 'x')).toBe(true);
  });
});

describe('subscriptions', () => {
  it('fold away what is not subscribed, and nothing that leads to what is', () => {
    const off = { subscribed: false };
    const boxes = [inbox, { ...lists, ...off }, changes, { ...listsToo, ...off }, { ...trash, ...off }];
    const { own, unsubscribed } = branchesOf(boxes);
    expect(unsubscribed.map((one) => one.path)).toEqual(['Lists too']);
    expect(own.map((one) => one.path)).toEqual(['INBOX', 'Lists', 'Lists/Changes', 'Trash']);
  });

  it('fold nothing where nobody uses them', () => {
    const boxes = [inbox, { ...lists, subscribed: false }, { ...changes, subscribed: false }];
    expect(branchesOf(boxes).unsubscribed).toEqual([]);
  });

  it('are apart from whose a mailbox is', () => {
    const { other, shared } = branchesOf([
      lists,
      { ...changes, owner: 'other' },
      { ...listsToo, owner: 'shared' },
    ]);
    expect([other.length, shared.length]).toEqual([1, 1]);
  });

  it('of the own mailboxes fold nothing away that others gave', () => {
    const given = { ...changes, owner: 'other' as const, subscribed: false };
    expect(branchesOf([lists, given]).other).toEqual([given]);
    const chosen = { ...listsToo, owner: 'other' as const };
    expect(branchesOf([lists, given, chosen])).toMatchObject({ other: [chosen], unsubscribed: [given] });
  });
});
