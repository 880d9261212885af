import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { builtProgram } from "../support/built.ts";
import type { Command } from "../support/interop-programs.ts";
import { Peer } from "../support/peer.ts";

/** A command line of ours; nothing of our own environment says where servers are. */
export const gearadminTs = (...args: string[]): Command => ({
  file: process.execPath,
  args: [builtProgram("gearadmin-ts"), ...args],
  env: { GEARMAN_SERVERS: "" },
});

/** The same for the C tool. */
export const gearadmin = (...args: string[]): Command => ({ file: "gearadmin", args });

const STTY = `stty -a | tr ' ;' '\\n\\n' | grep -xE -- '-?(icanon|echo)' | tr '\\n' ' '; echo`;

export const shellWords = ({ file, args }: Command): string => [file, ...args].map((word) => `'${word}'`).join(" ");

/** Shell commands on a pseudo terminal of that size. */
export const terminal = (commands: string, env: Command["env"] = {}, columns = 100, rows = 30): Command => {
  const line = `stty cols ${columns} rows ${rows}; ${commands}`;
  return { file: "script", args: ["-qfc", line, "/dev/null"], env: { TERM: "xterm", NO_COLOR: "", ...env } };
};

/** A command on a terminal: what it writes to the screen; what is typed goes to it. Then its exit status, and how it leaves the terminal. */
export const onTerminal = (command: Command, columns?: number): Command => {
  const start = `sh -c 'echo "process $$ on $(tty)"; exec "$@"' sh ${shellWords(command)}`;
  return terminal(`${start}; echo "exit $?"; ${STTY}`, command.env, columns);
};

export interface FakeServer extends AsyncDisposable {
  readonly port: number;
  readonly name: string;
}

/** Something on a port of 127.0.0.1 that gives each line of each connection to `answer`. Use with `await using`. */
export async function fakeServer(answer: (line: string, socket: Socket) => unknown): Promise<FakeServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.setEncoding("latin1").on("error", () => {}));
    let rest = "";
    socket.on("data", (text: string) => {
      const lines = (rest + text).split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) answer(line, socket);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  return {
    port,
    name: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server.close(), "close");
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** A port on which nobody listens. */
export async function deadPort(): Promise<number> {
  const { port, ...server } = await fakeServer(() => {});
  await server[Symbol.asyncDispose]();
  return port;
}

/** A worker of two functions with a name, and jobs: one that runs, others that wait at each priority. */
export async function busyWorker(port: number): Promise<Peer> {
  const peer = await Peer.connect(port);
  peer.send("SUBMIT_JOB_BG", "running", "runs", "x");
  await peer.packet("JOB_CREATED");
  peer.send("SET_CLIENT_ID", "worker-1");
  for (const name of ["running", "idle"]) peer.send("CAN_DO", name);
  peer.send("GRAB_JOB");
  await peer.packet("JOB_ASSIGN");
  for (const priority of ["SUBMIT_JOB_HIGH_BG", "SUBMIT_JOB_BG", "SUBMIT_JOB_LOW_BG"] as const) {
    peer.send(priority, "waiting", `unique-${priority}`, "x");
    await peer.packet("JOB_CREATED");
  }
  peer.send("SUBMIT_JOB_BG", "waiting", Buffer.from("ümläut", "utf8").toString("latin1"), "x");
  await peer.packet("JOB_CREATED");
  return peer;
}
