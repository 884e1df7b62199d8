/** One header field of a message, as binary text (one character per octet). */
export type Field = {
  readonly name: string;
  /** The field as it stands in the message: name, colon, folded body, line end. */
  readonly text: string;
  /** The unfolded body (RFC 5322, section 2.2.3), outer white space removed. */
  readonly value: string;
};

/** Split a header block into its fields (RFC 5322, section 2.2). Lines that are no field are passed over. */
export function parseFields(block: string): readonly Field[] {
  const fields: Field[] = [];
  let current = '';
  const close = (): void => {
    const colon = current.indexOf(':');
    const name = current.slice(0, colon).trim();
    if (colon > 0 && /^[\x21-\x7e]+$/.test(name)) {
      fields.push({ name, text: current, value: unfold(current.slice(colon + 1)) });
    }
    current = '';
  };
  for (const line of block.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    if (/^[ \t]/.test(line) && current !== '') current += line;
    else {
      close();
      if (line !== '\r\n' && line !== '\n') current = line;
    }
  }
  close();
  return fields;
}

/** The value of the first field of this name. */
export function fieldValue(fields: readonly Field[], name: string): string | undefined {
  const lower = name.toLowerCase();
  return fields.find((field) => field.name.toLowerCase() === lower)?.value;
}

function unfold(body: string): string {
  return body.replace(/\r?\n(?=[ \t])/g, '').replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
}

export type Parameter = readonly [name: string, value: string];

type ParameterizedValue = { readonly value: string; readonly parameters: readonly Parameter[] };

/** `value; name=token; name="quoted"` as in Content-Type and Content-Disposition (RFC 2045, section 5.1). */
export function parseParameterized(text: string): ParameterizedValue {
  const tokens = tokenize(text);
  const value: string[] = [];
  let at = 0;
  for (; at < tokens.length && tokens[at]?.text !== ';'; at++) value.push(tokens[at]?.text ?? '');
  const parameters: Parameter[] = [];
  while (at < tokens.length) {
    at += 1; // the semicolon
    const name = tokens[at];
    if (name && name.text !== ';' && tokens[at + 1]?.text === '=' && !tokens[at + 1]?.quoted) {
      const given: string[] = [];
      at += 2;
      for (; at < tokens.length && (tokens[at]?.text !== ';' || tokens[at]?.quoted); at++) {
        given.push(tokens[at]?.text ?? '');
      }
      parameters.push([name.text.toLowerCase(), given.join('')]);
    } else {
      while (at < tokens.length && tokens[at]?.text !== ';') at += 1;
    }
  }
  return { value: value.join(''), parameters };
}

type Token = { readonly text: string; readonly quoted: boolean };

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at] ?? '';
    if (char === '"') {
      let quoted = '';
      for (at += 1; at < text.length && text[at] !== '"'; at++) {
        if (text[at] === '\\' && at + 1 < text.length) at += 1;
        quoted += text[at] ?? '';
      }
      at += 1;
      tokens.push({ text: quoted, quoted: true });
    } else if (char === '(') {
      at = skipComment(text, at);
    } else if (char === ';' || char === '=') {
      tokens.push({ text: char, quoted: false });
      at += 1;
    } else if (/\s/.test(char)) {
      at += 1;
    } else {
      const start = at;
      while (at < text.length && !/[\s;="(]/.test(text[at] ?? '')) at += 1;
      tokens.push({ text: text.slice(start, at), quoted: false });
    }
  }
  return tokens;
}

/** The index after the comment that starts here; comments nest (RFC 5322, section 3.2.2). */
export function skipComment(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === '(') depth += 1;
    else if (char === ')' && --depth === 0) return at + 1;
  }
  return text.length;
}
