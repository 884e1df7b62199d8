/** mboxrd quoting: a line that begins with any number of `>` and then `From ` gets one more `>`, so that it can be undone. */

const FROM = Buffer.from('From ');
const LF = 0x0a;
const GT = 0x3e;

/** @returns the same buffer when nothing had to be quoted */
export function quote(raw: Buffer): Buffer {
  return rewrite(raw, (start) => [raw.subarray(start, start), Buffer.of(GT)]);
}

/** Undoes `quote`. */
export function unquote(quoted: Buffer): Buffer {
  return rewrite(quoted, (start) =>
    quoted[start] === GT ? [quoted.subarray(start, start + 1), Buffer.alloc(0)] : undefined,
  );
}

/** Undoes what mboxo does: `>` is put before `From ` alone, and a line that begins with `>From ` already stays as it is. */
export function unquoteOnce(quoted: Buffer): Buffer {
  return rewrite(quoted, (start) =>
    quoted[start] === GT && quoted[start + 1] !== GT
      ? [quoted.subarray(start, start + 1), Buffer.alloc(0)]
      : undefined,
  );
}

/** How many bytes of what was quoted hold the first `length` bytes of what it was before. */
export function quotedLength(quoted: Buffer, length: number): number {
  let added = 0;
  rewrite(quoted, (start) => {
    if (quoted[start] === GT && start - added < length) added += 1;
    return undefined;
  });
  return Math.min(quoted.length, length + added);
}

/** Replaces a few bytes at the start of each `>*From ` line. */
function rewrite(
  bytes: Buffer,
  replace: (start: number) => [taken: Buffer, put: Buffer] | undefined,
): Buffer {
  const parts: Buffer[] = [];
  let copied = 0;
  for (let at = bytes.indexOf(FROM); at >= 0; at = bytes.indexOf(FROM, at + FROM.length)) {
    let start = at;
    while (start > 0 && bytes[start - 1] === GT) start -= 1;
    if (start > 0 && bytes[start - 1] !== LF) continue;
    const change = replace(start);
    if (!change) continue;
    parts.push(bytes.subarray(copied, start), change[1]);
    copied = start + change[0].length;
  }
  if (parts.length === 0) return bytes;
  return Buffer.concat([...parts, bytes.subarray(copied)]);
}
