import { z } from 'zod';
import { AccountId, MailboxId, MessageKey } from './ids.ts';

export const Address = z.object({ name: z.string(), address: z.string() });
export type Address = z.infer<typeof Address>;

/** The flags we know by name (RFC 9051 section 2.3.2). */
export const Flag = z.enum(['seen', 'flagged', 'answered', 'draft', 'deleted', 'forwarded']);
export type Flag = z.infer<typeof Flag>;

/** A tag as the wire has it: an atom (RFC 9051 section 9, flag-keyword). */
export const Keyword = z.string().regex(/^[^\u0000-\u0020(){%*"\\\]\u007f-\uffff]{1,100}$/u);

/** One line of the message list. Times are ms since the epoch, sizes bytes. */
export const MessageRow = z.object({
  id: MessageKey,
  account: AccountId,
  mailbox: MailboxId,
  /** RFC 5322 Message-ID with its angle brackets, or empty. */
  messageId: z.string(),
  subject: z.string(),
  from: z.array(Address),
  to: z.array(Address),
  date: z.number(),
  size: z.number(),
  flags: z.array(Flag),
  /** Tags: the IMAP keywords that are none of our flags (RFC 9051 section 2.3.2). Absent: none. */
  keywords: z.array(z.string()).optional(),
  /** First words of the text; undefined until the body was read once. */
  snippet: z.string().optional(),
  /** Number of attachments; undefined until it is known. */
  attachments: z.number().optional(),
  /** True when the whole message is stored here. */
  stored: z.boolean(),
  uid: z.number().optional(),
  uidl: z.string().optional(),
});
export type MessageRow = z.infer<typeof MessageRow>;

/** Newest first, as two parallel arrays: 16 bytes a message cross the process boundary, whatever the mailbox holds. */
export const MessageOrder = z.object({
  ids: z.instanceof(Float64Array),
  dates: z.instanceof(Float64Array),
});
export type MessageOrder = z.infer<typeof MessageOrder>;

const HeaderField = z.object({
  name: z.string(),
  /** Unfolded, encoded words decoded. */
  value: z.string(),
  /** As received, folded, decoded as UTF-8 or else Latin-1. */
  raw: z.string(),
});
export type HeaderField = z.infer<typeof HeaderField>;

export const Attachment = z.object({
  /** The part's section number as IMAP counts (RFC 9051 section 6.4.5.1): `2`, `1.3`. */
  part: z.string(),
  name: z.string(),
  type: z.string(),
  /** Bytes after decoding, and as encoded in the message. */
  size: z.number(),
  encodedSize: z.number(),
  inline: z.boolean(),
});
export type Attachment = z.infer<typeof Attachment>;

/** A MIME part as offsets into the raw bytes (RFC 2045, 2046). */
export interface StructurePart {
  part: string;
  type: string;
  name?: string | undefined;
  encoding: string;
  charset?: string | undefined;
  disposition?: string | undefined;
  /** Byte offsets in the raw message: header start, body start, end. */
  start: number;
  bodyStart: number;
  end: number;
  children: StructurePart[];
}
export const StructurePart: z.ZodType<StructurePart> = z.lazy(() =>
  z.object({
    part: z.string(),
    type: z.string(),
    name: z.string().optional(),
    encoding: z.string(),
    charset: z.string().optional(),
    disposition: z.string().optional(),
    start: z.number(),
    bodyStart: z.number(),
    end: z.number(),
    children: z.array(StructurePart),
  }),
);

/** An opened message. Its HTML never comes here: the isolated message view gets it, sanitised, from main. */
export const MessageContent = z.object({
  id: MessageKey,
  row: MessageRow,
  cc: z.array(Address),
  bcc: z.array(Address),
  replyTo: z.array(Address),
  headers: z.array(HeaderField),
  text: z.string(),
  hasHtml: z.boolean(),
  /** Remote things the HTML asks for, none of which was loaded. */
  remote: z.object({ count: z.number(), hosts: z.array(z.string()) }),
  attachments: z.array(Attachment),
  structure: StructurePart,
  /** Only the texts are here, of a message this long; the rest is fetched when it is asked for. Bytes. */
  partial: z.number().optional(),
  /** What could not be shown and why, in plain words; the raw source is always there. */
  problems: z.array(z.string()),
});
export type MessageContent = z.infer<typeof MessageContent>;
