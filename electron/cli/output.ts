import type { Failure } from '../../shared/model/failure.ts';
import { failureText, isFromOtherSide } from '../../shared/text/failure.ts';

/** Where a command prints: results to standard output, everything else to standard error. */
export interface Output {
  readonly json: boolean;
  /** True when a person watches. */
  readonly terminal: boolean;
  /** Columns of the terminal. */
  readonly columns: number;
  /** A result: an object for programs, a line for people. */
  result: (object: Readonly<Record<string, unknown>>, line: string) => void;
  /** Exactly these bytes on standard output. */
  bytes: (bytes: Uint8Array) => void;
  /** Something to know besides. */
  note: (text: string) => void;
  /** How far it is; on a terminal only, where the next one takes its place. @param share from 0 to 1 */
  progress: (text: string, share?: number) => void;
}

export interface Streams {
  stdout: { write(data: string | Uint8Array): unknown; isTTY?: boolean; columns?: number };
  stderr: { write(data: string): unknown; isTTY?: boolean; columns?: number };
}

const BAR = 24;

export function openOutput({ stdout, stderr }: Streams, json: boolean): Output {
  let drawn = false;
  const clear = () => {
    if (drawn) stderr.write('\r\u001B[2K');
    drawn = false;
  };
  return {
    json,
    terminal: stdout.isTTY === true,
    columns: stdout.columns || 80,
    result: (object, line) => {
      clear();
      stdout.write(json ? `${asJson(object)}\n` : `${line}\n`);
    },
    bytes: (bytes) => {
      clear();
      stdout.write(bytes);
    },
    note: (text) => {
      clear();
      stderr.write(`${harmless(text)}\n`);
    },
    progress: (text, share) => {
      if (stderr.isTTY !== true || json) return;
      clear();
      const filled = Math.round(Math.min(1, Math.max(0, share ?? 0)) * BAR);
      const bar = share === undefined ? '' : `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}] `;
      stderr.write(fit(bar + harmless(text), (stderr.columns || 80) - 1));
      drawn = true;
    },
  };
}

/** C1 controls and bidirectional marks too, which JSON leaves as they are. */
function asJson(object: unknown): string {
  return JSON.stringify(object).replace(
    /[\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Text from a letter or a server, without what would move the cursor, recolour the terminal or reverse the line. */
export function harmless(text: string): string {
  return text
    .replace(/\t/gu, ' ')
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\uFFFD');
}

/** As above, on one line. */
export function oneLine(text: string): string {
  return harmless(text.replace(/[\r\n]+/gu, ' '));
}

/** Cut to so many characters, with an ellipsis. */
export function fit(text: string, width: number): string {
  const chars = Array.from(new Intl.Segmenter().segment(text), (one) => one.segment);
  return chars.length <= width ? text : `${chars.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** A failure in words: what happened, in the other side's words where they help, and what to do. */
export function failureLines(failure: Failure): string {
  // Our own refusals say precisely what is wrong; the sentence made for windows would not.
  if (failure.code === 'bad-request' || failure.code === 'not-found') return failure.detail;
  const { what, means, todo } = failureText(failure, 'en');
  const said = failure.detail !== '' && (isFromOtherSide(failure) || failure.code === 'internal');
  const detail = failure.code === 'profile-in-use' || failure.code === 'already-exists' || said;
  return [
    detail && failure.detail !== '' ? `${what}: ${failure.detail}` : what,
    `  ${means}`,
    `  ${todo}`,
  ].join('\n');
}
