import { randomBytes } from 'node:crypto';

/** Beside the target, so that giving it its name is one step: what is not finished is seen to be so. */
export function partName(target: string): string {
  return `${target}.part-${randomBytes(4).toString('hex')}`;
}
