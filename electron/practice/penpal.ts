import type { User } from './account.ts';
import { fromUtf8 } from './bytes.ts';
import { formatDate } from './mail/date.ts';
import { decodeTextPart, decodeWords } from './mail/decode.ts';
import { encodeWords } from './mail/encode.ts';
import { fieldValue } from './mail/header.ts';
import { parseMessage } from './mail/part.ts';
import type { Part } from './mail/part.ts';
import type { Delivery, PostOffice } from './post-office.ts';

const THINKING_MS = 700;

/** One user who answers what another writes, so that a client can be tried alone. Returns how to stop it. */
export function startPenpal(office: PostOffice, pair: { asker: User; answerer: User }): () => void {
  // With other users than these two there is nobody to answer.
  if (!office.account(pair.asker.email)) return () => undefined;
  const timers = new Set<NodeJS.Timeout>();
  let answers = 0;
  const unwatch = office.watch((delivery) => {
    if (!isForAnswer(delivery, pair)) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      answers += 1;
      office.deliver(writeAnswer(delivery.raw, pair, office.clock(), answers), pair.asker.email);
    }, THINKING_MS);
    timer.unref();
    timers.add(timer);
  });
  return () => {
    unwatch();
    for (const timer of timers) clearTimeout(timer);
  };
}

/** Machines do not answer machines (RFC 3834, section 2). */
function isForAnswer(delivery: Delivery, pair: { asker: User; answerer: User }): boolean {
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  if (!same(delivery.mailFrom, pair.asker.email) || !same(delivery.account.user.email, pair.answerer.email))
    return false;
  const automatic = fieldValue(parseMessage(delivery.raw).root.fields, 'Auto-Submitted');
  return automatic === undefined || automatic.toLowerCase() === 'no';
}

function writeAnswer(
  raw: Uint8Array,
  pair: { asker: User; answerer: User },
  now: Date,
  serial: number,
): Uint8Array {
  const { root, text } = parseMessage(raw);
  const subject = decodeWords(fieldValue(root.fields, 'Subject') ?? '').trim();
  const messageId = fieldValue(root.fields, 'Message-ID');
  const earlier = fieldValue(root.fields, 'References') ?? fieldValue(root.fields, 'In-Reply-To');
  const quoted = firstLine(text, root);
  const [, domain = 'practice.test'] = pair.answerer.email.split('@');
  const thread =
    messageId === undefined
      ? []
      : [
          `In-Reply-To: ${messageId}`,
          `References: ${[...(earlier?.split(/\s+/) ?? []), messageId].join('\r\n ')}`,
        ];
  const header = [
    `From: ${encodeWords(pair.answerer.name)} <${pair.answerer.email}>`,
    `To: ${encodeWords(pair.asker.name)} <${pair.asker.email}>`,
    `Subject: ${encodeWords(/^re:/i.test(subject) ? subject : `Re: ${subject}`)}`,
    `Date: ${formatDate(now)}`,
    `Message-ID: <answer-${now.getTime().toString(36)}.${serial}@${domain}>`,
    ...thread,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
  ];
  const answer = [
    'Вера, добрый день!',
    '',
    ...(quoted === undefined ? [] : [`> ${quoted}`, '']),
    'Спасибо, письмо получил, всё понятно. Посмотрю внимательно и вернусь',
    'с ответом до конца дня.',
    '',
    '-- ',
    pair.answerer.name,
    '',
  ];
  return fromUtf8([...header, '', ...answer].join('\r\n'));
}

function firstLine(text: string, root: Part): string | undefined {
  const part = firstPlain(root);
  const lines = part ? decodeTextPart(text, part).split(/\r?\n/) : [];
  // What is quoted again is the letter itself, not what it quotes; and a line of ours stays a line.
  const line = lines.map((one) => one.trim()).find((one) => one !== '' && !one.startsWith('>'));
  return line?.slice(0, 200);
}

function firstPlain(part: Part): Part | undefined {
  if (part.type.toLowerCase() === 'text' && part.subtype.toLowerCase() === 'plain') return part;
  for (const child of part.children) {
    const found = firstPlain(child);
    if (found) return found;
  }
  return undefined;
}
