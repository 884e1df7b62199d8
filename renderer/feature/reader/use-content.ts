import { useEffect, useState } from 'react';
import type { Failure } from '../../../shared/model/failure.ts';
import type { MessageKey } from '../../../shared/model/ids.ts';
import type { MessageContent } from '../../../shared/model/message.ts';
import { bridge } from '../../bridge.ts';
import { markRead } from '../../state/message-actions.ts';
import { useApp } from '../../state/store.ts';

/** A message being opened, opened, or not to be opened. */
type Opening =
  { state: 'loading' } | { state: 'open'; content: MessageContent } | { state: 'failed'; failure: Failure };

/** Long enough that a message merely passed with J is not marked as read. */
const READ_AFTER = 500;

/** Faster than this through the list is not reading: what is merely passed is not fetched. */
const REST = 120;
let lastAsked = -Infinity;

/** How long to wait before a message is opened: not at all, unless one was opened only just now. */
function restBefore(): number {
  const now = performance.now();
  const hurried = now - lastAsked < 2 * REST;
  lastAsked = now;
  return hurried ? REST : 0;
}

/** Opens a message, and marks it as read once it has been shown for a moment. */
export function useContent(id: MessageKey): { opening: Opening; again: () => void } {
  const [attempt, setAttempt] = useState(0);
  const wanted = `${id}.${attempt}`;
  const [answer, setAnswer] = useState<{ to: string; opening: Opening } | null>(null);
  useEffect(() => {
    let current = true;
    const open = () =>
      void bridge.request('message.open', { id }).then((reply) => {
        if (!current) return;
        const opening: Opening = reply.ok
          ? { state: 'open', content: reply.result }
          : { state: 'failed', failure: reply.failure };
        setAnswer({ to: wanted, opening });
      });
    const timer = setTimeout(open, restBefore());
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [id, wanted]);
  const opening: Opening = answer?.to === wanted ? answer.opening : { state: 'loading' };
  const shown = opening.state === 'open';
  useEffect(() => {
    if (!shown) return undefined;
    const timer = setTimeout(() => {
      if (!useApp.getState().rows.get(id)?.flags.includes('seen')) void markRead(id);
    }, READ_AFTER);
    return () => clearTimeout(timer);
  }, [shown, id]);
  return { opening, again: () => setAttempt((n) => n + 1) };
}
