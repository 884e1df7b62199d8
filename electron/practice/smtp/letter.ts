import type { SMTPServerDataStream } from 'smtp-server';
import { CR, LF } from '../bytes.ts';
import { Refusal } from './refusal.ts';

/** All octets of a letter, or why it is refused. What is too big is heard out and not kept (RFC 1870, section 6). */
export async function readLetter(stream: SMTPServerDataStream, limit: number): Promise<Buffer> {
  let chunks: Buffer[] = [];
  let size = 0;
  await new Promise<void>((resolve, reject) => {
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) chunks = [];
      else chunks.push(chunk);
    });
    stream.once('end', resolve);
    stream.once('error', reject);
  });
  if (size > limit) throw new Refusal(552, `5.3.4 the message has ${size} octets; ${limit} are allowed`);
  const letter = Buffer.concat(chunks);
  if (hasBareLineEnd(letter)) {
    throw new Refusal(
      554,
      '5.6.0 a CR or LF stands alone in the message; lines end with CR LF (RFC 5321, 2.3.8)',
    );
  }
  return letter;
}

function hasBareLineEnd(letter: Buffer): boolean {
  for (let at = letter.indexOf(LF); at >= 0; at = letter.indexOf(LF, at + 1))
    if (letter[at - 1] !== CR) return true;
  for (let at = letter.indexOf(CR); at >= 0; at = letter.indexOf(CR, at + 1))
    if (letter[at + 1] !== LF) return true;
  return false;
}
