import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SearchText } from '../../../electron/app/ports-engine.ts';
import { rebuildIndex } from '../../../electron/store/rebuild/rebuild.ts';
import type { MessageKey } from '../../../shared/model/ids.ts';
import { fold } from '../../../shared/search/fold.ts';
import { parseQuery } from '../../../shared/search/parse.ts';
import { Bench, collected, header, incoming, letter, NOW, settings } from './profile.ts';

/** What the MIME thread would read from a letter. */
export function words(given: Partial<SearchText> & { subject?: string }): SearchText {
  const all = { subject: '', from: '', to: '', cc: '', body: '', files: '', ...given };
  return Object.fromEntries(Object.entries(all).map(([name, text]) => [name, fold(text)])) as never;
}
const digest = (given: Partial<SearchText>, attachments = 0) => ({
  snippet: 'x',
  attachments,
  search: words(given),
});
function found(bench: Bench, query: string, more: { limit?: number; offset?: number; best?: boolean } = {}) {
  const { limit = 50, offset = 0, best = false } = more;
  return bench.store.search(parseQuery(query, NOW), { limit, offset, order: best ? 'best' : 'newest' });
}
const subjects = (bench: Bench, query: string) =>
  bench.store.rows(found(bench, query).keys).map((row) => row.subject);
const dated = (subject: string, date: number) =>
  Buffer.from(
    `From: Oleg <oleg@example.org>\r\nTo: v@example.org\r\nSubject: ${subject}\r\nDate: ${new Date(date).toUTCString()}\r\n\r\n`,
  );

describe('a search', () => {
  it('finds by subject, people, text and files, in what is at once read and what is read later', () => {
    const bench = new Bench();
    const text = {
      subject: 'Счёт за май',
      from: 'Вера Петрова vera@example.org',
      to: 'oleg@mail.test',
      cc: 'Zoë zoe@example.net',
      body: 'Здравствуйте! Сумма: 1500 €',
      files: 'invoice-май.pdf',
    };
    bench.take([incoming(1, letter('at once'), { digest: digest(text, 1) }), incoming(2, letter('later'))]);
    expect(found(bench, 'счет').complete).toBe(false);
    const ids = bench.store.undigested(10);
    bench.store.digest(ids.map((id) => ({ id, ...digest(text, 1) })));
    const all = [
      'счёт',
      'СЧЕ',
      'петров',
      'vera@example.org',
      'example.org',
      'vera',
      'mail.test',
      'zoe',
      '1500',
    ];
    for (const query of [
      ...all,
      'invoice',
      'pdf',
      'cc:zoë',
      'from:вера',
      'to:oleg',
      'subject:май',
      'body:сумма',
    ])
      expect([query, subjects(bench, query)]).toEqual([query, ['later', 'at once']]);
    for (const query of [
      'счёты',
      'from:oleg',
      'to:vera',
      'subject:сумма',
      'body:счет',
      'ample',
      '"счет май"',
    ])
      expect([query, subjects(bench, query)]).toEqual([query, []]);
    expect(found(bench, 'счет').complete).toBe(true);
  });

  it('finds by the header what has no body here yet, and by all of it when it comes', () => {
    const bench = new Bench();
    const whole = Buffer.from(
      letter('Headline').toString().replace('To:', 'Cc: Zoë <zoe@example.net>\r\nTo:'),
    );
    bench.take([header(1, whole), header(2, letter('Other'))]);
    expect(found(bench, 'headline')).toEqual({ keys: [], more: false, complete: false });
    expect([bench.store.indexHeaders(1), bench.store.indexHeaders(5), bench.store.indexHeaders(5)]).toEqual([
      1, 1, 0,
    ]);
    for (const query of ['headline', 'cc:zoe', 'zoe headl from:oleg'])
      expect(subjects(bench, query)).toEqual(['Headline']);
    expect(found(bench, 'headline').complete).toBe(true);
    bench.take([incoming(1, whole)]);
    expect(found(bench, 'headline').complete).toBe(false);
    const [id] = bench.store.undigested(5) as [MessageKey];
    bench.store.digest([{ id, ...digest({ subject: 'Headline', body: 'depths' }) }]);
    expect(subjects(bench, 'depths headline')).toEqual(['Headline']);
    expect(subjects(bench, 'zoe')).toEqual([]);
  });

  it('finds by its header what could not be read', () => {
    const bench = new Bench('pop3');
    bench.take([collected('a', letter('Broken'))]);
    bench.store.digest(bench.ids().map((id) => ({ id, snippet: '', attachments: 0 })));
    expect(subjects(bench, 'broken from:oleg')).toEqual(['Broken']);
    expect(bench.store.undigested(5)).toEqual([]);
  });

  it('knows conditions of all kinds', () => {
    const bench = new Bench();
    const archive = bench.role('archive').id;
    const day = (at: number) => new Date(2026, 0, at, 12).getTime();
    bench.take([
      incoming(1, dated('one', day(1)), { flags: ['seen', 'flagged'], digest: digest({ body: 'cat' }) }),
      incoming(2, dated('two', day(2)), { flags: ['answered'], digest: digest({ body: 'cat dog' }, 2) }),
      incoming(3, dated('three', day(3)), { size: 9e6, digest: digest({ body: 'dog' }) }),
    ]);
    bench.take([incoming(1, dated('four', day(4)), { digest: digest({ body: 'cow' }) })], {}, archive);
    bench.store.enqueue({
      account: bench.account.id,
      bytes: dated('waits', day(5)),
      skip: 0,
      envelope: { from: 'a@b.example', to: [] },
      digest: digest({ body: 'cat dog cow' }),
    });
    const cases: [string, string][] = [
      ['cat', 'two one'],
      ['cat -dog', 'one'],
      ['-dog', 'four one'],
      ['cat OR cow', 'four two one'],
      ['cow OR -cat', 'four three'],
      ['is:unread', 'four three two'],
      ['is:read', 'one'],
      ['-is:unread', 'one'],
      ['is:flagged', 'one'],
      ['is:flagged dog', ''],
      ['is:answered OR is:flagged', 'two one'],
      ['is:draft OR cow', 'four'],
      ['is:flagged OR -cat', 'four three one'],
      ['has:attachment', 'two'],
      ['-has:attachment', 'four three one'],
      ['in:archive', 'four'],
      ['in:Archive dog', ''],
      ['in:inbox dog', 'three two'],
      ['in:входящие', 'three two one'],
      ['in:vera@example.org:INBOX cat', 'two one'],
      ['-in:INBOX', 'four'],
      ['in:nowhere', ''],
      ['tag:work', ''],
      ['before:2026-01-03', 'two one'],
      ['after:2026-01-02 before:2026-01-04', 'three two'],
      ['on:2026-01-02 cat', 'two'],
      ['on:2026', 'four three two one'],
      ['smaller:1k', 'four three two one'],
      ['larger:1k', ''],
      ['', ''],
    ];
    for (const [query, expected] of cases)
      expect([query, subjects(bench, query).join(' ')]).toEqual([query, expected]);
  });

  it('forgets a message with its row, whoever deletes it; moving and flags change nothing', () => {
    const bench = new Bench('pop3');
    bench.take(
      [1, 2, 3].map((at) => ({
        ...collected(`u${at}`, letter(`Letter ${at}`)),
        digest: digest({ subject: `letter ${at}`, body: 'cat' }),
      })),
    );
    const [c, b, a] = bench.ids() as [MessageKey, MessageKey, MessageKey];
    bench.store.remove([b]);
    bench.store.move([c], bench.role('trash').id);
    bench.store.flag([a], ['flagged'], []);
    expect(subjects(bench, 'cat')).toEqual(['Letter 3', 'Letter 1']);
    expect(subjects(bench, 'cat in:trash')).toEqual(['Letter 3']);
    const other = bench.store.addAccount(settings('pop3', { email: 'x@example.org' })).account;
    const inbox = bench.store.roleMailbox(other.id, 'inbox').mailbox.id;
    bench.take([{ ...collected('z', letter('Z')), digest: digest({ body: 'cat' }) }], {}, inbox);
    expect(subjects(bench, 'cat')).toHaveLength(3);
    bench.store.removeAccount(other.id);
    expect(subjects(bench, 'cat')).toHaveLength(2);
    expect(bench.ask('SELECT rowid FROM search WHERE search MATCH ?', 'cat')).toHaveLength(2);
    bench.reopen();
    expect(subjects(bench, 'cat')).toHaveLength(2);
    expect(bench.ask('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  });

  it('is there again after the index was rebuilt, as soon as the letters were read again', async () => {
    const bench = new Bench();
    bench.take([
      incoming(1, letter('whole'), { digest: digest({ body: 'cat' }) }),
      header(2, letter('header')),
    ]);
    bench.store.indexHeaders(5);
    const keys = [...found(bench, 'cat').keys, ...found(bench, 'header').keys];
    bench.store.close();
    await rebuildIndex(bench.profile);
    bench.reopen();
    expect(found(bench, 'cat OR header')).toEqual({ keys: [], more: false, complete: false });
    const ids = bench.store.undigested(5);
    bench.store.digest(ids.map((id) => ({ id, ...digest({ body: 'cat' }) })));
    bench.store.indexHeaders(5);
    expect([...found(bench, 'cat').keys, ...found(bench, 'header').keys]).toEqual(keys);
    expect(found(bench, 'cat').complete).toBe(true);
  });

  it('keeps of a message only the words that it had last', () => {
    const bench = new Bench('pop3');
    bench.take([1, 2, 3, 4].map((at) => collected(`u${at}`, letter(`${at}`))));
    const ids = bench.ids();
    const texts = new Map<number, string>();
    const step = fc.record({
      id: fc.constantFrom(...ids),
      body: fc.constantFrom('cat', 'dog', 'cat dog', ''),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (steps) => {
        bench.store.digest(steps.map(({ id, body }) => ({ id, ...digest({ body }) })));
        for (const { id, body } of steps) texts.set(id, body);
        for (const word of ['cat', 'dog'])
          expect(found(bench, word).keys).toEqual(ids.filter((id) => texts.get(id)?.includes(word)));
      }),
      { numRuns: 100, seed: 20_261_121 },
    );
    bench.reopen();
    expect(bench.ask('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  });

  it('hides what is being deleted on the server', () => {
    const bench = new Bench();
    bench.take([incoming(1, letter('a'), { digest: digest({ body: 'cat' }) })]);
    bench.store.remove(bench.ids());
    expect(subjects(bench, 'cat')).toEqual([]);
    expect(subjects(bench, 'is:unread')).toEqual([]);
  });

  it('is in the exact order of the list, page by page, though hundreds came in one second and in any order', () => {
    const bench = new Bench();
    const dates = fc.sample(fc.integer({ min: 0, max: 3 }), { numRuns: 600, seed: 7 });
    bench.take(
      dates.map((at, index) =>
        incoming(index + 1, dated(`${index}`, NOW - 1000 * at), {
          digest: digest({ body: index % 3 === 0 ? 'cat dog' : 'cat' }),
        }),
      ),
    );
    const listed = bench.ids();
    const paged = (query: string) => {
      const keys: MessageKey[] = [];
      for (let more = true; more;) {
        const page = found(bench, query, { limit: 37, offset: keys.length });
        keys.push(...page.keys);
        more = page.more;
      }
      return keys;
    };
    expect(paged('cat')).toEqual(listed);
    expect(paged('in:INBOX')).toEqual(listed);
    expect(paged('is:unread')).toEqual(listed);
    const rows = new Map(bench.store.rows(listed).map((row) => [row.id, Number(row.subject)]));
    expect(paged('dog')).toEqual(listed.filter((id) => (rows.get(id) ?? 0) % 3 === 0));
  });

  it('finds what begins so, however many words do, and few among many', () => {
    const bench = new Bench();
    const added = Array.from({ length: 400 }, (_one, at) =>
      incoming(
        at + 1,
        Buffer.concat([dated(`${at}`, NOW - at * 60_000), Buffer.alloc(at === 55 ? 1_100_000 : 0)]),
        {
          digest: digest({
            body: `every begin${at} ${at % 2 === 0 ? 'evenly' : 'odd'}`,
            from: `begun${at % 9}`,
          }),
          flags: at % 100 === 7 ? ['draft'] : [],
        },
      ),
    );
    bench.take(added);
    bench.take(
      [incoming(1, dated('alone', NOW), { digest: digest({ body: 'every' }) })],
      {},
      bench.role('trash').id,
    );
    const count = (query: string) => found(bench, query, { limit: 1000 }).keys.length;
    expect(['begin', 'begin3', 'begin39', 'begin399', 'beginner', 'ever'].map(count)).toEqual([
      400, 111, 11, 1, 0, 401,
    ]);
    expect(
      ['even', 'from:begu', 'from:begun3', 'to:begun3', '"every begin"', 'begin -odd'].map(count),
    ).toEqual([200, 400, 45, 0, 0, 200]);
    expect(['is:draft begin', 'is:draft even', 'is:draft -begin'].map(count)).toEqual([4, 0, 0]);
    expect(subjects(bench, 'is:draft every')).toEqual(['7', '107', '207', '307']);
    expect(['every larger:1M', 'evenly larger:1M', 'in:trash every', 'in:trash begin'].map(count)).toEqual([
      1, 0, 1, 0,
    ]);
  });

  it('weighs no more than ten thousand: of what more have the subject counts, then the date', () => {
    const bench = new Bench();
    const text = digest({ body: 'every' });
    const named = digest({ subject: 'every', body: 'other' });
    bench.take(
      Array.from({ length: 10_002 }, (_one, at) =>
        incoming(at + 1, dated(`${at}`, NOW - at * 60_000), { digest: at % 4000 === 3999 ? named : text }),
      ),
    );
    const rows = (offset: number) =>
      bench.store.rows(found(bench, 'ever', { best: true, limit: 3, offset }).keys).map((row) => row.subject);
    expect([rows(0), rows(3)]).toEqual([
      ['3999', '7999', '0'],
      ['1', '2', '3'],
    ]);
  });

  it('puts the best first on request', () => {
    const bench = new Bench();
    bench.take([
      incoming(1, dated('in the subject', NOW - 9e9), { digest: digest({ subject: 'needle', body: 'hay' }) }),
      incoming(2, dated('once in much', NOW - 8e9), {
        digest: digest({ body: `needle ${'hay '.repeat(500)}` }),
      }),
      incoming(3, dated('in little', NOW - 7e9), { digest: digest({ body: 'needle hay' }) }),
      incoming(4, dated('not', NOW), { digest: digest({ body: 'hay' }) }),
    ]);
    const best = bench.store.rows(found(bench, 'needle', { best: true }).keys).map((row) => row.subject);
    expect(best).toEqual(['in the subject', 'in little', 'once in much']);
    const { keys, more } = found(bench, 'needle', { best: true, limit: 1, offset: 1 });
    expect([bench.store.rows(keys)[0]?.subject, more]).toEqual(['in little', true]);
    // Nothing to weigh: then the newest.
    expect(bench.store.rows(found(bench, 'is:unread', { best: true }).keys)[0]?.subject).toBe('not');
  });
});

describe('whatever is typed', () => {
  const WORDS = ['cat', 'dog', 'cow', 'ёлка', 'cattle'];

  it('finds what the query says and nothing else', () => {
    const bench = new Bench();
    const texts = fc.sample(fc.array(fc.constantFrom(...WORDS), { maxLength: 5 }), { numRuns: 60, seed: 3 });
    bench.take(
      texts.map((text, at) =>
        incoming(at + 1, dated(`${at}`, NOW - at * 1e6), { digest: digest({ body: text.join(' ') }) }),
      ),
    );
    const part = fc.record({
      not: fc.boolean(),
      or: fc.boolean(),
      words: fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        const query = parts
          .map((one, at) => `${one.or && at > 0 ? 'OR ' : ''}${one.not ? '-' : ''}"${one.words.join(' ')}"`)
          .join(' ');
        const holds = (text: string[], one: (typeof parts)[number]) =>
          ` ${text.join(' ')} `.includes(` ${one.words.join(' ')} `) !== one.not;
        const groups = parts.reduce<(typeof parts)[]>((all, one, at) => {
          const last = all.at(-1);
          if (one.or && at > 0 && last) last.push(one);
          else all.push([one]);
          return all;
        }, []);
        const expected = texts.flatMap((text, at) =>
          groups.every((group) => group.some((one) => holds(text, one))) ? [`${at}`] : [],
        );
        const keys = found(bench, query, { limit: 100 }).keys;
        expect([query, bench.store.rows(keys).map((row) => row.subject)]).toEqual([query, expected]);
        expect(new Set(found(bench, query, { limit: 100, best: true }).keys)).toEqual(new Set(keys));
      }),
      { numRuns: 500, seed: 20_261_121 },
    );
  });

  it('is never an error, nor a language of its own', () => {
    const bench = new Bench();
    bench.take([
      incoming(1, letter('a'), { digest: digest({ subject: 'cat', body: 'cat OR NEAR sender' }) }),
    ]);
    const piece = fc.constantFrom(
      '"',
      '*',
      '(',
      ')',
      '{a b}',
      ':',
      '^',
      '+',
      '-',
      'NEAR(',
      'NOT',
      'AND',
      'OR',
      'NULL',
      "'",
      ';--',
      '\0',
      '\uE000',

      'from:',
      'body:"',
      'sender:',
      'in:',
      'is:unread',
      'has:',
      'on:2026',
      'larger:1',
      'cat',
      ' ',
      '%',
      '?',
      '\u0306',
    );
    const typed = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.array(piece, { maxLength: 20 }).map((all) => all.join('')),
      fc.array(piece, { maxLength: 20 }).map((all) => all.join(' ')),
    );
    fc.assert(
      fc.property(typed, fc.boolean(), (query, best) => {
        expect(found(bench, query, { best }).keys.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 5000, seed: 20_261_121 },
    );
    // Words, and not what FTS5 reads in them.
    for (const query of ['sender:cat', 'ca* t', 'cat NEAR dog', '(cat', '\uE000 dog', "cat' dog"])
      expect([query, subjects(bench, query)]).toEqual([query, query === '(cat' ? ['a'] : []]);
  });
});
