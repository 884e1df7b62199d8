/** A mailbox of MAIL or RCPT, "" for the null reverse-path, and the parameters after it. */
type PathArgument = {
  readonly address: string;
  readonly parameters: readonly (readonly [string, string])[];
};

type PathProblem = { readonly problem: string };

/**
 * `FROM:<reverse-path> [parameters]` or `TO:<forward-path> [parameters]` (RFC 5321, sections 4.1.1.2,
 * 4.1.1.3 and 4.1.2); the limits are those of section 4.5.3.1.
 */
export function parsePath(argument: string, keyword: 'FROM' | 'TO'): PathArgument | PathProblem {
  // A space after the colon is against the grammar and common in hand-typed sessions.
  const match = new RegExp(`^${keyword}: *<((?:"(?:[^"\\\\]|\\\\.)*"|[^<>"])*)>(.*)$`, 'is').exec(argument);
  const verb = keyword === 'FROM' ? 'MAIL FROM' : 'RCPT TO';
  if (!match) return { problem: `write: ${verb}:<somebody@practice.test>` };
  const address = (match[1] ?? '').replace(/^@[^:]*:/, ''); // a source route is ignored (appendix C)
  const rest = match[2] ?? '';
  if (rest !== '' && !rest.startsWith(' '))
    return { problem: 'a space belongs between the address and what follows it' };
  const parameters = rest
    .split(' ')
    .filter((word) => word !== '')
    .map((word): readonly [string, string] => {
      const [name = '', ...value] = word.split('=');
      return [name.toUpperCase(), value.join('=')];
    });
  const problem = address === '' && keyword === 'FROM' ? undefined : addressProblem(address);
  return problem === undefined ? { address, parameters } : { problem };
}

function addressProblem(address: string): string | undefined {
  const sign = address.lastIndexOf('@');
  const local = address.slice(0, sign);
  const domain = address.slice(sign + 1);
  if (sign <= 0 || domain === '') return 'an address has a name, an @ and a domain: vera@practice.test';
  if (local.length > 64) return 'the part before @ has at most 64 octets';
  if (domain.length > 255 || address.length > 254) return 'this address is too long';
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(address)) return 'an address has no control characters';
  if (!local.startsWith('"') && /[\s@,;:()[\]\\]/.test(local))
    return 'the part before @ has a character that needs quotes';
  if (!/^[^\s@,;:()<>\\"]+$/.test(domain)) return 'this is not a domain';
  return undefined;
}
