import { parentPort } from 'node:worker_threads';
import type { Mime } from '../app/ports.ts';
import { answer } from '../thread/answer.ts';
import { composeMessage, plainTextOf } from './compose.ts';
import { textAsHtml, viewDocument } from './document.ts';
import { attachmentBytes, digestMessage, inlineBytes, readBodies, readMessage } from './read.ts';
import { sanitise } from './sanitise.ts';

if (!parentPort) throw new Error('MIME is read in a worker thread');

/** What runs in a MIME thread: hostile input ends here, at worst with the thread. */
const verbs: Omit<Mime, 'close' | 'inline' | 'attachment'> & Record<'inline' | 'attachment', unknown> = {
  read: readMessage,
  view: viewDocument,
  inline: inlineBytes,
  attachment: attachmentBytes,
  digest: digestMessage,
  quote: async (raw) => {
    const { text, html } = await readBodies(raw);
    if (html === '') return { text, html: `<p>${textAsHtml(text).replaceAll('\n', '<br>')}</p>` };
    const safe = sanitise(html, 'about:blank').html.replace(/<img[^>]*>/giu, '');
    return { text: text === '' ? plainTextOf(safe) : text, html: safe };
  },
  compose: composeMessage,
};
answer(parentPort, verbs);
