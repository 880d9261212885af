import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { createServer, DEFAULT_TRANSPORT_LIMITS } from "../../src/index.ts";
import { hold, letGo, takeBlock } from "../../src/lib/blocks.ts";
import type { PacketName } from "../../src/protocol/packets.ts";
import { encode, Wire } from "../support/wire.ts";

const PATIENCE = 15_000;
/** More than sockets hold, so that the server's memory is still in use when it has sent all. */
const SIZE = 7 * 1024 ** 2;
const workload = "work, ".repeat(SIZE / 6);
const result = "done! ".repeat(SIZE / 6);

/** A server in this process, whose memory can be spoilt. */
class Place implements AsyncDisposable {
  readonly #server = createServer({
    listen: [{ host: "127.0.0.1", port: 0 }],
    drainTimeout: 50,
    jobHandlePrefix: "H",
    // Who takes nothing of what waits for him is listened to all the same.
    transport: { ...DEFAULT_TRANSPORT_LIMITS, outputSoftBytes: 10 * SIZE },
  });
  readonly #sockets: Socket[] = [];
  #port = 0;

  static async open(): Promise<Place> {
    const place = new Place();
    const [bound] = await place.#server.start();
    place.#port = bound !== undefined && "port" in bound ? bound.port : 0;
    return place;
  }

  async peer(): Promise<Talk> {
    const socket = connect({ host: "127.0.0.1", port: this.#port });
    this.#sockets.push(socket);
    await once(socket, "connect");
    return new Talk(socket);
  }

  /** Writes over all that is free to be used again. */
  spoil(): void {
    const taken = Array.from({ length: 8 }, () => takeBlock(SIZE + 50).fill("?"));
    for (const block of taken) hold(block);
    for (const block of taken) letGo(block);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await this.#server.stop();
  }
}

class Talk {
  readonly socket: Socket;
  readonly wire: Wire;

  constructor(socket: Socket) {
    this.socket = socket;
    this.wire = new Wire(socket);
  }

  send(name: PacketName, ...args: string[]): void {
    this.wire.send(encode(name, args));
  }

  /** The last argument of the next packet of that name. */
  async next(name: PacketName): Promise<string | undefined> {
    const at = (): number => this.wire.events.findIndex((event) => event.kind === "packet" && event.name === name);
    await this.wire.until(() => at() >= 0 || this.wire.ended, PATIENCE);
    const [event] = this.wire.events.splice(Math.max(0, at()), 1);
    return event?.kind === "packet" ? event.args.at(-1) : undefined;
  }

  /** All that was sent has been served. */
  async served(): Promise<void> {
    expect(await this.wire.fence(PATIENCE)).toBe(true);
  }
}

test("what is on its way stays as it is, however slowly its peers read, and whoever has ended what", async () => {
  await using place = await Place.open();
  const [client, slow, worker, watch] = [
    await place.peer(),
    await place.peer(),
    await place.peer(),
    await place.peer(),
  ];
  for (const submitter of [client, slow]) {
    submitter.send("SUBMIT_JOB", "f", "same", workload);
    await submitter.next("JOB_CREATED");
  }
  slow.socket.pause();
  // A worker that is sent its job, takes none of it, and has done it all the same.
  worker.send("CAN_DO", "f");
  await worker.served();
  worker.socket.pause();
  worker.send("GRAB_JOB");
  worker.send("WORK_DATA", "H:1", result);
  worker.send("WORK_COMPLETE", "H:1", result);
  expect(await client.next("WORK_DATA")).toBe(result);
  expect(await client.next("WORK_COMPLETE")).toBe(result);
  await watch.served();
  place.spoil();
  worker.socket.resume();
  slow.socket.resume();
  expect((await worker.next("JOB_ASSIGN")) === workload).toBe(true);
  expect((await slow.next("WORK_DATA")) === result).toBe(true);
  expect((await slow.next("WORK_COMPLETE")) === result).toBe(true);
});

test("a job that its worker gave up is whole for the next", async () => {
  await using place = await Place.open();
  const [client, first, second] = [await place.peer(), await place.peer(), await place.peer()];
  client.send("SUBMIT_JOB", "f", "", workload);
  await client.next("JOB_CREATED");
  first.send("CAN_DO", "f");
  first.send("GRAB_JOB");
  await first.next("JOB_ASSIGN");
  first.socket.destroy();
  second.send("CAN_DO", "f");
  second.send("PRE_SLEEP");
  await second.next("NOOP");
  place.spoil();
  second.send("GRAB_JOB");
  expect((await second.next("JOB_ASSIGN")) === workload).toBe(true);
});

/** What is spare of that size, made up to as many as are kept. */
function spare(): Set<ArrayBufferLike> {
  const taken = Array.from({ length: 4 }, () => takeBlock(SIZE + 50));
  for (const block of taken) hold(block);
  for (const block of taken) letGo(block);
  return new Set(taken.map(({ buffer }) => buffer));
}

test("the memory of a job that has ended is used again, unless a background submit was promised it", async () => {
  await using place = await Place.open();
  const [client, worker] = [await place.peer(), await place.peer()];
  worker.send("CAN_DO", "f");
  for (const [number, submit] of (["SUBMIT_JOB", "SUBMIT_JOB_BG"] as const).entries()) {
    const before = spare();
    client.send(submit, "f", "", workload);
    await client.next("JOB_CREATED");
    worker.send("GRAB_JOB");
    expect((await worker.next("JOB_ASSIGN")) === workload).toBe(true);
    worker.send("WORK_COMPLETE", `H:${number + 1}`, "");
    await worker.served();
    const gone = [...before].filter((block) => !spare().has(block));
    expect(gone.length).toBe(submit === "SUBMIT_JOB" ? 0 : 1);
  }
});
