import type { Address, MessageContent } from '../model/message.ts';

export type AnswerKind = 'reply' | 'reply-all' | 'forward';

/** Who gets an answer (RFC 5322 section 3.6.2): Reply-To or else From; our own address never writes to itself. */
export function answerRecipients(
  message: Pick<MessageContent, 'row' | 'cc' | 'replyTo'>,
  kind: AnswerKind,
  own: string,
): { to: Address[]; cc: Address[] } {
  if (kind === 'forward') return { to: [], cc: [] };
  const mine = (one: Address) => one.address.toLowerCase() === own.toLowerCase();
  const written = message.row.from.some(mine);
  // An answer to a letter of one's own goes on to whom it was written.
  const back = written ? message.row.to : message.replyTo.length > 0 ? message.replyTo : message.row.from;
  const everyone = unique(back.filter((one) => one.address !== ''));
  const notMine = everyone.filter((one) => !mine(one));
  // A note to oneself is the exception.
  const to = notMine.length > 0 ? notMine : everyone;
  if (kind === 'reply') return { to, cc: [] };
  const taken = new Set(to.map((one) => one.address.toLowerCase()));
  const others = [...(written ? [] : message.row.to), ...message.cc];
  const cc = unique(
    others.filter((one) => one.address !== '' && !mine(one) && !taken.has(one.address.toLowerCase())),
  );
  return { to, cc };
}

/** One `Re:` or `Fwd:` in front, whatever and however many stood there. */
export function answerSubject(subject: string, kind: AnswerKind): string {
  const bare = subject.replace(/^(?:\s*(?:re|fwd?|aw|wg|sv|vs|отв|пересл)(?:\[\d+\])?\s*:)+\s*/iu, '').trim();
  return `${kind === 'forward' ? 'Fwd' : 'Re'}: ${bare}`;
}

/** In-Reply-To and References of an answer (RFC 5322 section 3.6.4). */
export function answerThread(
  messageId: string,
  references: string,
): { inReplyTo: string; references: string } {
  if (messageId === '') return { inReplyTo: '', references: '' };
  const ids = [...new Set([...(references.match(/<[^<>\s]+>/gu) ?? []), messageId])];
  // The first names the thread, the last ones its recent letters: a long thread loses its middle.
  return { inReplyTo: messageId, references: [...ids.slice(0, 1), ...ids.slice(1).slice(-20)].join(' ') };
}

function unique(addresses: Address[]): Address[] {
  const seen = new Set<string>();
  return addresses.filter((one) => {
    const key = one.address.toLowerCase();
    return seen.has(key) ? false : Boolean(seen.add(key));
  });
}
