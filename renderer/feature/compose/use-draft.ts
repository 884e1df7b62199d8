import { useCallback, useEffect, useRef, useState } from 'react';
import type { Draft, DraftEdit } from '../../../shared/model/draft.ts';
import type { Failure } from '../../../shared/model/failure.ts';
import type { DraftId } from '../../../shared/model/ids.ts';
import { bridge } from '../../bridge.ts';
import { ask } from '../../state/request.ts';
import { settleFields } from './settle.ts';

/** Long enough not to save in the middle of a word, short enough to lose nothing that matters. */
const SAVE_AFTER = 800;

export type Saving = 'saved' | 'unsaved' | 'saving' | 'failed';

export interface DraftState {
  draft: Draft | null;
  failure: Failure | null;
  saving: Saving;
  /** It was sent or thrown away. */
  gone: boolean;
  change: (change: Partial<DraftEdit>) => void;
  /** The draft with its last change, also before that is drawn. */
  latest: () => Draft | null;
  /** Saves what was changed, and is done when main has it. */
  save: () => Promise<boolean>;
  /** Takes over the attachments of a draft that main changed. */
  takeAttachments: (draft: Draft) => void;
}

function editOf(draft: Draft): DraftEdit {
  const { id, account, to, cc, bcc, subject, format, body } = draft;
  return { id, account, to, cc, bcc, subject, format, body };
}

/** A draft being edited: loaded once, changed here, saved by itself. */
export function useDraft(id: DraftId): DraftState {
  const [draft, setDraft] = useState<Draft | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [saving, setSaving] = useState<Saving>('saved');
  const [gone, setGone] = useState(false);
  // What is saved must be the latest, also in the same event as the change.
  const latest = useRef<Draft | null>(null);
  const dirty = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const running = useRef<Promise<boolean>>(Promise.resolve(true));

  const put = useCallback((next: Draft) => {
    latest.current = next;
    setDraft(next);
  }, []);

  const save = useCallback(() => {
    clearTimeout(timer.current);
    running.current = running.current.then(async () => {
      if (!dirty.current || !latest.current) return true;
      dirty.current = false;
      setSaving('saving');
      const reply = await ask('draft.save', editOf(latest.current));
      if (reply.ok && latest.current) put({ ...latest.current, updated: reply.result.updated });
      if (!reply.ok) dirty.current = true;
      setSaving(reply.ok ? (dirty.current ? 'unsaved' : 'saved') : 'failed');
      return reply.ok;
    });
    return running.current;
  }, [put]);

  const change = useCallback(
    (part: Partial<DraftEdit>) => {
      if (!latest.current) return;
      put({ ...latest.current, ...part });
      dirty.current = true;
      setSaving('unsaved');
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void save(), SAVE_AFTER);
    },
    [put, save],
  );

  const takeAttachments = useCallback(
    (changed: Draft) => {
      if (latest.current)
        put({ ...latest.current, attachments: changed.attachments, updated: changed.updated });
    },
    [put],
  );

  useEffect(() => {
    void bridge.request('draft.get', { draft: id }).then((reply) => {
      if (reply.ok) put(reply.result);
      else setFailure(reply.failure);
    });
    return bridge.listen('draftGone', (event) => {
      if (event.draft !== id) return;
      dirty.current = false;
      setGone(true);
    });
  }, [id, put]);

  useEffect(() => {
    let failed = false;
    const now = () => void save();
    const beforeClose = (event: BeforeUnloadEvent) => {
      // An address still being typed is part of the letter, too.
      settleFields();
      if (!dirty.current || !latest.current || failed) return;
      // The window stays until main has the last words; a save under way is not waited for, since the window might not.
      event.preventDefault();
      clearTimeout(timer.current);
      dirty.current = false;
      void ask('draft.save', editOf(latest.current)).then((reply) => {
        if (reply.ok) return window.close();
        // Pressed once more, it closes all the same.
        failed = true;
        dirty.current = true;
        setSaving('failed');
        return undefined;
      });
    };
    window.addEventListener('blur', now);
    window.addEventListener('beforeunload', beforeClose);
    return () => {
      window.removeEventListener('blur', now);
      window.removeEventListener('beforeunload', beforeClose);
    };
  }, [save]);

  const getLatest = useCallback(() => latest.current, []);
  return { draft, failure, saving, gone, change, latest: getLatest, save, takeAttachments };
}
