import type { Language } from '../../shared/model/language.ts';
import type { Deed, WaitingOperation } from '../../shared/model/operation.ts';
import { count } from './format.ts';
import type { Say } from './text.ts';

/** What deeds and waiting operations have in common. */
export type Doing = Pick<WaitingOperation, 'kind' | 'messages' | 'subject'> &
  Pick<Deed, 'from' | 'to' | 'set' | 'clear'>;

/** INBOX is its name on the wire only. */
function place(path: string | undefined, t: Say): string {
  if (path === undefined || path === '') return t('deed.somewhere');
  return path.toUpperCase() === 'INBOX' ? t('role.inbox') : path;
}

const NAMED = ['answered', 'forwarded', 'draft', 'deleted'] as const;

function flagWords(name: string, on: boolean, t: Say): string {
  if (name === 'seen') return t(on ? 'deed.read' : 'deed.unread');
  if (name === 'flagged') return t(on ? 'deed.flag' : 'deed.unflag');
  const known = NAMED.find((one) => one === name);
  if (known) return t(on ? 'deed.set' : 'deed.clear', { flag: t(`deed.flag.${known}`) });
  return t(on ? 'deed.tag' : 'deed.untag', { tag: name });
}

/** What was done, or has to be done: "move to Archive". */
export function doingWords(doing: Pick<Doing, 'kind' | 'from' | 'to' | 'set' | 'clear'>, t: Say): string {
  const { kind } = doing;
  switch (kind) {
    case 'flag': {
      const words = [
        ...(doing.set ?? []).map((name) => flagWords(name, true, t)),
        ...(doing.clear ?? []).map((name) => flagWords(name, false, t)),
      ];
      return words.length > 0 ? words.join(', ') : t('deed.flag');
    }
    case 'move':
    case 'copy':
      return t(`deed.${kind}`, { to: place(doing.to, t) });
    case 'create':
      return t('deed.create', { to: place(doing.to ?? doing.from, t) });
    case 'rename':
      return t('deed.rename', { from: place(doing.from, t), to: place(doing.to, t) });
    case 'delete':
    case 'subscribe':
      return t(`deed.${kind}`, { from: place(doing.from, t) });
    case 'remove':
    case 'append':
      return t(`deed.${kind}`);
  }
}

/** What it was done to: the subject of the first, and how many more; and where, for messages. */
export function aboutWords(doing: Doing, t: Say, language: Language): string {
  const { messages, subject, from } = doing;
  if (messages === 0) return '';
  const shown = subject || t('common.noSubject');
  const what =
    messages === 1
      ? t('deed.subject', { subject: shown })
      : t('deed.more', { subject: shown, count: messages - 1, shown: count(messages - 1, language) });
  return from === undefined ? what : `${what}, ${t('deed.in', { from: place(from, t) })}`;
}

/** The first letter large, where it stands by itself. */
export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
