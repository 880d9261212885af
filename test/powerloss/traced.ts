import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { sentJob } from "../faults/job.ts";
import { Ledger } from "../faults/ledger.ts";
import { straceCommand } from "../faults/strace.ts";
import { Talk } from "../faults/talk.ts";
import { builtProgram } from "../support/built.ts";
import type { Folder } from "../support/folder.ts";
import { AcknowledgementReader, type Acknowledgements } from "./acknowledgements.ts";

/** Calls that write to the log or to a socket, or sync. */
const CALLS = ["pwrite64", "write", "writev", "sendmsg", "sendto", "fdatasync", "fsync"];

/** The last `-s` counts: of what is written, so many bytes are in the trace; all. */
const withAllBytes = (command: readonly string[]): string[] => [...command.slice(0, -1), "-s", "1000000", "--"];

const PREFIX = "H:traced";
const CLIENTS = 8;
const OUTSTANDING = 64;

export interface Tracing {
  readonly jobs: number;
  readonly durability?: "full" | "normal";
}

/** Submits background jobs to a traced daemon, many at a time, and reads from the trace which were acknowledged too early. */
export async function traceAcknowledgements(
  folder: Folder,
  { jobs, durability = "full" }: Tracing,
): Promise<Acknowledgements> {
  const log = folder.file("trace");
  const [strace = "", ...options] = withAllBytes(straceCommand({ files: [], calls: CALLS, what: "", log }));
  const daemon = [
    builtProgram(),
    "-L127.0.0.1",
    "-p0",
    "--data-dir",
    folder.file("data"),
    "--job-handle-prefix",
    PREFIX,
  ];
  const child = spawn(strace, [...options, process.execPath, ...daemon, "--durability", durability], {
    env: { ...process.env, GEARMAND_PORT: undefined },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  // strace has this pipe, too: it is closed when the trace is complete.
  child.stderr?.resume();
  const closed = once(child, "close");
  try {
    const [message] = await Promise.race([once(child, "message"), closed]);
    if (!message?.addresses) throw new Error(`the daemon ended with ${message} before it was ready`);
    await submit(message.addresses[0].port, jobs);
    child.kill("SIGTERM");
    await closed;
  } finally {
    child.kill("SIGKILL");
  }
  return read(log);
}

async function submit(port: number, jobs: number): Promise<void> {
  const ledger = new Ledger();
  let next = 0;
  const client = async (_none: unknown, nth: number): Promise<void> => {
    const talk = await Talk.connect(port, ledger, `client-${nth}`);
    while (next < jobs) {
      const count = Math.min(OUTSTANDING, jobs - next);
      await talk.submit(...Array.from({ length: count }, () => sentJob(next++)));
    }
    talk.close();
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

async function read(log: string): Promise<Acknowledgements> {
  const reader = new AcknowledgementReader(PREFIX);
  for await (const line of createInterface({ input: createReadStream(log, "latin1") })) reader.add(line);
  return reader;
}
