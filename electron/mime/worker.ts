import { parentPort } from 'node:worker_threads';
import type { Mime } from '../app/ports.ts';
import { answer } from '../thread/answer.ts';
import { composeMessage } from './compose.ts';
import { viewDocument } from './document.ts';
import { quoteMessage } from './quote.ts';
import { attachmentBytes, digestMessage, inlineBytes, readMessage } from './read.ts';

if (!parentPort) throw new Error('MIME is read in a worker thread');

/** What runs in a MIME thread: hostile input ends here, at worst with the thread. */
const verbs: Omit<Mime, 'close' | 'inline' | 'attachment'> & Record<'inline' | 'attachment', unknown> = {
  read: readMessage,
  view: viewDocument,
  inline: inlineBytes,
  attachment: attachmentBytes,
  digest: digestMessage,
  quote: quoteMessage,
  compose: composeMessage,
};
answer(parentPort, verbs);
