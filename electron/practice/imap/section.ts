import type { Parsed, Part } from '../mail/part.ts';
import type { Args } from './args.ts';
import { Complaint } from './complaint.ts';
import { writeAstring } from './write.ts';

type SectionText = 'HEADER' | 'HEADER.FIELDS' | 'HEADER.FIELDS.NOT' | 'TEXT' | 'MIME';

/** What stands between the brackets of BODY[...] (RFC 9051, section 6.4.5). */
export type Section = {
  readonly path: readonly number[];
  readonly text: SectionText | undefined;
  readonly names: readonly string[];
};

const TEXTS: readonly SectionText[] = ['HEADER.FIELDS.NOT', 'HEADER.FIELDS', 'HEADER', 'TEXT', 'MIME'];

/** Read a section, the closing bracket included. */
export function parseSection(args: Args): Section {
  const path: number[] = [];
  let text: SectionText | undefined;
  let names: readonly string[] = [];
  while (!args.skip(']')) {
    if (path.length > 0) args.expect('.', '. or ] in the section');
    const number = args.match(/[1-9]\d{0,8}/);
    if (number !== undefined) {
      path.push(Number(number));
      continue;
    }
    text = TEXTS.find((known) => args.skip(known));
    if (text === undefined) {
      throw new Complaint(
        'a section is empty, HEADER, TEXT, HEADER.FIELDS (Subject), or a part such as 1 or 2.1.MIME',
      );
    }
    if (text === 'MIME' && path.length === 0)
      throw new Complaint('MIME needs a part number before it: BODY[1.MIME]');
    if (text.startsWith('HEADER.FIELDS')) {
      args.space('the list of header fields');
      names = args.list('header field names', () => args.astring('a header field name'));
      if (names.length === 0) throw new Complaint('name at least one header field: HEADER.FIELDS (Subject)');
    }
    args.expect(']', '] after the section');
    break;
  }
  return { path, text, names };
}

/** The section as it is named in the response. */
export function writeSection(section: Section): string {
  const words = [...section.path.map(String), ...(section.text === undefined ? [] : [section.text])].join(
    '.',
  );
  const names =
    section.names.length > 0
      ? ` (${section.names.map((name) => writeAstring(name.toUpperCase())).join(' ')})`
      : '';
  return words + names;
}

/** The octets of a section as binary text; undefined where the message has no such part. */
export function sectionText(parsed: Parsed, section: Section): string | undefined {
  const { text, root } = parsed;
  const part = findPart(root, section.path);
  if (!part) return undefined;
  if (section.text === 'MIME') return text.slice(part.headerStart, part.bodyStart);
  if (section.text === undefined) {
    return section.path.length === 0 ? text : text.slice(part.bodyStart, part.bodyEnd);
  }
  // HEADER and TEXT are of a message: the whole one, or one that is attached (RFC 9051, section 6.4.5.1).
  const message = section.path.length === 0 ? part : part.message;
  if (!message) return undefined;
  if (section.text === 'TEXT') return text.slice(message.bodyStart, message.bodyEnd);
  if (section.text === 'HEADER') return text.slice(message.headerStart, message.bodyStart);
  const wanted = new Set(section.names.map((name) => name.toLowerCase()));
  const keep = section.text === 'HEADER.FIELDS';
  const fields = message.fields.filter((field) => wanted.has(field.name.toLowerCase()) === keep);
  // The empty line comes along, unless the message has none (RFC 3501, section 6.4.5).
  const emptyLine = /(?:^|\n)\r?\n$/.test(text.slice(message.headerStart, message.bodyStart)) ? '\r\n' : '';
  return fields.map((field) => field.text).join('') + emptyLine;
}

/** Part numbers count the children of a multipart; the body of any other message is its part 1. */
function findPart(root: Part, path: readonly number[]): Part | undefined {
  let part = root;
  let container = root;
  let isMessage = true;
  for (const number of path) {
    let next: Part | undefined;
    if (container.type.toLowerCase() === 'multipart') next = container.children[number - 1];
    else if (isMessage && number === 1) next = container;
    if (!next) return undefined;
    part = next;
    // The parts of an attached message are those of its body.
    container = part.message ?? part;
    isMessage = part.message !== undefined;
  }
  return part;
}
