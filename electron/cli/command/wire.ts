import { writeFile } from 'node:fs/promises';
import { Language } from '../../../shared/model/language.ts';
import { Explainer } from '../../../shared/wire/explain/explainer.ts';
import { exportTranscript } from '../../../shared/wire/export/transcript.ts';
import type { Protocol, WireLine } from '../../../shared/wire/line.ts';
import { SessionId, type Transcript } from '../../../shared/wire/transcript.ts';
import { Failed, UsageError, type Call, type Command, type Option } from '../command.ts';
import { harmless, oneLine } from '../output.ts';
import { isoDate } from './mailbox.ts';

export const EXPLAIN: Option = {
  name: 'explain',
  value: 'en|ru',
  summary: 'Says under each line what it means.',
};

const list: Command = {
  name: 'wire list',
  arguments: [],
  options: [],
  summary: 'Shows the connections whose transcripts are kept, newest first.',
  needs: 'profile',
  run: async ({ link, output }) => {
    for (const one of await link.request('wire.transcripts', undefined)) {
      const { session, opened, protocol, email, host, port, purpose, state, bytesIn = 0, bytesOut = 0 } = one;
      const when = isoDate(opened)?.slice(0, 19).replace('T', ' ') ?? '';
      output.result(
        { ...one, opened: isoDate(opened), closed: one.closed === undefined ? null : isoDate(one.closed) },
        `${session}\t${when}\t${oneLine(email)}\t${oneLine(host)}:${port}\t${protocol} ${oneLine(purpose)} ${state}\t${bytesIn} in, ${bytesOut} out`,
      );
    }
  },
};

const show: Command = {
  name: 'wire show',
  arguments: ['SESSION'],
  options: [
    { name: 'raw', summary: 'Only what was said, each line after > (we) or < (the server).' },
    EXPLAIN,
  ],
  summary: 'Shows the transcript of a connection. Passwords are not in it.',
  needs: 'profile',
  run: async (call) => {
    const language = languageOf(call);
    const transcript = await transcriptOf(call);
    if (call.output.json) {
      const explain = language && new Explainer(transcript.info.protocol, language);
      for (const line of transcript.lines)
        call.output.result({ ...line, ...(explain ? { explanation: explain.next(line) } : {}) }, '');
    } else if (call.has('raw')) {
      const said = transcript.lines.filter((line) => line.direction !== 'none');
      for (const line of said)
        for (const text of line.text.split(/\r?\n/u))
          call.output.result({}, `${line.direction === 'client' ? '>' : '<'} ${harmless(text)}`);
    } else {
      call.output.result({}, asFile(transcript, 'text', language).trimEnd());
    }
  },
};

const exportOne: Command = {
  name: 'wire export',
  arguments: ['SESSION'],
  options: [
    {
      name: 'out',
      value: 'FILE',
      summary: 'Where to: .html makes a page, .jsonl what programs read, anything else text.',
    },
    EXPLAIN,
  ],
  summary: 'Writes the transcript of a connection to a file, without passwords.',
  needs: 'profile',
  run: async (call) => {
    const file = call.value('out');
    if (file === undefined) throw new UsageError('--out is missing.');
    const format = /\.html?$/iu.test(file) ? 'html' : /\.jsonl$/iu.test(file) ? 'jsonl' : 'text';
    const text = asFile(await transcriptOf(call), format, languageOf(call));
    try {
      await writeFile(file, text, { flag: 'wx', mode: 0o600 });
    } catch (thrown) {
      throw new Failed(
        `${file} can't be written: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      );
    }
    call.output.result({ file, format }, `${file} was written.`);
  },
};

/** @throws UsageError */
export function languageOf(call: Call): Language | undefined {
  const given = call.value('explain');
  if (given === undefined) return undefined;
  const language = Language.safeParse(given);
  if (!language.success) throw new UsageError(`--explain is en or ru, not "${given}".`);
  return language.data;
}

async function transcriptOf(call: Call): Promise<Transcript> {
  const session = SessionId.safeParse(call.arguments[0]);
  if (!session.success)
    throw new UsageError(`"${call.arguments[0] ?? ''}" is no session: glasspost wire list`);
  return call.link.request('wire.transcript', { session: session.data });
}

function asFile(
  transcript: Transcript,
  format: 'text' | 'jsonl' | 'html',
  language: Language | undefined,
): string {
  const explain = language && explaining(transcript.info.protocol, language);
  return exportTranscript(transcript, format, language ?? 'en', explain);
}

/** A line's meaning in one text: what it says, what to do, and where it is written. */
export function explaining(protocol: Protocol, language: Language): (line: WireLine) => string {
  const explainer = new Explainer(protocol, language);
  return (line) => {
    const { text, hint, rfc } = explainer.next(line);
    const source = rfc ? ` [RFC ${rfc.number}${rfc.section === '' ? '' : ` §${rfc.section}`}]` : '';
    return `${text}${hint === undefined ? '' : ` ${hint}`}${source}`;
  };
}

export const wireCommands: readonly Command[] = [list, show, exportOne];
