import type { Library } from "./interop-libraries.ts";
import type { Program, Programs } from "./interop-programs.ts";
import type { Server } from "./interop-servers.ts";

/** Words of a line as one text, its bytes as latin1: `complete cba`. */
function decode(line: string): string {
  return line
    .split("\t")
    .map((word) => (word.startsWith("x:") ? Buffer.from(word.slice(2), "hex").toString("latin1") : word))
    .join(" ");
}

export interface Request {
  readonly function?: string;
  readonly unique?: string;
  /** Bytes as latin1. */
  readonly workload?: string;
  /** The name of a task, or what the operation needs beside. */
  readonly extra?: string;
}

export interface Reply {
  /** What the library reported, in its order; handles are taken out (`created`). */
  readonly events: readonly string[];
  readonly handles: readonly string[];
  /** `ok`, or the library's word for the problem. */
  readonly end: string;
}

function reply(lines: readonly string[]): Reply {
  const created = /(?<=\bcreated)\t(.+)$/;
  const handles = lines.flatMap((line) => created.exec(line)?.[1] ?? []);
  const texts = lines.map((line) => decode(line.replace(created, "")));
  return { events: texts.slice(0, -1), handles, end: texts.at(-1)?.replace(/^end /, "") ?? "" };
}

/** A client program, and what it answers. */
export class Client {
  readonly #program: Program;

  constructor(program: Program) {
    this.#program = program;
  }

  /** Sends a request and does not wait: `reply` does. */
  send(op: string, { function: name = "", unique = "", workload = "", extra = "" }: Request = {}): void {
    const hex = Buffer.from(workload, "latin1").toString("hex");
    this.#program.write(`${[op, name, unique, hex, extra].join("\t")}\n`);
  }

  async reply(): Promise<Reply> {
    return reply(await this.#program.linesTo("end\t"));
  }

  request(op: string, request: Request = {}): Promise<Reply> {
    this.send(op, request);
    return this.reply();
  }

  /** The next event of a request that has not ended yet. */
  async event(): Promise<string> {
    return decode((await this.#program.line()) ?? "");
  }

  /** Ends the program, and so its connections. */
  stop(): Promise<void> {
    return this.#program.stop();
  }
}

export interface Taken {
  readonly function: string;
  readonly handle: string;
  readonly unique: string;
  readonly workload: string;
}

/** A worker program, and the jobs that it took. */
export class Worker {
  readonly #program: Program;

  constructor(program: Program) {
    this.#program = program;
  }

  /** The next job that it took. */
  async job(): Promise<Taken> {
    const line = (await this.#program.linesTo("job\t")).at(-1) ?? "";
    const [, name = "", handle = "", unique = "", workload = "x:"] = line.split("\t");
    return { function: name, handle, unique, workload: decode(workload) };
  }

  /** What it says when it gives up. */
  async stopped(): Promise<string> {
    return decode((await this.#program.linesTo("stopped\t")).at(-1) ?? "");
  }

  /** Ends the oldest job that it holds. */
  release(): void {
    this.#program.write("\n");
  }

  /** Kills it, whatever it is doing. */
  stop(): Promise<void> {
    return this.#program.stop();
  }
}

export function startClient(programs: Programs, library: Library, server: Server): Client {
  const { file, args } = library.client();
  return new Client(programs.start({ file, args: [...args, server.host, `${server.port}`], env: server.env ?? {} }));
}

/** A worker for PREFIX-reverse and its sisters, once it has told so to the server. */
export async function startWorker(
  programs: Programs,
  library: Library,
  server: Server,
  prefix: string,
  ...options: readonly string[]
): Promise<Worker> {
  const { file, args } = library.worker();
  const all = [...args, server.host, `${server.port}`, prefix, ...options];
  const program = programs.start({ file, args: all, env: server.env ?? {} });
  await program.linesTo("ready");
  return new Worker(program);
}
