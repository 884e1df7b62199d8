/** What a protocol session may do to its connection. */
export type Outlet = {
  send(bytes: Uint8Array): void;
  /** Say no more: close once everything sent has left. */
  end(): void;
  /** Whether the connection goes over TLS already, or may do so when the client asks; or neither. */
  readonly tls: 'active' | 'possible' | 'never';
  /** Once everything sent has left, go on over TLS; what comes before the handshake is never given to the session. */
  startTls(): void;
};

/**
 * One conversation in one protocol, without any input or output of its own: bytes come in by `receive`,
 * in pieces of any size, and go out by the outlet. So every protocol can be tested without a socket.
 */
export type Session = {
  greeting(): void;
  receive(bytes: Uint8Array): void;
  /** The server takes its leave: the client was silent for too long, or the server stops. */
  leave(why: 'idle' | 'stopping'): void;
  /** The connection is gone: give back locks, stop watching. */
  closed(): void;
};

export type SessionMaker = (outlet: Outlet) => Session;
