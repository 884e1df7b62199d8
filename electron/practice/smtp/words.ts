/** What the library says, and what we say instead to someone who learns: enhanced status code first (RFC 3463). */
const WORDS: Readonly<Record<string, string>> = {
  'Error: command not recognized': '5.5.2 there is no such command; HELP tells what you can say',
  'Error: send HELO/EHLO first': '5.5.1 first EHLO your-name',
  'Error: need MAIL command': '5.5.1 first MAIL FROM:<...>',
  'Error: need RCPT command': '5.5.1 first MAIL FROM:<...>, then RCPT TO:<...> that is accepted',
  'Error: nested MAIL command': '5.5.1 a letter has been begun; RSET forgets it',
  'Error: Bad sender address syntax': '5.1.7 write: MAIL FROM:<somebody@practice.test>',
  'Error: Bad recipient address syntax': '5.1.3 write: RCPT TO:<somebody@practice.test>',
  'Error: syntax: EHLO hostname': '5.5.4 write: EHLO your-computer.example',
  'Error: Syntax: HELO hostname': '5.5.4 write: HELO your-computer.example',
  'Error: too many recipients':
    '4.5.3 too many recipients for one letter; send it to the others in a second one',
  'Error: Unrecognized authentication type': '5.5.4 the mechanisms here are PLAIN, LOGIN and CRAM-MD5',
  'Error: No identity changes permitted': '5.5.1 you are logged in already',
  'Error: invalid userdata':
    '5.5.2 this is not what the mechanism wants: PLAIN is the base64 of NUL user NUL password',
  'Authentication aborted': '5.7.0 you took AUTH back',
  'Error: TLS already active': '5.5.1 TLS is active already',
  'Ready to start TLS': '2.0.0 begin TLS now',
  'Authentication successful': '2.7.0 logged in',
  'Timeout - closing connection': '4.4.2 you were silent for too long',
  'Server shutting down': '4.3.2 the practice server stops',
  'Error: too many unrecognized commands': '4.7.0 too many commands that do not exist; connect again',
  Flushed: '2.0.0 forgotten; start again with MAIL',
  OK: '2.0.0 nothing done',
  Bye: '2.0.0 see you',
  'Try to send something. No promises though': '2.1.5 I do not say who is here; try RCPT and see',
  'End data with <CR><LF>.<CR><LF>': 'now the header, an empty line, the text; a line with one dot ends it',
};

/** The same reply in our words; those that name a number or are ours already stay as they are. */
export function teach(text: string): string {
  return WORDS[text] ?? text;
}

/** RFC 5321, section 4.1.1.8. */
export function help(domain: string): string[] {
  return [
    'a letter, line by line:',
    'EHLO me',
    'AUTH PLAIN (base64 of NUL user NUL password), or AUTH LOGIN',
    `MAIL FROM:<vera@${domain}>`,
    `RCPT TO:<oleg@${domain}>`,
    'DATA, then header, empty line, text, and a line with one dot',
    'QUIT; besides STARTTLS, RSET, NOOP, VRFY, HELP',
  ];
}
