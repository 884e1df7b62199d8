import { parseAddresses } from '../mail/addresses.ts';
import { fieldValue } from '../mail/header.ts';
import type { Field } from '../mail/header.ts';
import { writeNString } from './write.ts';

/** The ENVELOPE of a header (RFC 9051, section 7.5.2): encoded words stay as they are. */
export function writeEnvelope(fields: readonly Field[]): string {
  const text = (name: string): string => writeNString(fieldValue(fields, name)?.replaceAll('\t', ' '));
  const people = (name: string): string => writeAddresses(fields, name);
  const from = people('From');
  // Sender and Reply-To fall back to From; that is what tells an answer where to go.
  const orFrom = (name: string): string => {
    const own = people(name);
    return own === 'NIL' ? from : own;
  };
  const parts = [text('Date'), text('Subject'), from, orFrom('Sender'), orFrom('Reply-To')];
  parts.push(people('To'), people('Cc'), people('Bcc'), text('In-Reply-To'), text('Message-ID'));
  return `(${parts.join(' ')})`;
}

function writeAddresses(fields: readonly Field[], name: string): string {
  const lower = name.toLowerCase();
  const values = fields.filter((field) => field.name.toLowerCase() === lower).map((field) => field.value);
  const addresses = parseAddresses(values.join(', ')).map((address) => {
    const { name: display, route, mailbox, host } = address;
    return `(${[display, route, mailbox, host].map(writeNString).join(' ')})`;
  });
  return addresses.length === 0 ? 'NIL' : `(${addresses.join('')})`;
}
