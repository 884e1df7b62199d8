import { Failed, type Command } from '../command.ts';
import { oneLine } from '../output.ts';
import { emailOf, known } from '../resolve.ts';
import { watched } from '../task.ts';
import { stopped } from './archive.ts';

const verify: Command = {
  name: 'verify',
  arguments: [],
  options: [],
  summary: 'Reads every stored message and compares it with its hash. Changes nothing.',
  details: ['Exit 1 when something is damaged; each message is named.'],
  needs: 'profile',
  run: async (call) => {
    const { accounts } = await known(call.link);
    const found = await watched(call, (task) => call.link.request('store.verify', { task }));
    for (const one of found.damaged) {
      const account = emailOf(accounts, one.account);
      call.output.result(
        { ...one, account },
        `${one.id} ${account} ${oneLine(one.mailbox)} "${oneLine(one.subject)}" ${one.segment}:${one.offset}: ${one.problem} ${oneLine(one.detail)}`,
      );
    }
    for (const one of found.segments)
      call.output.result(
        { ...one },
        `${one.segment}: ${one.problem}, ${one.expected} bytes expected, ${one.found} found`,
      );
    const { checked, bytes, interrupted } = found;
    const bad = found.damaged.length + found.segments.length;
    call.output.result(
      { checked, bytes, damaged: found.damaged.length, segments: found.segments.length, interrupted },
      `${checked} messages, ${bytes} bytes: ${bad === 0 ? 'all sound' : `${bad} problems`}`,
    );
    stopped(found);
    if (bad > 0)
      throw new Failed(`${bad} problems were found. Damaged messages stay readable as far as they can be.`);
  },
};

/** Rebuilding an index: works on files, so nobody may have them meanwhile. */
export type RebuildProfile = (
  profile: string,
  options: { progress: (so: { done: number; total: number; messages: number }) => void; signal: AbortSignal },
) => Promise<{
  messages: number;
  recovered: number;
  damaged: readonly {
    id: number;
    mailbox: string;
    subject: string;
    segment: string;
    offset: number;
    problem: string;
  }[];
  missing: readonly { id: number; mailbox: string; segment: string; offset: number }[];
  strays: readonly { segment: string; offset: number; length: number }[];
  problems: readonly string[];
  kept?: string;
  interrupted: boolean;
}>;

export function storeCommands(rebuildProfile: RebuildProfile): readonly Command[] {
  const rebuild: Command = {
    name: 'rebuild',
    arguments: [],
    options: [],
    summary: 'Makes the index again from the mbox files, which are not changed.',
    details: [
      'For when glasspost.sqlite is lost or damaged. Until the new index is complete everything stays as it was; the old one is kept beside it. No other process may have the profile.',
    ],
    needs: 'alone',
    run: async ({ profile, output, signal }) => {
      const done = await rebuildProfile(profile, {
        progress: (so) => output.progress(`${so.messages} messages`, so.total > 0 ? so.done / so.total : 0),
        signal,
      });
      for (const one of done.damaged)
        output.note(
          `Damaged: ${one.id} ${oneLine(one.mailbox)} "${oneLine(one.subject)}" ${one.segment}:${one.offset}: ${one.problem}`,
        );
      for (const one of done.missing)
        output.note(`Missing: ${one.id} ${oneLine(one.mailbox)} ${one.segment}:${one.offset}`);
      for (const one of done.strays)
        output.note(`No letter: ${one.length} bytes at ${one.segment}:${one.offset}`);
      for (const one of done.problems) output.note(one);
      const kept = done.kept === undefined ? '' : `; the old index is ${done.kept}`;
      output.result(
        { ...done, kept: done.kept ?? null },
        `${done.messages} messages are in the new index${kept}`,
      );
      if (done.interrupted) throw new Failed('Interrupted. Everything is as it was.');
      if (done.damaged.length + done.missing.length > 0)
        throw new Failed(`${done.damaged.length} messages are damaged, ${done.missing.length} missing.`);
    },
  };
  return [verify, rebuild];
}
