import type { Flag } from '../../shared/model/message.ts';
import type { Marks } from '../../electron/app/ports-engine.ts';

/** Flags, and what begins otherwise as tags. */
export function marks(flags: readonly Flag[], keywords: string[] = []): Marks {
  return { flags: [...flags], keywords };
}
