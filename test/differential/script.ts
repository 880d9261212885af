import type { PacketName } from "../../src/protocol/packets.ts";

/**
 * A script: what some connections send, one step after the other. Plain data, so that a failing one can be printed, shrunk and
 * replayed. Bytes are latin1 strings, as in test/support/wire.ts.
 */
export interface Script {
  /** For both servers. */
  readonly flags: readonly string[];
  readonly steps: readonly Step[];
}

export type Step = Send | Break | Close;

/** Messages that are written in one piece. The connection is opened when it is first used, and anew after it was closed. */
export interface Send {
  readonly on: number;
  readonly messages: readonly Message[];
}

/** Bytes after which the connection is at its end. */
export interface Break {
  readonly on: number;
  readonly breaks: Breakage;
  readonly bytes: string;
}

/** How a server takes what ends a connection: it just closes, or ours says why first. */
export type Breakage = "closes" | "missing-arguments" | "argument-too-large";

export interface Close {
  readonly on: number;
  readonly close: true;
}

export type Message = Packet | Line;

export interface Packet {
  readonly packet: PacketName;
  readonly args: readonly Argument[];
  readonly magic: "REQ" | "RES";
}

/** A text command; the parts are joined. */
export interface Line {
  readonly line: readonly Argument[];
}

/** Bytes, or a handle that a connection was told before. */
export type Argument = string | HandleOf;

export interface HandleOf {
  /** Told by JOB_CREATED, or by JOB_ASSIGN*. */
  readonly told: "created" | "assigned";
  readonly on: number;
  /** 0 is the newest. */
  readonly back: number;
  /** What is put behind it. */
  readonly suffix: string;
}

/** An answer or something relayed, with handles replaced by names: H:1 is the first that the server made. */
export interface Event {
  /** Of a packet; TEXT for text; CLOSED, SILENT for what became of the connection. */
  readonly name: PacketName | "TEXT" | "CLOSED" | "SILENT" | "GARBAGE";
  readonly args: readonly string[];
}

/** A message with its handles put in, by name. */
export type Spoken = SpokenPacket | { readonly line: string };

export interface SpokenPacket {
  readonly packet: PacketName;
  readonly args: readonly string[];
  readonly magic: "REQ" | "RES";
}
