import { useCallback, useEffect, useState } from 'react';
import type { Failure } from '../../../shared/model/failure.ts';
import type { MessageKey } from '../../../shared/model/ids.ts';
import type { MessageContent } from '../../../shared/model/message.ts';
import { bridge } from '../../bridge.ts';
import { setFlag } from '../../state/message-actions.ts';
import { useApp } from '../../state/store.ts';

/** A message being opened, opened, or not to be opened. */
export type Opening =
  | { state: 'loading' }
  | { state: 'open'; content: MessageContent }
  | { state: 'failed'; failure: Failure; again: () => void };

/** Long enough that a message merely passed with J is not marked as read. */
const READ_AFTER = 500;

/** Opens a message, and marks it as read once it has been shown for a moment. */
export function useContent(id: MessageKey): Opening {
  const [opening, setOpening] = useState<Opening & { id?: MessageKey }>({ state: 'loading' });
  const [attempt, setAttempt] = useState(0);
  const again = useCallback(() => setAttempt((n) => n + 1), []);
  useEffect(() => {
    let current = true;
    setOpening({ state: 'loading' });
    void bridge.request('message.open', { id }).then((reply) => {
      if (!current) return;
      if (reply.ok) setOpening({ state: 'open', content: reply.result, id });
      else setOpening({ state: 'failed', failure: reply.failure, again, id });
    });
    return () => {
      current = false;
    };
  }, [id, attempt, again]);
  const shown = opening.state === 'open' && opening.id === id;
  useEffect(() => {
    if (!shown) return undefined;
    const timer = setTimeout(() => {
      if (!useApp.getState().rows.get(id)?.flags.includes('seen')) void setFlag([id], 'seen', true);
    }, READ_AFTER);
    return () => clearTimeout(timer);
  }, [shown, id]);
  return opening.id === id ? opening : { state: 'loading' };
}
