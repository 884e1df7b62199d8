import type { Language } from '../../model/language.ts';
import type { ConnectionId } from '../../model/ids.ts';
import type { WireLine } from '../line.ts';
import type { Transcript, TranscriptEnd, TranscriptFormat, TranscriptHead } from '../transcript.ts';
import { transcriptAsHtml } from './html.ts';
import { transcriptAsText } from './text.ts';

/**
 * A transcript as a file for other people and programs. JSONL is what is kept on disk: read back by `readTranscript`.
 * @param explain is asked once for each line, in order; JSONL has no place for it
 */
export function exportTranscript(
  transcript: Transcript,
  format: TranscriptFormat,
  language: Language,
  explain?: (line: WireLine) => string | undefined,
): string {
  switch (format) {
    case 'text':
      return transcriptAsText(transcript, language, explain);
    case 'html':
      return transcriptAsHtml(transcript, language, explain);
    case 'jsonl':
      return asJsonl(transcript);
  }
}

function asJsonl({ info, lines }: Transcript): string {
  const { state: _state, size: _size, closed, bytesIn, bytesOut, lines: count, ...about } = info;
  const id = lines[0]?.connection ?? (Number(info.session.split('-')[1]) as ConnectionId);
  const head: TranscriptHead = { record: 'open', version: 1, id, ...about };
  const end: TranscriptEnd | undefined =
    closed === undefined
      ? undefined
      : {
          record: 'end',
          closed,
          bytesIn: bytesIn ?? 0,
          bytesOut: bytesOut ?? 0,
          lines: count ?? lines.length,
        };
  return [head, ...lines, ...(end ? [end] : [])].map((record) => `${JSON.stringify(record)}\n`).join('');
}
