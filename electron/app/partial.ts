import type { MessageKey } from '../../shared/model/ids.ts';
import { MailError } from '../../shared/contract/mail-error.ts';
import { leaves, skeletonOf, visibleParts } from './skeleton.ts';
import type { Attachment, MessageContent } from '../../shared/model/message.ts';
import type { Ports } from './ports.ts';
import type { BodyPart, ImapLink } from './ports-engine.ts';
import type { ServerPlace } from './ports-store.ts';

/** So many are remembered while the program runs. */
const KEPT = 10;
/** Header blocks are read to this length; bytes. */
const HEADER = 1024 * 1024;

type Errand = <T>(work: (link: ImapLink) => Promise<T>) => Promise<T>;

/** A long message as it is shown before it is fetched: its header, its structure, its texts. */
export interface Partial {
  bytes: Uint8Array;
  structure: BodyPart;
}

/** Long messages come part by part: the texts first, an attachment when it is asked for. */
export class Partials {
  readonly #store: Ports['store'];
  readonly #kept = new Map<MessageKey, Promise<Partial>>();

  constructor(store: Ports['store']) {
    this.#store = store;
  }

  /** @throws MailError */
  get(id: MessageKey, errand: Errand): Promise<Partial> {
    const known = this.#kept.get(id);
    if (known) return known;
    const fetched = this.#fetch(id, errand);
    this.#kept.set(id, fetched);
    fetched.catch(() => this.#kept.delete(id));
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(oldest);
    }
    return fetched;
  }

  forget(id: MessageKey): void {
    this.#kept.delete(id);
  }

  /** @throws MailError `not-found` */
  async place(id: MessageKey): Promise<ServerPlace> {
    const [place] = await this.#store.places([id]);
    if (!place) throw new MailError('not-found', 'the message is not on the server any more');
    return place;
  }

  async #fetch(id: MessageKey, errand: Errand): Promise<Partial> {
    const { path, uid } = await this.place(id);
    return errand(async (link) => {
      const structure = await link.structure(path, uid);
      if (!structure) throw new MailError('not-found', 'the message is not on the server any more');
      const visible = visibleParts(structure);
      const single = !structure.type.startsWith('multipart/');
      const [header, ...found] = await link.sections(path, uid, [
        { section: 'HEADER', limit: HEADER },
        ...visible.map(({ part }) => ({ section: single ? 'TEXT' : part })),
      ]);
      const bodies = new Map(visible.map(({ part }, at) => [part, found[at] ?? new Uint8Array()]));
      return { bytes: skeletonOf(header ?? new Uint8Array(), structure, bodies), structure };
    });
  }
}

/** What was read from the skeleton, with the sizes that the parts have on the server. */
export function completed(content: MessageContent, { structure }: Partial): MessageContent {
  const sizes = new Map(leaves(structure).map((one) => [one.part, one]));
  return {
    ...content,
    partial: content.row.size,
    attachments: content.attachments.map((one) => {
      const known = sizes.get(one.part);
      return known ? { ...one, ...sizeOf(known) } : one;
    }),
  };
}

/** Base64 makes four characters of three bytes, and two more of each line's end (RFC 2045 section 6.8). */
function sizeOf({ encoding, size }: BodyPart): Pick<Attachment, 'size' | 'encodedSize'> {
  return { encodedSize: size, size: encoding === 'base64' ? Math.floor((size * 57) / 78) : size };
}
