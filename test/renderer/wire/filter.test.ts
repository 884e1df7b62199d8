import { describe, expect, it } from 'vitest';
import type { ConnectionId } from '../../../shared/model/ids.ts';
import type { WireConnection, WireLine } from '../../../shared/wire/line.ts';
import { linesAsText, visibleLines } from '../../../renderer/feature/wire/filter.ts';

const connection = (id: number, protocol: WireConnection['protocol']): WireConnection => ({
  id: id as ConnectionId,
  protocol,
  email: 'vera@example.org',
  host: 'mail.example.org',
  port: 1,
  security: 'tls',
  purpose: 'mail',
  opened: 0,
  bytesIn: 0,
  bytesOut: 0,
});
const line = (id: number, seq: number, text: string, change: Partial<WireLine> = {}): WireLine => ({
  connection: id as ConnectionId,
  seq,
  at: 0,
  direction: 'client',
  kind: 'line',
  text,
  bytes: text.length + 2,
  ...change,
});
const connections = new Map([
  [1, connection(1, 'imap')],
  [2, connection(2, 'smtp')],
]);
const lines = [
  line(1, 1, 'A1 NOOP'),
  line(2, 1, 'EHLO x'),
  line(2, 2, 'letter', { kind: 'block', bytes: 900 }),
];

describe('the wire', () => {
  it('shows everything when nothing is asked for, and makes no copy', () => {
    expect(visibleLines(lines, connections, { lane: 'all', protocol: 'all', text: ' ' })).toBe(lines);
  });

  it('filters by lane, protocol and text together', () => {
    const find = (lane: 'all' | number, protocol: 'all' | 'smtp', text: string) =>
      visibleLines(lines, connections, { lane, protocol, text }).map((one) => one.text);
    expect(find(1, 'all', '')).toEqual(['A1 NOOP']);
    expect(find('all', 'smtp', 'ehlo')).toEqual(['EHLO x']);
  });

  it('shows the lines of one account, whatever the protocol', () => {
    const two = new Map([
      [1, { ...connection(1, 'imap'), email: 'vera@example.org' }],
      [2, { ...connection(2, 'smtp'), email: 'oleg@example.org' }],
    ]);
    const find = (email: string) =>
      visibleLines(lines, two, { lane: `account:${email}`, protocol: 'all', text: '' }).map(
        (one) => one.connection,
      );
    expect(find('vera@example.org')).toEqual([1]);
    expect(find('oleg@example.org')).toEqual([2, 2]);
  });

  it('copies a block as its size, never as its content', () => {
    expect(linesAsText(lines)).toContain('{900 bytes}');
    expect(linesAsText(lines)).not.toContain('letter');
  });
});
