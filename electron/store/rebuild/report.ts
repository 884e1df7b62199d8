import type { MessageKey } from '../../../shared/model/ids.ts';
import type { DamagedMessage } from '../../app/ports-store.ts';

type Source = 'sound' | 'damaged' | 'none';

/** What came of building the index again. */
export interface Rebuilt {
  /** Letters that are in the new index. */
  messages: number;
  /** Of them: no record named them; they are where their file says, or in a mailbox of their own. */
  recovered: number;
  /** Letters that were deleted before; their bytes stay in the segments. */
  deleted: number;
  /** Restored as far as they can be read, but not what they were. */
  damaged: DamagedMessage[];
  /** Known, but their bytes are nowhere. What a server still has will be fetched again. */
  missing: { id: MessageKey; mailbox: string; segment: string; offset: number }[];
  /** Bytes in segments that belong to no letter. */
  strays: { segment: string; offset: number; length: number }[];
  /** What could not be kept, in words. */
  problems: string[];
  /** Where was read what the segments don't tell. */
  checkpoint: Source;
  oldIndex: Source;
  /** The name under which the old index was put aside; undefined when there was none, or when it was stopped. */
  kept?: string;
  /** True when it was stopped: then everything is as it was. */
  interrupted: boolean;
}

export function emptyReport(checkpoint: Source, oldIndex: Source): Rebuilt {
  return {
    messages: 0,
    recovered: 0,
    deleted: 0,
    damaged: [],
    missing: [],
    strays: [],
    problems: [],
    checkpoint,
    oldIndex,
    interrupted: false,
  };
}
