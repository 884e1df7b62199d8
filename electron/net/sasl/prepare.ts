import saslprep from '@mongodb-js/saslprep';

/**
 * SASLprep (RFC 4013): the form in which both sides must hash a name or a password. What it does not allow goes as it is:
 * a server that took such a password has not prepared it either.
 */
export function prepare(text: string): string {
  try {
    return saslprep(text, { allowUnassigned: true });
  } catch {
    return text;
  }
}
