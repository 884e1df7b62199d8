import type { Protocol, WireConnection, WireLine } from '../../../shared/wire/line.ts';

/** All connections, those of one account by its address, or one by its number. */
export type Lane = 'all' | `account:${string}` | number;
export type ProtocolFilter = 'all' | Protocol;

/** The lines that a lane, a protocol and a text leave. */
export function visibleLines(
  lines: readonly WireLine[],
  connections: ReadonlyMap<number, WireConnection>,
  wanted: { lane: Lane; protocol: ProtocolFilter; text: string },
): readonly WireLine[] {
  const { lane, protocol } = wanted;
  const text = wanted.text.trim().toLowerCase();
  if (lane === 'all' && protocol === 'all' && text === '') return lines;
  return lines.filter(
    (line) =>
      inLane(connections.get(line.connection), line.connection, lane) &&
      (protocol === 'all' || connections.get(line.connection)?.protocol === protocol) &&
      (text === '' || line.text.toLowerCase().includes(text)),
  );
}

function inLane(connection: WireConnection | undefined, id: number, lane: Lane): boolean {
  if (typeof lane === 'number') return id === lane;
  return lane === 'all' || lane === `account:${connection?.email ?? ''}`;
}

const arrows = { client: 'C:', server: 'S:', none: '--' };

/** Lines as text for the clipboard; secrets are masked already. */
export function linesAsText(lines: readonly WireLine[]): string {
  return lines
    .map((line) => {
      const at = new Date(line.at).toISOString();
      const words =
        line.kind === 'block'
          ? `{${line.bytes} bytes}`
          : line.kind === 'gap'
            ? `(${line.bytes} bytes not shown)`
            : line.text;
      return `${at} #${line.connection} ${arrows[line.direction]} ${words}`;
    })
    .join('\n');
}
