import { type Daemon, startDaemon } from "../support/daemon.ts";
import { freePort, type Reference, startReference } from "../support/reference.ts";
import { Network } from "./network.ts";

export const SERVER_KINDS = ["gearmand-ts", "gearmand"] as const;
export type ServerKind = (typeof SERVER_KINDS)[number];

/** A job server that can be killed and started anew at the same port, behind a network that can fail. */
export class FleetServer {
  readonly #kind: ServerKind;
  readonly #port: number;
  readonly network: Network;
  #process: Daemon | Reference | undefined;

  private constructor(kind: ServerKind, port: number, network: Network) {
    this.#kind = kind;
    this.#port = port;
    this.network = network;
  }

  static async open(kind: ServerKind): Promise<FleetServer> {
    const port = await freePort();
    const server = new FleetServer(kind, port, await Network.open(port));
    await server.start();
    return server;
  }

  /** Where workers come in: past the bad network. */
  get direct(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get address(): string {
    return `127.0.0.1:${this.network.port}`;
  }

  async start(): Promise<void> {
    const ts = this.#kind === "gearmand-ts";
    this.#process = ts
      ? await startDaemon(["--listen=127.0.0.1", `--port=${this.#port}`, "--verbose=ERROR"])
      : await startReference([], this.#port);
  }

  signal(name: NodeJS.Signals): void {
    this.#process?.signal(name);
  }

  /** SIGKILL: nothing that it holds is saved. */
  async kill(): Promise<void> {
    const server = this.#process;
    this.#process = undefined;
    if (server === undefined) return;
    if ("stop" in server && !("exited" in server)) return server.stop();
    await (server as Daemon)[Symbol.asyncDispose]();
  }

  async close(): Promise<void> {
    this.network.close();
    await this.kill();
  }
}
