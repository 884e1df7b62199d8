import type { Deed } from '../../shared/model/operation.ts';

/** Whether undoing may work; of the rest main has the last word. */
export function canUndo(deed: Deed): boolean {
  return !deed.undone && deed.kind !== 'remove' && deed.kind !== 'delete';
}

/** The newest deed that a person would want undone. Pure. */
export function newestToUndo(deeds: readonly Deed[], hushed: ReadonlySet<number>): Deed | undefined {
  return deeds.find((deed) => canUndo(deed) && !hushed.has(deed.id));
}
