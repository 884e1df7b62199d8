import { fromBinary } from '../bytes.ts';
import { formatDate } from '../mail/date.ts';
import { letter, multipart, text } from './letter.ts';
import type { SampleLetter } from './letter.ts';
import { DAEMON, VERA } from './people.ts';
import type { When } from './when.ts';

/** A delivery status notification (RFC 3464) in a multipart/report (RFC 6522). */
export function bounce(when: When): SampleLetter {
  const date = when.daysAgo(1, '13:51');
  const status = [
    'Reporting-MTA: dns; mail.practice.test',
    `Arrival-Date: ${formatDate(date, 3)}`,
    '',
    'Final-Recipient: rfc822; p.orlov@practice.test',
    'Action: failed',
    'Status: 5.1.1',
    'Diagnostic-Code: smtp; 550 5.1.1 there is no such user',
    '',
  ];
  const returned = [
    'From: =?UTF-8?B?0JLQtdGA0LAg0KHQvtC60L7Qu9C+0LLQsA==?= <vera@practice.test>',
    'To: p.orlov@practice.test',
    'Subject: Key of the kiln room',
    `Date: ${formatDate(date, 3)}`,
    'Message-ID: <key-of-the-kiln@practice.test>',
    '',
  ];
  return letter({
    from: DAEMON,
    to: [{ name: '', email: VERA.email }],
    subject: 'Not delivered to p.orlov@practice.test',
    date,
    id: 'dsn-5541@practice.test',
    returnPath: '',
    extra: ['Auto-Submitted: auto-replied'],
    body: multipart(
      'report',
      '=_dsn_5541',
      [
        text(
          `Your letter could not be delivered to one address:

  p.orlov@practice.test: there is no such user (550 5.1.1)

It will not be tried again. The header of your letter is below.
`,
          { encoding: '7bit' },
        ),
        { fields: ['Content-Type: message/delivery-status'], body: fromBinary(status.join('\r\n')) },
        { fields: ['Content-Type: text/rfc822-headers'], body: fromBinary(returned.join('\r\n')) },
      ],
      '; report-type=delivery-status',
    ),
  });
}
