import type { Values } from "./flags.ts";
import type { ReplyKind } from "./reply.ts";
import { type Column, JOBS, PRIORITY_STATUS, STATUS, STORE, UNIQUE_JOBS, WORKERS } from "./tables.ts";

/** What a flag asks a server. */
export interface Operation {
  /** The text command; the flag's argument stands behind it. */
  readonly command: string;
  readonly reply: ReplyKind;
  /** Of a table. */
  readonly columns?: readonly Column[];
}

const table = (command: string, columns: readonly Column[]): Operation => ({ command, reply: "table", columns });
const line = (command: string): Operation => ({ command, reply: "line" });

/** THE table of operations, by their flags, in the order in which they are done: C gearadmin's, however the flags are given. */
export const OPERATIONS = {
  getpid: line("getpid"),
  "create-function": line("create function"),
  maxqueue: line("maxqueue"),
  // A line for each way of writing the name that the server knows.
  "drop-function": { command: "drop function", reply: "fenced" },
  "show-jobs": table("show jobs", JOBS),
  "show-unique-jobs": table("show unique jobs", UNIQUE_JOBS),
  "show-store": table("show store", STORE),
  "cancel-job": line("cancel job"),
  "server-verbose": line("verbose"),
  "server-version": line("version"),
  workers: table("workers", WORKERS),
  "priority-status": table("prioritystatus", PRIORITY_STATUS),
  status: table("status", STATUS),
  shutdown: line("shutdown"),
  "shutdown-graceful": line("shutdown graceful"),
} as const satisfies Partial<Record<keyof Values, Operation>>;

export type OperationName = keyof typeof OPERATIONS;

/** An operation with the argument that it was given. */
export interface Request {
  readonly name: OperationName;
  readonly operation: Operation;
  /** The text command, its UTF-8 bytes as Latin-1. */
  readonly line: string;
}

const request = (name: OperationName, value: string | true): Request => {
  const operation: Operation = OPERATIONS[name];
  const words = value === true ? operation.command : `${operation.command} ${value}`;
  return { name, operation, line: Buffer.from(words, "utf8").toString("latin1") };
};

/** What the flags ask for, in the order of the table. */
export const requestsOf = (values: Values): readonly Request[] =>
  (Object.keys(OPERATIONS) as OperationName[]).flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [request(name, value)];
  });
