import { type DestinationStream, type LevelWithSilent, pino, stdSerializers, stdTimeFunctions } from "pino";
import type { Logger } from "./log.ts";
import type { Sink } from "./log-sink.ts";

export interface Log {
  readonly logger: Logger;
  /** Shows `info` whatever the level: for the few lines about start and stop. */
  readonly lifecycle: Logger;
  /** Opens log files again; false if there is none. Throws the system's error if one can't be. */
  reopen(): boolean;
  /** Settles when all lines are out, or can't be. */
  close(): Promise<void>;
  flushSync(): void;
}

/** With this mark pino sets `lastLevel` before each write. */
const METADATA = Symbol.for("pino.metadata");

const fanOut = (sinks: readonly Sink[]): DestinationStream =>
  ({
    [METADATA]: true,
    lastLevel: 0,
    write(line: string) {
      for (const sink of sinks) sink.write(line, this.lastLevel);
    },
  }) as DestinationStream & { lastLevel: number };

/** A pino log that goes to all the sinks; one JSON object a line, levels by name, times in ISO 8601. */
export const createLog = (level: LevelWithSilent, sinks: readonly Sink[]): Log => {
  const logger = pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: stdSerializers.err },
    },
    fanOut(sinks),
  );
  return {
    logger,
    lifecycle: logger.child({}, { level: "info" }),
    reopen: () => sinks.map((sink) => sink.reopen()).includes(true),
    close: async () => void (await Promise.all(sinks.map((sink) => sink.close()))),
    flushSync: () => {
      for (const sink of sinks) sink.flushSync();
    },
  };
};
