import { useCallback, useEffect, useState, type DragEvent } from 'react';
import type { Draft } from '../../../shared/model/draft.ts';
import { ask } from '../../state/request.ts';
import { useOverlays } from '../../state/overlays.ts';
import { useText } from '../../text/text.ts';
import { Body } from './body.tsx';
import { DraftAttachments } from './draft-attachments.tsx';
import { LetterFoot } from './letter-foot.tsx';
import { LetterHead } from './letter-head.tsx';
import { faultOf } from './parse-address.ts';
import { settleFields } from './settle.ts';
import type { DraftState } from './use-draft.ts';

/** Why a letter cannot leave yet. */
export type Obstacle = 'noRecipient' | 'badRecipient' | null;

function obstacleOf(draft: Draft): Obstacle {
  const all = [...draft.to, ...draft.cc, ...draft.bcc];
  if (all.some((one) => faultOf(one.address) !== undefined)) return 'badRecipient';
  return all.length === 0 ? 'noRecipient' : null;
}

/** The letter: heading, body, files, and what can be done with it. */
export function Letter(props: { draft: Draft; state: DraftState }) {
  const { t } = useText();
  const { draft, state } = props;
  const { save, latest, takeAttachments } = state;
  const [refused, setRefused] = useState(false);
  const [sending, setSending] = useState(false);
  const [over, setOver] = useState(false);
  const obstacle = obstacleOf(draft);
  // Decided once: an answer is written at the top of its body, a new letter begins with whom it is for.
  const [beginInBody] = useState(draft.source !== undefined || draft.to.length > 0);

  const attach = useCallback(
    async (files: readonly File[]) => {
      for (const file of files) {
        const bytes = new Uint8Array(await file.arrayBuffer());
        const type = file.type || 'application/octet-stream';
        const reply = await ask('draft.attach', { draft: draft.id, name: file.name, type, bytes });
        if (reply.ok) takeAttachments(reply.result);
      }
    },
    [draft.id, takeAttachments],
  );
  const send = useCallback(async () => {
    settleFields();
    // What was typed last is in the draft now, though not yet drawn.
    const ready = latest();
    const stopped = !ready || obstacleOf(ready) !== null;
    setRefused(stopped);
    if (stopped) {
      document.querySelector<HTMLElement>('[data-recipients]')?.focus();
      return;
    }
    setSending(true);
    const saved = await save();
    if (saved) await ask('draft.send', { draft: draft.id });
    setSending(false);
  }, [draft.id, save, latest]);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const control = event.ctrlKey || event.metaKey;
      if (!control || useOverlays.getState().count > 0) return;
      if (event.code === 'KeyS') void save();
      else if (event.key === 'Enter') {
        if (!sending) void send();
      } else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => window.removeEventListener('keydown', onKeyDown, true);
  }, [save, send, sending]);

  const drag = {
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer.types.includes('Files')) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    },
    onDrop: (event: DragEvent) => {
      setOver(false);
      if (event.dataTransfer.files.length === 0) return;
      event.preventDefault();
      void attach([...event.dataTransfer.files]);
    },
  };
  return (
    <main className="cmp" data-testid="compose" {...drag}>
      <h1 className="sr">{draft.subject || t('compose.title')}</h1>
      <LetterHead draft={draft} begin={!beginInBody} onChange={state.change} />
      <Body
        draft={draft}
        begin={beginInBody}
        onChange={state.change}
        onFiles={(files) => void attach(files)}
        onAttached={takeAttachments}
      />
      <DraftAttachments draft={draft} onChange={takeAttachments} />
      <LetterFoot
        draft={draft}
        saving={state.saving}
        obstacle={obstacle}
        refused={refused}
        sending={sending}
        onSend={() => void send()}
      />
      {over ? <div className="cmp-drop">{t('compose.drop')}</div> : null}
    </main>
  );
}
