/** A buffer of up to so many bytes is its owner's again when it is written: what has to wait is copied. Larger ones stay as they are. */
export const REUSED_UP_TO: number = 64 * 1024;

/** Who is at the other end. */
export interface Remote {
  /** Address without the port; the socket's path, or `memory`, where there is none. */
  readonly address: string;
  /** 0 where there is none. */
  readonly port: number;
}

/** What a connection tells its session. */
export interface ConnectionEvents {
  /** Bytes came. The chunk is only valid during the call: what is kept must be copied. */
  chunk(bytes: Buffer): void;
  /** Where the next bytes are rather to be put, if anywhere: asked after each chunk, and kept until it is asked again. Not all connections ask. */
  room?(): Buffer | undefined;
  /** So many bytes came where {@link room} said. */
  filled?(size: number): void;
  /** The peer will send no more; it may still read. May come while the connection is paused. */
  end(): void;
  /** The connection is gone; with the system's error if there was one. Comes once, after everything else. */
  close(error?: Error): void;
}

/** Two directions of bytes. Sockets, TLS sockets and in-memory pairs are used through it. */
export interface Connection {
  readonly remote: Remote;
  /** Starts the events; called once. */
  open(events: ConnectionEvents): void;
  /**
   * Sends buffers in one write. True: the kernel has taken them at once, and `done` is not called. Those of up to {@link REUSED_UP_TO}
   * bytes may be used for something else when it returns; larger ones never.
   *
   * @param done called once the kernel has taken them; never synchronously; not at all if the connection goes first
   */
  write(buffers: readonly Buffer[], done: () => void): boolean;
  /** Stops and restarts the `chunk` events. */
  pause(): void;
  resume(): void;
  /** Says that nothing more will be sent; what was written still goes out. */
  end(): void;
  /** Cuts the connection at once. */
  destroy(): void;
}
