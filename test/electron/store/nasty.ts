function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0, state = 1; at < length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

/** Messages that some program somewhere would not give back as they were. */
export const NASTY: readonly (readonly [about: string, bytes: Buffer])[] = [
  ['empty', Buffer.alloc(0)],
  ['one line feed', Buffer.from('\n')],
  ['one CRLF', Buffer.from('\r\n')],
  ['only line ends', Buffer.from('\r\n\n\r\r\n\n\n')],
  ['header only', Buffer.from('Subject: x\r\n')],
  ['header only, no line end', Buffer.from('Subject: x')],
  ['LF', Buffer.from('Subject: x\n\nbody\n')],
  ['CR', Buffer.from('Subject: x\r\rbody\r')],
  ['all line ends mixed', Buffer.from('Subject: x\r\nA: b\nC: d\r\r\n\n\rbody\r\n\n\r')],
  ['no final line end', Buffer.from('Subject: x\r\n\r\nbody')],
  ['NULs', Buffer.from('Subject: \0\r\n\r\n\0\0\0')],
  ['8-bit', Buffer.from('Subject: caf\xe9\r\n\r\n\xff\xfe\x80', 'latin1')],
  ['From at the start', Buffer.from('From vera Sat Nov 21\r\nSubject: x\r\n\r\nbody\r\n')],
  ['From in the middle', Buffer.from('Subject: x\r\n\r\nFrom here\r\nto there\r\n')],
  ['From at the end', Buffer.from('Subject: x\n\nbody\nFrom ')],
  ['From alone', Buffer.from('From ')],
  ['From without a space', Buffer.from('From\r\nFrom:\r\nFromage\r\n')],
  ['quoted already', Buffer.from('\n>From a\n>>From b\n> From c\n>>>>>From \n')],
  ['quoted at the start', Buffer.from('>>From x\n')],
  ['quotes and no From', Buffer.from('>>>\n>Fro\n>>')],
  ['From after CR', Buffer.from('a\rFrom b\r\n')],
  ['many of them', Buffer.from('From a\n'.repeat(2000))],
  ['two lines From', Buffer.from('From From From \nFrom From \n>From From \n')],
  [
    'a postmark of ours',
    Buffer.from('From 5.abc@glasspost.invalid Sat Nov 21 10:00:00 2026\nSubject: x\n\n'),
  ],
  ['5 MB', noise(5 * 1024 * 1024)],
];
