import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { startReference } from "../support/reference.ts";
import type { Target } from "./run.ts";

/** The C server, a process for each scenario: its functions and jobs cannot be cleared away. */
export const gearmand: Target = {
  side: "gearmand",
  async start(flags) {
    const { port, stop } = await startReference(flags);
    return { connect: () => connectTo(port), stop };
  },
};

/** A client's socket that goes on reading after it has ended its own half. */
export async function connectTo(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
  await once(socket, "connect");
  return socket;
}
