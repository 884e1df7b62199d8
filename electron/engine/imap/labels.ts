import type { ImapFlow } from 'imapflow';
import { say, wireName } from './raw.ts';

/** Gmail's extension: a message is one, its labels are mailboxes, and tags to a person. */
export function hasLabels(client: ImapFlow): boolean {
  return client.capabilities.has('X-GM-EXT-1');
}

/** A tag is an atom, a label may have spaces. */
export function tagOf(label: string): string {
  return label.replaceAll(/\s+/gu, '_');
}

/** What programs agree upon among themselves (`$Phishing`, `$MDNSent`) stays a keyword: nobody wants a mailbox of it. */
export function isLabel(tag: string): boolean {
  return !tag.startsWith('$');
}

/**
 * Puts labels on messages of the selected mailbox, or takes them off. One that nobody has yet is made by the server.
 * @throws what imapflow throws
 */
export async function storeLabels(
  client: ImapFlow,
  range: string,
  sign: '+' | '-',
  tags: readonly string[],
): Promise<void> {
  if (tags.length === 0) return;
  // Only a label with a space is not what its tag is.
  const paths = tags.some((tag) => tag.includes('_')) ? (await client.list()).map((one) => one.path) : [];
  const labels = tags.map((tag) => paths.find((path) => tagOf(path) === tag) ?? tag);
  await say(client, 'UID STORE', [
    { type: 'SEQUENCE', value: range },
    { type: 'ATOM', value: `${sign}X-GM-LABELS` },
    labels.map((label) => ({ type: 'STRING', value: wireName(client, label) })),
  ]);
}
