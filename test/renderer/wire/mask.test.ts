import { expect, it } from 'vitest';
import { MASK as theirs } from '../../../shared/wire/line.ts';
import { MASK as ours } from '../../../renderer/ui/mask.ts';

it('is the mask of the contract', () => expect(ours).toBe(theirs));
