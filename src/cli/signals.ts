/*
 * Imported before all else: its listeners must be there as early as can be. Without one, SIGUSR1 opens Node's inspector, and TERM and INT
 * do nothing in a container, where we are PID 1. A signal that comes before the server is there waits for it.
 */

const SIGNALS = ["SIGTERM", "SIGINT", "SIGUSR1", "SIGHUP"] as const;

export type Signal = (typeof SIGNALS)[number];

const waiting: Signal[] = [];

/** It comes again to the next handler. */
export const putOff = (signal: Signal): void => void waiting.push(signal);

let handler = putOff;

for (const signal of SIGNALS) process.on(signal, () => handler(signal));
process.on("SIGPIPE", () => {});

/** Gives all signals, those that came already too, to one handler. */
export const onSignal = (next: (signal: Signal) => void): void => {
  handler = next;
  for (const signal of waiting.splice(0)) next(signal);
};
