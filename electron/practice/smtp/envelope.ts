import type { SMTPServerAddress, SMTPServerSession } from 'smtp-server';
import type { PostOffice } from '../post-office.ts';
import { Refusal } from './refusal.ts';

/** RFC 1870, 6152, 6531, 4954 and 3461: what may follow the address in MAIL and in RCPT. */
const MAIL_PARAMETERS = ['SIZE', 'BODY', 'SMTPUTF8', 'AUTH', 'RET', 'ENVID'];
const RCPT_PARAMETERS = ['NOTIFY', 'ORCPT'];

/** Why this sender is not taken; undefined if it is (RFC 5321, section 4.1.1.2). */
export function senderRefusal(sender: SMTPServerAddress, session: SMTPServerSession): Refusal | undefined {
  if (sender.args && session.openingCommand !== 'EHLO')
    return new Refusal(555, '5.5.4 parameters need EHLO, not HELO');
  return unknownParameter(sender, MAIL_PARAMETERS) ?? addressRefusal(sender.address, session);
}

/** Why this recipient is not taken; undefined if it is (RFC 5321, section 4.1.1.3). */
export function recipientRefusal(
  office: PostOffice,
  recipient: SMTPServerAddress,
  session: SMTPServerSession,
): Refusal | undefined {
  const { address } = recipient;
  const wrong = unknownParameter(recipient, RCPT_PARAMETERS) ?? addressRefusal(address, session);
  if (wrong) return wrong;
  if (!office.isLocalDomain(address))
    return new Refusal(
      550,
      `5.7.1 relaying denied: nothing leaves the practice server, only ${office.domain} is served`,
    );
  if (!office.account(address)) return new Refusal(550, `5.1.1 there is no such user; ${office.userHint}`);
  return undefined;
}

function unknownParameter(path: SMTPServerAddress, known: readonly string[]): Refusal | undefined {
  const odd = Object.keys(path.args || {}).find((name) => !known.includes(name));
  if (odd === undefined) return undefined;
  return new Refusal(555, `5.5.4 the parameters here are ${known.join(', ')}`);
}

function addressRefusal(address: string, session: SMTPServerSession): Refusal | undefined {
  const local = address.slice(0, address.lastIndexOf('@'));
  if (Buffer.byteLength(local) > 64) return new Refusal(501, '5.1.3 the part before @ has at most 64 octets');
  if (/[^\x20-\x7e]/.test(local) && session.envelope.smtpUtf8 !== true)
    return new Refusal(553, '5.6.7 this address needs the parameter SMTPUTF8 in MAIL');
  return undefined;
}
