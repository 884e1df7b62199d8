import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { MailboxId, MessageKey } from '../../../shared/model/ids.ts';
import { serverAbilities } from '../../../electron/app/capabilities.ts';
import { groupBySource } from '../../../renderer/feature/list/groups.ts';
import { apply, type Data } from '../../../renderer/state/apply.ts';
import { forbiddenIn } from '../../../renderer/state/mailbox-rules.ts';
import { fullness } from '../../../renderer/state/fullness.ts';
import { sectionsOf } from '../../../renderer/state/sections.ts';
import { MISSED, UNUSED } from '../../../renderer/text/capability-reasons.ts';
import { mailbox, order, row } from '../rows.ts';

const keys = (...ids: number[]) => new Set(ids as MessageKey[]);

describe('what a search found', () => {
  const found = order([5, 50], [3, 30], [9, 90]);
  const data = (): Data => ({
    accounts: [],
    mailboxes: [mailbox(1), mailbox(2, 'trash')],
    drafts: [],
    outbox: [],
    waiting: [],
    view: { kind: 'search', query: 'x' },
    order: found,
    rows: new Map([row(5, 50), row(3, 30), row(9, 90)].map((one) => [one.id, one])),
    selected: keys(5),
    cursor: 5 as MessageKey,
  });

  it('stands in two parts, each with its heading', () => {
    expect(sectionsOf(found, keys(9))).toEqual({ here: 2, server: 1 });
    const say = (key: string) => key;
    expect(groupBySource(found, keys(9), false, say, 'en')).toEqual([
      { label: 'search.here', first: 0, item: 0 },
      { label: 'search.server', first: 2, item: 3 },
    ]);
    expect(groupBySource(found, keys(5, 3, 9), false, say, 'en')).toEqual([
      { label: 'search.server', first: 0, item: 0 },
    ]);
  });

  it('keeps its order when mail arrives or changes', () => {
    const next = apply(data(), { messages: [row(10, 99), row(3, 30, { flags: ['seen'] })] });
    expect(next.order).toBe(found);
    expect(next.rows.get(3 as MessageKey)?.flags).toEqual(['seen']);
  });

  it('loses what goes into Trash or for good, and the cursor steps on', () => {
    const gone = { messages: [row(5, 50, { mailbox: 2 as MailboxId })], messagesRemoved: [9 as MessageKey] };
    const next = apply(data(), gone);
    expect([...(next.order?.ids ?? [])]).toEqual([3]);
    expect(next.cursor).toBe(3);
  });
});

describe('rights', () => {
  it('of the mailboxes of all messages count', () => {
    const rows = new Map([row(1, 1), row(2, 1, { mailbox: 2 as MailboxId })].map((one) => [one.id, one]));
    const mailboxes = [{ ...mailbox(1), rights: 'lrs' }, mailbox(2)];
    expect(forbiddenIn({ rows, mailboxes }, keys(1, 2))).toEqual(['t', 'w']);
    expect(forbiddenIn({ rows, mailboxes }, keys(2))).toEqual([]);
  });
});

describe('the room on a server', () => {
  it('is as full as the fullest of its limits', () => {
    const quota = { root: '', storage: { used: 95, limit: 100 }, messages: { used: 10, limit: 100 } };
    expect(fullness([quota])).toBe(95);
    expect(fullness([{ root: '', storage: { used: 5, limit: 0 } }])).toBeUndefined();
    expect(fullness([])).toBeUndefined();
  });
});

describe('the reasons', () => {
  it('are told for all that is not used, and for all that is missed', () => {
    const source = readFileSync(new URL('../../../electron/app/capabilities.ts', import.meta.url), 'utf8');
    const block = /const UNUSED = new Set\(\[(.*?)\]\)/su.exec(source)?.[1] ?? '';
    const names = [...block.matchAll(/'([^']+)'/gu)].map((match) => match[1] ?? '');
    expect(names.length).toBeGreaterThan(20);
    expect(Object.keys(UNUSED).toSorted()).toEqual(names.toSorted());
    const bare = serverAbilities({ advertised: [], enabled: [], mechanism: '', namespaces: [] });
    expect(Object.keys(MISSED).toSorted()).toEqual(bare.capabilities.map((one) => one.name).toSorted());
  });
});
