import { randomUUID } from 'node:crypto';
import type { Delta } from '../../shared/model/delta.ts';
import type { Draft, DraftEdit } from '../../shared/model/draft.ts';
import type { DraftId } from '../../shared/model/ids.ts';
import { change, type Context } from './context.ts';
import { ATTACHMENTS } from './letter-rows.ts';
import { draftOf } from './rows.ts';

export function draft({ db }: Context, id: DraftId): Draft | undefined {
  const row = db.get('SELECT * FROM draft WHERE id = ? AND message IS NULL', id);
  return row && draftOf(row, db.all(ATTACHMENTS, id));
}

export function createDraft(
  context: Context,
  given: Omit<Draft, 'id' | 'updated' | 'attachments'>,
): { draft: Draft; delta: Delta } {
  const id = randomUUID() as DraftId;
  const { account, ...content } = given;
  return written(context, id, () => {
    context.db.run(
      'INSERT INTO draft (id, account, content, updated) VALUES (?, ?, ?, ?)',
      id,
      account,
      JSON.stringify(content),
      Date.now(),
    );
  });
}

/** @throws when the draft is gone: sent or thrown away in another window */
export function saveDraft(context: Context, edit: DraftEdit): { draft: Draft; delta: Delta } {
  const old = required(context, edit.id);
  const { id, account, ...changed } = edit;
  const { id: _id, account: _account, updated: _updated, attachments: _attachments, ...kept } = old;
  return written(context, id, () => {
    context.db.run(
      'UPDATE draft SET account = ?, content = ?, updated = ? WHERE id = ?',
      account,
      JSON.stringify({ ...kept, ...changed }),
      Date.now(),
      id,
    );
  });
}

export function attach(
  context: Context,
  id: DraftId,
  files: { name: string; type: string; bytes: Uint8Array }[],
): { draft: Draft; delta: Delta } {
  required(context, id);
  return written(context, id, () => {
    for (const file of files) {
      context.db.run(
        'INSERT INTO draft_attachment (draft, name, type, bytes) VALUES (?, ?, ?, ?)',
        id,
        file.name,
        file.type,
        file.bytes,
      );
    }
  });
}

export function detach(context: Context, id: DraftId, attachment: number): { draft: Draft; delta: Delta } {
  return written(context, id, () => {
    context.db.run('DELETE FROM draft_attachment WHERE draft = ? AND id = ?', id, attachment);
  });
}

export function attachments(
  { db }: Context,
  id: DraftId,
): { name: string; type: string; bytes: Uint8Array }[] {
  return db
    .all('SELECT name, type, bytes FROM draft_attachment WHERE draft = ? ORDER BY id', id)
    .map((row) => ({
      name: String(row['name']),
      type: String(row['type']),
      bytes: row['bytes'] as Uint8Array,
    }));
}

export function discardDraft(context: Context, id: DraftId): Delta {
  return change(context, (changes) => {
    context.db.run('DELETE FROM draft WHERE id = ? AND message IS NULL', id);
    changes.draftGone(id);
  }).delta;
}

function written(context: Context, id: DraftId, work: () => void): { draft: Draft; delta: Delta } {
  const { delta } = change(context, (changes) => {
    work();
    changes.drafts();
  });
  return { draft: required(context, id), delta };
}

function required(context: Context, id: DraftId): Draft {
  const found = draft(context, id);
  if (!found) throw new Error('this draft was sent or thrown away');
  return found;
}
