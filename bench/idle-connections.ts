/**
 * Memory per connection that waits: opens N connections (10,000) to a daemon of its own from 127.0.0.1 to 127.0.0.4, and prints by how
 * much its resident memory has grown: for connections that are idle, and for workers that sleep.
 *
 *     npx tsx bench/idle-connections.ts [N]
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { type Daemon, startDaemon } from "../test/support/daemon.ts";
import { encode } from "../test/support/wire.ts";

const count = Number(process.argv[2] ?? 10_000);
/** Connections that are opened at a time. */
const AT_ONCE = 200;

function resident({ pid }: Daemon): number {
  const status = readFileSync(`/proc/${pid}/status`, "latin1");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
}

/** An open connection that has sent this and was answered. */
async function open({ port }: Daemon, index: number, packets: string): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port, localAddress: `127.0.0.${1 + (index % 4)}` });
  await once(socket, "connect");
  socket.write(packets + encode("ECHO_REQ", ["x"]), "latin1");
  await once(socket, "data");
  return socket;
}

async function measure(what: string, packets: string): Promise<void> {
  await using daemon = await startDaemon(["--backlog", "511"]);
  const sockets = [await open(daemon, 0, packets)];
  const before = resident(daemon);
  while (sockets.length <= count) {
    const missing = Math.min(AT_ONCE, count + 1 - sockets.length);
    const batch = Array.from({ length: missing }, (_, index) => open(daemon, sockets.length + index, packets));
    sockets.push(...(await Promise.all(batch)));
  }
  const after = resident(daemon);
  const each = Math.round((after - before) / count);
  console.log(`${what}: ${count} connections, ${each} bytes each, ${Math.round(after / 1024 ** 2)} MiB in all`);
  for (const socket of sockets) socket.destroy();
}

await measure("idle", "");
await measure("sleeping workers", encode("CAN_DO", ["f"]) + encode("PRE_SLEEP", []));
