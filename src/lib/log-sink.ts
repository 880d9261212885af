import { closeSync, fstatSync, openSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { pino } from "pino";
import { prettyFactory } from "pino-pretty";

/** Lines beyond this wait for a reader that has stalled; more are dropped, as the process must not stop for its log. */
export const MAX_WAITING_BYTES = 16 * 1024 ** 2;

/** How long an exit waits for the last lines, milliseconds. */
export const CLOSE_TIMEOUT = 1000;

/** Where log lines go. */
export interface Sink {
  /** Takes one line of JSON, with its line end, and pino's number of its level. Never throws, never blocks. */
  write(line: string, level: number): void;
  /** Opens the file again, for log rotation; false if it has none of its own. Throws the system's error, and goes on with the old one, if it can't. */
  reopen(): boolean;
  /** Settles when all lines are out, or can't be. */
  close(): Promise<void>;
  /** For an exit that can't wait. */
  flushSync(): void;
}

/** What a line of JSON looks like in the log. */
export type Format = (line: string) => string;

export const json: Format = (line) => line;

export const pretty = (colorize: boolean): Format =>
  prettyFactory({ colorize, translateTime: "SYS:standard", ignore: "pid", singleLine: true });

export const noSink: Sink = { write: () => {}, reopen: () => false, close: async () => {}, flushSync: () => {} };

/** stdout or stderr. Node makes pipes and sockets non-blocking, so a reader that stalls can hold neither the server nor its exit. */
export const descriptorSink = (stream: NodeJS.WriteStream & { fd: number }, format: Format): Sink => {
  if (fstatSync(stream.fd).isFile()) return fileSink(stream.fd, format);
  stream.on("error", () => {});
  return {
    write: (line) => {
      if (stream.writable && stream.writableLength < MAX_WAITING_BYTES) stream.write(format(line));
    },
    reopen: () => false,
    close: async () => {
      const written = new Promise((resolve) => stream.write("", resolve));
      await Promise.race([written, setTimeout(CLOSE_TIMEOUT)]);
    },
    flushSync: () => {},
  };
};

/** A file (append, mode 0644) or the descriptor of one. Throws the system's error when it can't be opened. */
export const fileSink = (destination: string | number, format: Format): Sink => {
  const tryToOpen = (): boolean => {
    if (typeof destination === "string") closeSync(openSync(destination, "a", 0o644));
    return typeof destination === "string";
  };
  tryToOpen();
  const stream = pino.destination({ dest: destination, sync: false, maxLength: MAX_WAITING_BYTES, mode: 0o644 });
  // A full disk or a closed pipe costs log lines, not the process; nor may they hold it at exit, where a stream tries for ever.
  let failing = false;
  stream.on("error", () => {
    failing = true;
  });
  stream.on("write", () => {
    failing = false;
  });
  return {
    write: (line) => void stream.write(format(line)),
    reopen: () => {
      const opened = tryToOpen();
      if (opened) stream.reopen();
      return opened;
    },
    close: async () => {
      const closed = new Promise((resolve) => stream.on("close", resolve).on("error", resolve));
      stream.end();
      await Promise.race([closed, setTimeout(CLOSE_TIMEOUT)]);
      stream.destroy();
    },
    flushSync: () => (failing ? stream.destroy() : stream.flushSync()),
  };
};
