import type { Shell } from '../../electron/app/ports.ts';

/** A shell in which nobody is asked anything: every dialog is closed at once. */
export const quietShell: Shell = {
  openComposer: () => undefined,
  closeComposer: () => undefined,
  chooseFiles: async () => [],
  chooseSave: async () => null,
  saveAs: async () => null,
  openLink: async () => undefined,
  language: 'en',
  version: '0.0.0',
};
