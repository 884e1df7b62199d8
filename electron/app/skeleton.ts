import type { BodyPart } from './ports-engine.ts';

/** Text longer than this is not fetched to be looked at, nor an inline image; bytes as encoded. */
const TEXT = 2 * 1024 * 1024;
const IMAGE = 512 * 1024;
const IMAGES = 20;

/** The parts that a person sees when a message is opened: its texts, and small images that stand in them. */
export function visibleParts(root: BodyPart): BodyPart[] {
  let images = IMAGES;
  return leaves(root).filter((one) => {
    if (one.disposition === 'attachment') return false;
    if (one.type === 'text/plain' || one.type === 'text/html') return one.size <= TEXT;
    return one.type.startsWith('image/') && one.contentId !== undefined && one.size <= IMAGE && images-- > 0;
  });
}

/** What is none of them: for each its part number, type, name and size. */
export function leaves(root: BodyPart): BodyPart[] {
  // A message within is one thing to a person, whatever is in it.
  return root.type.startsWith('multipart/') ? root.children.flatMap(leaves) : [root];
}

/**
 * A message with the header and the structure of the whole, in which only some parts have a body: what reads messages reads
 * it like any other.
 * @param header the whole header block
 * @param bodies by part number, as encoded
 */
export function skeletonOf(
  header: Uint8Array,
  root: BodyPart,
  bodies: ReadonlyMap<string, Uint8Array>,
): Uint8Array {
  const pieces: Uint8Array[] = [header];
  if (!endsInEmptyLine(header)) pieces.push(Buffer.from('\r\n'));
  write(root, bodies, pieces);
  return Buffer.concat(pieces);
}

function write(part: BodyPart, bodies: ReadonlyMap<string, Uint8Array>, pieces: Uint8Array[]): void {
  const { boundary } = part.parameters;
  if (!part.type.startsWith('multipart/') || boundary === undefined) {
    pieces.push(bodies.get(part.part) ?? new Uint8Array());
    return;
  }
  for (const child of part.children) {
    pieces.push(Buffer.from(`\r\n--${boundary}\r\n${headerOf(child)}\r\n`));
    write(child, bodies, pieces);
  }
  pieces.push(Buffer.from(`\r\n--${boundary}--\r\n`));
}

/** A MIME header made from the description. Values that are no tokens are percent-encoded (RFC 2231). */
function headerOf(part: BodyPart): string {
  const { name: _name, ...parameters } = part.parameters;
  const given = Object.entries(parameters).map(([key, value]) => parameterOf(key, value));
  const disposition = part.disposition ?? (part.name === undefined ? undefined : 'attachment');
  return [
    `Content-Type: ${[clean(part.type), ...given].join('; ')}`,
    `Content-Transfer-Encoding: ${clean(part.encoding)}`,
    ...(disposition === undefined
      ? []
      : [
          `Content-Disposition: ${[clean(disposition), ...(part.name === undefined ? [] : [parameterOf('filename', part.name)])].join('; ')}`,
        ]),
    ...(part.contentId === undefined ? [] : [`Content-ID: ${clean(part.contentId)}`]),
    '',
  ].join('\r\n');
}

function parameterOf(key: string, value: string): string {
  const name = clean(key).replaceAll(/[^\w-]/gu, '');
  if (/^[\w.+-]+$/u.test(value)) return `${name}=${value}`;
  if (name === 'boundary' || name === 'charset')
    return `${name}="${clean(value).replaceAll(/["\\]/gu, '\\$&')}"`;
  const encoded = encodeURIComponent(Buffer.from(value).toString()).replaceAll(
    /['()*]/gu,
    (one) => `%${one.charCodeAt(0).toString(16)}`,
  );
  return `${name}*=utf-8''${encoded}`;
}

/** What a server says never makes a line of its own. */
function clean(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001f\u007f]/gu, ' ');
}

function endsInEmptyLine(header: Uint8Array): boolean {
  const end = Buffer.from(header.subarray(-4)).toString('latin1');
  return end.endsWith('\r\n\r\n') || end.endsWith('\n\n');
}
