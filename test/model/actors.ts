import type { Sent } from "./world.ts";

/** Somebody at the other end of a connection. */
export interface Actor {
  /** What was sent to it and has not arrived, in order. */
  readonly inbox: Sent[];
  /** It may stay to the end: it gives no trouble. */
  readonly patient: boolean;
  start(): void;
  /** It goes for good. */
  stop(): void;
  /** The server is gone, and with it the connection. */
  lost(): void;
  /** The oldest packet arrives. */
  receive(): void;
}
