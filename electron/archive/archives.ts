import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MailError } from '../../shared/contract/mail-error.ts';
import type { Archives, MboxKind, OpenedArchive } from '../app/ports-store.ts';
import { codeOf } from './durable.ts';
import { createEmlFolder } from './eml-writer.ts';
import { flagsOfLetters } from './flags.ts';
import { readLetterFiles, type LetterFile } from './letter-files.ts';
import { createMaildir } from './maildir-writer.ts';
import { openMbox } from './mbox-reader.ts';
import { createMbox } from './mbox-writer.ts';

/** Mail in files of other programs: mbox (mboxo, mboxrd, mboxcl, mboxcl2), Maildir, .eml. */
export const archives: Archives = {
  create: (format, target) =>
    format === 'mbox'
      ? createMbox(target)
      : format === 'maildir'
        ? createMaildir(target)
        : createEmlFolder(target),
  open: openArchive,
};

async function openArchive(path: string, kind?: MboxKind): Promise<OpenedArchive> {
  const about = await stat(path).catch((thrown: unknown) => {
    throw new MailError(
      codeOf(thrown) === 'ENOENT' ? 'not-found' : 'bad-request',
      thrown instanceof Error ? thrown.message : String(thrown),
    );
  });
  const start = about.isFile() ? await startOf(path) : '';
  const isMbox = about.isFile() && (about.size === 0 || /^(?:\r?\n)*From /u.test(start));
  if (kind !== undefined) {
    if (!isMbox) throw new MailError('bad-request', `${path} is no mbox file: it does not begin with From`);
    return openMbox(path, about.size, kind);
  }
  if (about.isDirectory()) return openFolder(path);
  if (!about.isFile()) throw new MailError('bad-request', `${path} is neither a file nor a folder`);
  // A letter may begin with a line `From ` of its own: the name says what it is.
  if (!/\.eml$/iu.test(path)) {
    if (isMbox) return openMbox(path, about.size);
    // Anything can be called a letter, even a picture: the person has to say so by the name.
    if (!/^[\x21-\x39\x3b-\x7e]+[ \t]*:/u.test(start))
      throw new MailError(
        'bad-request',
        `${path} holds no mail: it begins neither with From nor with a header field`,
      );
  }
  return ofFiles('eml', [{ path, size: about.size, flags: [], arrival: false }]);
}

async function openFolder(path: string): Promise<OpenedArchive> {
  const names = await readdir(path);
  if (names.includes('cur') || names.includes('new')) {
    const files: LetterFile[] = [];
    for (const folder of ['new', 'cur']) {
      for (const one of await filesIn(join(path, folder))) {
        const [, letters = ''] = /[:;!]2,([A-Za-z]*)$/u.exec(one.name) ?? [];
        files.push({ ...one, flags: flagsOfLetters(letters), arrival: true });
      }
    }
    return ofFiles('maildir', files.sort(byDelivery));
  }
  const found = (await filesIn(path)).filter((one) => /\.eml$/iu.test(one.name));
  if (found.length === 0) throw new MailError('bad-request', `${path} is no Maildir and holds no .eml files`);
  return ofFiles(
    'eml-folder',
    found.map((one) => ({ ...one, flags: [], arrival: false })),
  );
}

function ofFiles(kind: OpenedArchive['kind'], files: LetterFile[]): OpenedArchive {
  const size = files.reduce((sum, one) => sum + one.size, 0);
  return { kind, size, letters: () => readLetterFiles(files) };
}

/** Files alone, by name: a pipe would never end. What starts with a dot is no letter. */
async function filesIn(folder: string): Promise<{ name: string; path: string; size: number }[]> {
  const names = await readdir(folder).catch(() => []);
  const found = [];
  for (const name of names.filter((one) => !one.startsWith('.')).sort()) {
    const path = join(folder, name);
    const about = await stat(path).catch(() => undefined);
    if (about?.isFile()) found.push({ name, path, size: about.size });
  }
  return found;
}

/** The number at the start of a name is when the letter was delivered, whichever folder it is in now. */
function byDelivery(one: LetterFile & { name?: string }, other: LetterFile & { name?: string }): number {
  const [a = '', b = ''] = [one.name, other.name];
  const [first, second] = [Number.parseInt(a, 10), Number.parseInt(b, 10)];
  if (first !== second && !Number.isNaN(first) && !Number.isNaN(second)) return first - second;
  return a < b ? -1 : a > b ? 1 : 0;
}

async function startOf(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}
