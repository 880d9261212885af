import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { builtProgram } from "../support/built.ts";
import { startDaemon } from "../support/daemon.ts";
import { startReference } from "../support/reference.ts";

/** Which server is tortured, and how it keeps its queue. */
export interface Subject {
  readonly server: "gearmand-ts" | "gearmand";
  readonly queue: "data-dir" | "libsqlite3";
  /** Of gearmand-ts; its default if it is not said. */
  readonly durability: string | undefined;
}

/** Whether jobs have the same handles with the next daemon. */
export const keepsHandles = ({ server }: Subject): boolean => server === "gearmand-ts";

/** Whether it can store an empty workload; gearmand stores it as NULL, and then does not start on its own queue. */
export const storesEmpty = ({ server }: Subject): boolean => server === "gearmand-ts";

export interface Running {
  readonly port: number;
  /** Rejects if it ends before it is killed. */
  readonly failed: Promise<never>;
  kill(): Promise<void>;
}

/** Starts it on what the one before left in that folder. */
export async function start(subject: Subject, folder: string): Promise<Running> {
  return subject.server === "gearmand" ? startGearmand(folder) : startGearmandTs(subject, folder);
}

const queueFlags = (folder: string): string[] => [
  "-q",
  "libsqlite3",
  `--libsqlite3-db=${join(folder, "queue.sqlite")}`,
];

async function startGearmand(folder: string): Promise<Running> {
  const { port, stop } = await startReference(queueFlags(folder));
  return { port, failed: new Promise(() => {}), kill: stop };
}

/** Starts gearmand-ts and kills it after so many milliseconds, wherever it is by then: mostly it still reads its store. */
export async function startInVain(subject: Subject, folder: string, milliseconds: number): Promise<void> {
  const flags = [...gearmandTsFlags(subject, folder), "--listen=127.0.0.1", "--port=0"];
  const child = spawn(process.execPath, [builtProgram(), ...flags], { stdio: "ignore" });
  const exited = once(child, "exit");
  await Promise.race([exited, setTimeout(milliseconds)]);
  child.kill("SIGKILL");
  await exited;
  if (child.signalCode !== "SIGKILL") throw new Error(`the daemon ended with ${child.exitCode ?? child.signalCode}`);
}

const gearmandTsFlags = ({ queue, durability }: Subject, folder: string): string[] => [
  ...(queue === "data-dir" ? [`--data-dir=${join(folder, "data")}`] : queueFlags(folder)),
  ...(durability === undefined ? [] : [`--durability=${durability}`]),
  "--verbose=ERROR",
];

async function startGearmandTs(subject: Subject, folder: string): Promise<Running> {
  const daemon = await startDaemon(gearmandTsFlags(subject, folder));
  let killed = false;
  const failed = daemon.exited.then(() =>
    killed ? new Promise<never>(() => {}) : Promise.reject(new Error(`the daemon ended: ${daemon.lines.join("\n")}`)),
  );
  failed.catch(() => {}); // whoever waits for it is told
  const kill = async (): Promise<void> => {
    killed = true;
    await daemon[Symbol.asyncDispose]();
  };
  return { port: daemon.port, failed, kill };
}
