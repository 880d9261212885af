import { setMaxListeners } from "node:events";
import { LONGEST_TIMER } from "../lib/waiting.ts";
import { GearmanError } from "../link/errors.ts";
import type { SubmitOptions } from "./options.ts";

/** A job that can be given up. */
interface Endable {
  readonly function: string;
  fail(error: unknown): void;
}

/** Gives a job up when its time has passed, or its signal aborts. Returns what undoes that. */
export function giveUp(job: Endable, { timeout, signal }: SubmitOptions): (() => void)[] {
  const undo: (() => void)[] = [];
  if (timeout !== undefined && timeout <= LONGEST_TIMER) undo.push(after(timeout, job));
  if (signal !== undefined) undo.push(onAbort(signal, job));
  return undo;
}

function after(timeout: number, job: Endable): () => void {
  const what = `a job of "${job.function}" had no outcome within ${timeout} ms; a worker may still run it`;
  const timer = setTimeout(() => job.fail(new GearmanError("TIMEOUT", what)), timeout);
  return () => clearTimeout(timer);
}

function onAbort(signal: AbortSignal, job: Endable): () => void {
  const abort = (): void => job.fail(signal.reason);
  if (signal.aborted) abort();
  // One signal for many jobs is no leak, of which Node would warn from the eleventh on.
  setMaxListeners(0, signal);
  signal.addEventListener("abort", abort, { once: true });
  return () => signal.removeEventListener("abort", abort);
}
