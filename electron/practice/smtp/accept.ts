import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { Account } from '../account.ts';
import type { PostOffice } from '../post-office.ts';
import { readLetter } from './letter.ts';
import { deliveryReport } from './report.ts';
import { withTrace } from './trace.ts';

/** Octets. */
export const MAX_MESSAGE = 26_214_400;

let accepted = 0;

/** Take a letter whole, with its trace, into the mailboxes of all recipients; the reply (RFC 5321, section 4.1.1.4). */
export async function accept(
  office: PostOffice,
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
): Promise<string> {
  const { mailFrom, rcptTo, smtpUtf8, dsn } = session.envelope;
  const letter = await readLetter(stream, MAX_MESSAGE);
  const date = office.clock();
  accepted += 1;
  const id = `${date.getTime().toString(36)}.${accepted}`;
  const from = mailFrom === false ? '' : mailFrom.address;
  // Someone named twice, in any spelling, gets one copy.
  const to = new Map<Account, string>();
  for (const { address } of rcptTo) {
    const account = office.account(address);
    if (account) to.set(account, address);
  }
  const raw = withTrace(letter, {
    mailFrom: from,
    recipients: [...to.values()],
    helo: session.hostNameAppearsAs,
    protocol: session.transmissionType,
    domain: office.domain,
    smtputf8: smtpUtf8 === true,
    id,
    date,
  });
  office.submit(
    from,
    [...to.keys()].map((account) => ({ to: account, raw })),
  );
  const asked = rcptTo.filter(({ dsn }) => dsn?.notify?.includes('SUCCESS'));
  if (asked.length > 0 && office.account(from)) {
    const report = deliveryReport({
      domain: office.domain,
      id,
      date,
      to: from,
      envelopeId: dsn?.envid ?? undefined,
      recipients: asked.map((recipient) => ({ address: recipient.address, original: recipient.dsn?.orcpt })),
      letter,
    });
    office.deliver(report, from);
  }
  return `2.0.0 accepted as ${id}; delivered to ${to.size}`;
}
