// Which steps pass which crash point.
import { join } from 'node:path';
import type { Step } from './steps.ts';
import type { Person } from './world.ts';

export interface Case {
  /** The point, and which time it is passed. */
  at: string;
  flow: Flow;
  before?: Before;
}

/**
 * What the victim finds: a file with half a letter at its end, an index of the first schema, one whose log was left behind,
 * half a copy of a file, a file that another program wrote to, or one that it wrote to after it had been replaced.
 */
export type Before = 'tail' | 'old' | 'log' | 'begun' | 'foreign' | 'foreign-late';

export type Flow = (person: Person, folder: string, archive: string) => Step[];

const collect: Flow = ({ pop }) => [{ do: 'sync', email: pop }];
const mirror: Flow = ({ imap }) => [{ do: 'sync', email: imap }];
const change: Flow = ({ imap: email }) => [
  { do: 'sync', email },
  { do: 'flag', email, token: 'one' },
  { do: 'move', email, token: 'two' },
  { do: 'remove', email, token: 'three' },
];
const copying: Flow = ({ imap: email }) => [
  { do: 'sync', email },
  { do: 'copy', email, token: 'one' },
  { do: 'sync', email },
];
const send: Flow = ({ imap, friend }) => [
  { do: 'send', email: imap, to: friend, token: 'sent' },
  { do: 'sync', email: imap },
];
/** The letter is being put down; then the index is made again from what there is. */
const rebuildSending: Flow = ({ imap, friend }) => [
  { do: 'send', email: imap, to: friend, token: 'sent' },
  { do: 'rebuild' },
];
const settings: Flow = ({ imap }) => [
  { do: 'settings', dock: true },
  { do: 'draft', email: imap, token: 'draft' },
  { do: 'reopen' },
];
const importing: Flow = ({ pop, imap }, _folder, path) => [
  { do: 'import', email: pop, path, into: 'archive' },
  { do: 'import', email: imap, path, into: 'archive' },
];
const exporting = (format: 'mbox' | 'maildir' | 'eml'): Flow => {
  return ({ pop }, folder) => [
    { do: 'sync', email: pop },
    { do: 'export', email: pop, format, target: join(folder, `export-${format}`) },
  ];
};
const rebuild: Flow = ({ pop }) => [{ do: 'sync', email: pop }, { do: 'rebuild' }];

/** Of mail that is nowhere else. The letters are copied one at a time. */
const compact: Flow = ({ pop: email }) => [
  { do: 'sync', email },
  { do: 'remove', email, token: 'two' },
  { do: 'compact', step: 1 },
];

/** There and back, with mail that is the server's alone and mail that is ours alone. */
const switching: Flow = ({ imap: email }, _folder, path) => [
  { do: 'sync', email },
  { do: 'import', email, path, into: 'archive' },
  { do: 'mode', email, mode: 'pop3' },
  { do: 'sync', email },
  { do: 'mode', email, mode: 'imap' },
  { do: 'sync', email },
];

/** By the name of a point, or by the part before its dot; `:n` is the nth time. */
const FLOWS: Record<string, [Flow, ...string[]][]> = {
  segment: [[collect]],
  'segment.synced': [[collect], [rebuildSending]],
  tail: [[collect]],
  store: [
    [collect, ':2'],
    [mirror, ':2'],
    [change, ':11', ':13'],
    [send, ':1', ':2', ':3', ':4', ':7'],
    [importing, ':2', ':5'],
    [settings, ':1'],
  ],
  pop3: [[collect]],
  imap: [[mirror]],
  replay: [[change]],
  'replay.copying': [[copying]],
  'replay.copied': [[copying]],
  'replay.begun': [[send], [importing]],
  'replay.appended': [[send], [importing, ':1', ':2']],
  outbox: [[send]],
  smtp: [[send]],
  send: [[send]],
  switch: [[switching, ':1', ':2']],
  import: [[importing]],
  checkpoint: [[rebuild]],
  'checkpoint.appended': [[settings]],
  'checkpoint.synced': [[settings]],
  migration: [[collect]],
  'export.written': [[exporting('mbox')]],
  'export.synced': [[exporting('mbox')]],
  'export.linked': [[exporting('mbox')], [exporting('maildir'), ':2']],
  'export.letters': [[exporting('maildir')]],
  'export.delivered': [[exporting('maildir')]],
  'export.folder': [[exporting('eml')]],
  'export.named': [[exporting('eml')]],
  compact: [[compact]],
  'compact.written': [[compact, ':1', ':2']],
  'compact.copied': [[compact, ':1', ':2']],
  'compact.dropped': [[compact, ':1', ':2', ':3']],
  rebuild: [[rebuild]],
  'rebuild.aside': [[rebuild, ':1', ':2', ':3']],
};

const BEFORE: Record<string, Before> = {
  tail: 'tail',
  migration: 'old',
  'rebuild.aside': 'log',
  'compact.dropped': 'begun',
  'compact.aside-made': 'foreign',
  'compact.aside-written': 'foreign',
  'compact.aside': 'foreign',
  'compact.kept': 'foreign-late',
};

/** @returns nothing for a point that nobody knows how to come to */
export function casesOf(point: string): Case[] {
  const family = point.split('.')[0] ?? '';
  const found = FLOWS[point] ?? FLOWS[family] ?? [];
  const before = BEFORE[point] ?? BEFORE[family];
  return found.flatMap(([flow, ...nth]) =>
    (nth.length === 0 ? [''] : nth).map((one) => ({ at: point + one, flow, ...(before ? { before } : {}) })),
  );
}
