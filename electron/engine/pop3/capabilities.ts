import type { Answer } from './protocol.ts';

/** What a server said it can do (RFC 2449 section 5). */
export interface Capabilities {
  /** False where the server knows no CAPA: it may be able to do more than it says. */
  known: boolean;
  /** As they stood there. */
  advertised: string[];
  has: (name: string) => boolean;
  /** SASL mechanisms, upper case (RFC 5034). */
  mechanisms: string[];
  implementation?: string;
  /** Days (RFC 2449 section 6.7). */
  expire?: number | 'never';
  /** s (RFC 2449 section 6.5). */
  loginDelay?: number;
}

export const NOTHING: Capabilities = { known: false, advertised: [], has: () => false, mechanisms: [] };

/** Reads the answer to CAPA. What is malformed is left out: it promises nothing. */
export function capabilitiesOf(answer: Answer): Capabilities {
  if (answer.status !== 'ok') return NOTHING;
  const advertised = answer.lines.map((line) => line.trim()).filter((line) => line !== '');
  const all = new Map<string, string>();
  for (const line of advertised) {
    const [name = ''] = line.split(/\s/u);
    if (!all.has(name.toUpperCase())) all.set(name.toUpperCase(), line.slice(name.length).trim());
  }
  const first = (name: string): string => (all.get(name) ?? '').split(/\s+/u)[0] ?? '';
  const figure = (text: string): number | undefined => (/^\d{1,9}$/u.test(text) ? Number(text) : undefined);
  const expire = /^never$/iu.test(first('EXPIRE')) ? ('never' as const) : figure(first('EXPIRE'));
  const loginDelay = figure(first('LOGIN-DELAY'));
  const implementation = all.get('IMPLEMENTATION');
  return {
    known: true,
    advertised,
    has: (name) => all.has(name),
    mechanisms: (all.get('SASL') ?? '').toUpperCase().split(/\s+/u).filter(Boolean),
    ...(implementation ? { implementation } : {}),
    ...(expire === undefined ? {} : { expire }),
    ...(loginDelay === undefined ? {} : { loginDelay }),
  };
}
