import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import type { Writable } from "node:stream";
import { CLOSE_TIMEOUT, MAX_WAITING_BYTES, type Sink } from "./log-sink.ts";

const PROGRAM = "logger";
const FACILITY_USER = 1 << 3;

/** Time between two starts of a `logger` that keeps ending, milliseconds. */
const RESTART_INTERVAL = 1000;

/** Pino's levels and the severities of syslog: crit, err, warning, info, debug. */
const SEVERITIES: readonly (readonly [number, number])[] = [
  [60, 2],
  [50, 3],
  [40, 4],
  [30, 6],
  [0, 7],
];

const priority = (level: number): number =>
  FACILITY_USER + (SEVERITIES.find(([least]) => level >= least)?.[1] ?? FACILITY_USER);

/** Whether util-linux's `logger` is installed; busybox's knows no `--prio-prefix`. */
export const hasSyslogProgram = (): boolean =>
  spawnSync(PROGRAM, ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") ?? false;

/** Syslog, through a child process: Node has no datagram Unix sockets. */
export const syslogSink = (tag: string): Sink => {
  let child: ChildProcessByStdio<Writable, null, null> | undefined;
  let startedAt = Number.NEGATIVE_INFINITY;

  const start = (): void => {
    startedAt = performance.now();
    // Detached: a Ctrl-C at the terminal must not end it before the last line.
    const started = spawn(PROGRAM, ["--prio-prefix", "--tag", tag, `--id=${process.pid}`], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
    });
    const forget = (): void => {
      if (child === started) child = undefined;
    };
    started.on("error", forget).on("exit", forget);
    started.stdin.on("error", forget);
    child = started;
  };

  return {
    write: (line, level) => {
      if (!child && performance.now() - startedAt > RESTART_INTERVAL) start();
      if (child && child.stdin.writableLength < MAX_WAITING_BYTES) child.stdin.write(`<${priority(level)}>${line}`);
    },
    reopen: () => false,
    close: () =>
      new Promise((resolve) => {
        if (!child) return resolve();
        setTimeout(resolve, CLOSE_TIMEOUT).unref();
        child.on("exit", () => resolve());
        child.stdin.end();
      }),
    flushSync: () => {},
  };
};
