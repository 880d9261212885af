/** A TCP address (no host: all addresses, IPv6 and IPv4) or the path of a Unix socket. */
export type ListenAddress =
  | { readonly host: string | undefined; readonly port: number; readonly path?: undefined }
  | { readonly path: string };

/** Where a listener really listens: the port is the kernel's choice if 0 was asked for. */
export type BoundAddress = { readonly host: string; readonly port: number } | { readonly path: string };

/** PEM files of the server's identity; read at start and again on reload. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
  /** Certificates that client certificates must chain to; needed with verifyClient. */
  readonly ca: string | undefined;
  /** Refuse a client that shows no certificate, or one that `ca` did not sign. */
  readonly verifyClient: boolean;
}

/** Bounds of connections: sizes in bytes, times in milliseconds. 0 turns off those that say so. */
export interface TransportLimits {
  /** Connections open at once; those beyond are closed on accept. 0: what its file-descriptor limit and V8's heap allow. */
  readonly maxConnections: number;
  /** Connections open at once from one address; 0: no limit. */
  readonly maxConnectionsPerAddress: number;
  /** Accepts per second from one address; 0: no limit. */
  readonly maxAcceptsPerAddress: number;
  /** Declared body size of a packet; a larger one gets ERROR and its bytes are discarded. */
  readonly maxPacketBytes: number;
  /** Bytes of unfinished packets held for all connections; the packet that passes it gets ERROR and is discarded. */
  readonly maxInputBytes: number;
  /** Output waiting for one connection, above which nothing more is read from it. */
  readonly outputSoftBytes: number;
  /** Output waiting for one connection, above which it is cut. */
  readonly outputHardBytes: number;
  /** Output waiting for all connections, above which the one that holds most is cut. */
  readonly maxOutputBytes: number;
  /** A connection over its soft limit, or closing, that takes nothing for this long is cut. */
  readonly outputTimeout: number;
  /** A packet or line that has begun and makes no progress for this long ends its connection. */
  readonly frameTimeout: number;
  /** A connection that sends nothing at all for this long after accept is cut; 0: never (pools connect early). */
  readonly firstByteTimeout: number;
  /** A TLS handshake that takes longer is cut. */
  readonly handshakeTimeout: number;
}

const MiB = 1024 ** 2;

export const DEFAULT_TRANSPORT_LIMITS: TransportLimits = {
  maxConnections: 0,
  maxConnectionsPerAddress: 0,
  maxAcceptsPerAddress: 0,
  maxPacketBytes: 256 * MiB,
  maxInputBytes: 1024 * MiB,
  outputSoftBytes: 1 * MiB,
  outputHardBytes: 512 * MiB,
  maxOutputBytes: 2048 * MiB,
  outputTimeout: 10_000,
  frameTimeout: 30_000,
  firstByteTimeout: 0,
  handshakeTimeout: 10_000,
};
