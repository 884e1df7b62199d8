import { open, readFile, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { MailError } from '../../shared/contract/mail-error.ts';
import { WireLine } from '../../shared/wire/line.ts';
import {
  SessionId,
  TranscriptEnd,
  TranscriptHead,
  type Transcript,
  type TranscriptInfo,
} from '../../shared/wire/transcript.ts';
import { sessionsIn } from './transcript-writer.ts';

/** The record about a connection is the first of its file and small; the end is the last and smaller. */
const HEAD = 4096;
const TAIL = 512;
/** Files read side by side while listing. */
const TOGETHER = 32;

/** Every readable transcript of a directory, newest first; of each file only the two ends are read. */
export async function listTranscripts(directory: string): Promise<TranscriptInfo[]> {
  const sessions = await sessionsIn(directory).catch(() => []);
  const found: (TranscriptInfo | undefined)[] = [];
  for (let from = 0; from < sessions.length; from += TOGETHER) {
    const some = sessions.slice(from, from + TOGETHER);
    found.push(...(await Promise.all(some.map((session) => glance(directory, session)))));
  }
  return found.filter((info) => info !== undefined).sort((a, b) => b.opened - a.opened);
}

/**
 * One transcript, whole. A file that a crash cut off is read as far as it goes.
 * @throws MailError `bad-request` for what is no session's name, `not-found`
 */
export async function readTranscript(directory: string, session: string): Promise<Transcript> {
  const id = SessionId.safeParse(session);
  if (!id.success) throw new MailError('bad-request', `not a session: ${JSON.stringify(session)}`);
  const path = join(directory, `${id.data}.jsonl`);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) throw new MailError('not-found', id.data);
  const [first = '', ...records] = text.split('\n');
  const head = TranscriptHead.safeParse(parsed(first));
  if (!head.success || head.data.session !== id.data) throw new MailError('not-found', id.data);
  const unfinished = records.pop() ?? '';
  const lines: WireLine[] = [];
  let end: TranscriptEnd | undefined;
  let damaged = 0;
  for (const record of unfinished === '' ? records : [...records, unfinished]) {
    const value = parsed(record);
    const line = WireLine.safeParse(value);
    const last = line.success ? undefined : TranscriptEnd.safeParse(value);
    if (line.success) lines.push(line.data);
    else if (last?.success === true) end = last.data;
    else if (record !== unfinished) damaged += 1;
  }
  const { size } = await stat(path);
  return { info: { ...describe(head.data, end, size), lines: lines.length }, lines, damaged };
}

async function glance(directory: string, session: SessionId): Promise<TranscriptInfo | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(join(directory, `${session}.jsonl`), 'r');
    const { size } = await file.stat();
    const start = await slice(file, 0, HEAD);
    const head = TranscriptHead.safeParse(parsed(start.split('\n')[0] ?? ''));
    if (!head.success || head.data.session !== session) return undefined;
    const rest = size <= HEAD ? start : await slice(file, size - TAIL, TAIL);
    const last = rest.endsWith('\n') ? rest.trimEnd().split('\n').at(-1) : undefined;
    return describe(head.data, TranscriptEnd.safeParse(parsed(last ?? '')).data, size);
  } catch {
    return undefined; // pruned meanwhile, or not ours to read
  } finally {
    await file?.close();
  }
}

async function slice(file: FileHandle, position: number, length: number): Promise<string> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.toString('utf8', 0, bytesRead);
}

function describe(head: TranscriptHead, end: TranscriptEnd | undefined, size: number): TranscriptInfo {
  const { record: _record, version: _version, id: _id, ...about } = head;
  if (!end) return { ...about, state: 'cut', size };
  const { record: _end, ...figures } = end;
  return { ...about, state: 'closed', ...figures, size };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
