import { utf8InBinary } from '../bytes.ts';
import type { Args } from './args.ts';
import { Complaint } from './complaint.ts';
import { decodeMailboxName, encodeMailboxName } from './utf7.ts';
import { writeString } from './write.ts';

/** The Unicode mailbox name that comes next in a command. */
export function readMailboxName(args: Args): string {
  return fromWire(args.astring('a mailbox name'));
}

export function fromWire(wire: string): string {
  const name = decodeMailboxName(wire);
  if (name !== undefined) return name;
  // Someone typed the letters themselves: show how they travel.
  const typed = /[\x80-\xff]/.test(wire) ? utf8InBinary(wire) : undefined;
  const hint =
    typed === undefined
      ? 'such as "&BBIEOARCBEAEOAQ9BDA-"; a plain & is "&-"'
      : `here "${encodeMailboxName(typed)}"`;
  throw new Complaint(`a mailbox name travels in modified UTF-7, ${hint}`);
}

export function writeMailboxName(name: string): string {
  return writeString(encodeMailboxName(name));
}
