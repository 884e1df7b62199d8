import {
  Archive,
  Folder,
  Inbox,
  PencilLine,
  Send,
  ShieldAlert,
  Trash2,
  Upload,
  type LucideIcon,
} from 'lucide-react';
import type { MailboxRole } from '../../shared/model/mailbox.ts';

/** The icon of each role. */
export const roleIcon: Readonly<Record<MailboxRole, LucideIcon>> = {
  inbox: Inbox,
  drafts: PencilLine,
  sent: Send,
  archive: Archive,
  junk: ShieldAlert,
  trash: Trash2,
  outbox: Upload,
  none: Folder,
};
