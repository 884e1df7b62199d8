import type { Mailbox } from '../../shared/model/mailbox.ts';
import type { Say } from './text.ts';

/** What a mailbox is called: a known role in the person's language, any other by its own name. */
export function mailboxName(box: Mailbox, t: Say): string {
  if (box.local && !box.selectable && box.depth === 0) return t('mode.localRoot');
  return box.role === 'none' ? box.name : t(`role.${box.role}`);
}
