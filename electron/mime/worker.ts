import { parentPort } from 'node:worker_threads';
import type { Mime } from '../app/ports.ts';
import { answer } from '../thread/answer.ts';
import { composeMessage } from './compose.ts';
import { viewDocument } from './document.ts';
import { quoteMessage } from './quote.ts';
import { passage } from './search-text.ts';
import { completeMessage } from './submission.ts';
import { attachmentBytes, digestMessage, inlineBytes, readMessage } from './read.ts';

if (!parentPort) throw new Error('MIME is read in a worker thread');

/** What runs in a MIME thread: hostile input ends here, at worst with the thread. */
const verbs: Record<Exclude<keyof Mime, 'close'>, unknown> = {
  read: readMessage,
  view: viewDocument,
  inline: inlineBytes,
  attachment: attachmentBytes,
  digest: digestMessage,
  passage,
  quote: quoteMessage,
  compose: composeMessage,
  complete: completeMessage,
};
answer(parentPort, verbs);
