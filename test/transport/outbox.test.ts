import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Connection } from "../../src/transport/connection.ts";
import type { Message } from "../../src/transport/gathered.ts";
import { Outbox, type OutputTotal } from "../../src/transport/outbox.ts";
import type { Slot } from "../../src/transport/output-queue.ts";

/** A kernel that takes bytes when it is told to. */
class Kernel implements Connection {
  readonly remote = { address: "test", port: 0 };
  readonly writes: string[] = [];
  ended = 0;
  /** Takes all at once. */
  quick = false;
  /** Where the last write was, in memory. */
  memory: ArrayBufferLike | undefined;
  #done: (() => void) | undefined;

  open(): void {}
  pause(): void {}
  resume(): void {}
  destroy(): void {}

  write(buffers: readonly Buffer[], done: () => void): boolean {
    if (this.#done !== undefined) throw new Error("written to before it had taken all");
    if (this.ended > 0) throw new Error("written to after its end");
    this.writes.push(Buffer.concat(buffers).toString());
    this.memory = buffers[0]?.buffer;
    if (this.quick) return true;
    this.#done = done;
    return false;
  }

  end(): void {
    this.ended++;
  }

  /** Whether there was anything to take. */
  take(): boolean {
    const done = this.#done;
    this.#done = undefined;
    done?.();
    return done !== undefined;
  }
}

/** What a message writes itself, bytes; the rest follows as it is. */
const HEAD = 5000;

function messageOf(text: string): Message {
  const head = Buffer.from(text.slice(0, HEAD));
  const rest = text.length > HEAD ? Buffer.from(text.slice(HEAD)) : undefined;
  return { size: head.length, rest, write: (bytes, at) => bytes.set(head, at) };
}

const now = (): number => performance.now();

function anOutbox() {
  const kernel = new Kernel();
  const total: OutputTotal = { now, held: 0, sent: 0 };
  let progress = 0;
  const outbox = new Outbox(kernel, total, () => progress++);
  const send = (...texts: string[]) => {
    for (const text of texts) outbox.write(messageOf(text));
  };
  const fill = (slot: Slot, text: string) => outbox.fill(slot, messageOf(text));
  return { kernel, total, outbox, send, fill, progress: () => progress };
}

describe("an outbox", () => {
  it("sends all that was written in a turn in one write", () => {
    const { outbox, kernel, send } = anOutbox();
    send("a", "b");
    send("c");
    expect([kernel.writes, outbox.drained]).toEqual([[], false]);
    outbox.flush();
    expect(kernel.writes).toEqual(["abc"]);
  });

  it("sends nothing more until the kernel has taken what it was given, then the rest by itself", () => {
    const { outbox, kernel, send, progress } = anOutbox();
    send("a");
    outbox.flush();
    send("b");
    outbox.flush();
    send("c");
    expect([kernel.writes, progress()]).toEqual([["a"], 0]);
    kernel.take();
    expect([kernel.writes, progress()]).toEqual([["a", "bc"], 1]);
  });

  it("counts the memory of what the kernel has not taken yet, here and in all", () => {
    const { outbox, kernel, total, send } = anOutbox();
    send("abc");
    expect([outbox.bytes, total]).toEqual([131, { now, held: 131, sent: 0 }]);
    outbox.flush();
    expect([outbox.bytes, total]).toEqual([131, { now, held: 131, sent: 3 }]);
    kernel.take();
    expect([outbox.bytes, total, outbox.drained]).toEqual([0, { now, held: 0, sent: 3 }, true]);
  });

  it("counts what many small buffers cost beside their bytes", () => {
    const { outbox } = anOutbox();
    const before = process.memoryUsage();
    for (let count = 0; count < 100_000; count++) outbox.writeBytes(Buffer.from("0123456789"));
    const after = process.memoryUsage();
    const held = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
    expect(outbox.bytes).toBeGreaterThan(held / 3);
  });

  it("sends large output in slices, cut inside a buffer", () => {
    const { outbox, kernel, send } = anOutbox();
    send("a".repeat(200_000), "b".repeat(400_000), "c");
    outbox.flush();
    while (kernel.take());
    expect(kernel.writes.map(({ length }) => length)).toEqual([262_144, 262_144, 75_713]);
    expect(kernel.writes.join("")).toBe(`${"a".repeat(200_000)}${"b".repeat(400_000)}c`);
  });

  it("keeps the place of what is not known yet", () => {
    const { outbox, kernel, send, fill } = anOutbox();
    send("a");
    const slot = outbox.reserve();
    send("c");
    outbox.flush();
    kernel.take();
    expect(kernel.writes).toEqual(["a"]);
    fill(slot, "b");
    outbox.flush();
    expect(kernel.writes).toEqual(["a", "bc"]);
  });

  it("is stuck while the kernel has yet to take something, not while a slot is unfilled", () => {
    const { outbox, kernel, send } = anOutbox();
    send("a");
    outbox.reserve();
    outbox.flush();
    expect(outbox.stuckSince).toBe(outbox.progressAt);
    kernel.take();
    expect([outbox.stuckSince, outbox.drained]).toEqual([undefined, false]);
  });

  it("counts an unfilled slot", () => {
    const { outbox, kernel, fill } = anOutbox();
    const slot = outbox.reserve();
    expect(outbox.bytes).toBe(128);
    fill(slot, "ab");
    expect(outbox.bytes).toBe(258);
    outbox.flush();
    expect(outbox.bytes).toBe(130);
    kernel.take();
    expect(outbox.bytes).toBe(0);
  });

  it("ends the connection when all is sent, once", () => {
    const { outbox, kernel, send, fill } = anOutbox();
    send("a");
    const slot = outbox.reserve();
    outbox.end();
    kernel.take();
    outbox.flush();
    expect(kernel.ended).toBe(0);
    fill(slot, "b");
    outbox.flush();
    expect([kernel.writes, kernel.ended]).toEqual([["a", "b"], 0]);
    kernel.take();
    outbox.flush();
    expect(kernel.ended).toBe(1);
  });

  it("sends all at once to a kernel that takes it, but a slice a turn", async () => {
    const { outbox, kernel, send, progress } = anOutbox();
    kernel.quick = true;
    send("a".repeat(300_000), "b");
    outbox.flush();
    expect([kernel.writes.length, outbox.stuckSince, progress()]).toEqual([1, undefined, 1]);
    outbox.end();
    await new Promise(setImmediate);
    expect([kernel.writes.join("").length, outbox.bytes, kernel.ended]).toEqual([300_001, 0, 1]);
    kernel.quick = false;
  });

  it("ends at once when there is nothing to send", () => {
    const { outbox, kernel } = anOutbox();
    outbox.end();
    expect([kernel.writes, kernel.ended]).toEqual([[], 1]);
  });

  it("gives back what it holds when the connection is gone, and takes nothing more", () => {
    const { outbox, kernel, total, send, fill, progress } = anOutbox();
    const slot = outbox.reserve();
    send("abc");
    outbox.flush();
    fill(slot, "d");
    outbox.flush();
    outbox.close();
    expect([outbox.bytes, total.held]).toEqual([0, 0]);
    send("e");
    fill(outbox.reserve(), "f");
    outbox.flush();
    kernel.take();
    expect([kernel.writes, outbox.bytes, total.held, outbox.drained, progress()]).toEqual([["dabc"], 0, 0, true, 0]);
  });

  it("keeps the order of replies, whenever slots are filled, the kernel takes and turns end", () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ write: fc.nat(5) }) },
      { weight: 1, arbitrary: fc.record({ bytes: fc.constant(true) }) },
      { weight: 3, arbitrary: fc.record({ reserve: fc.constant(true) }) },
      { weight: 3, arbitrary: fc.record({ fill: fc.nat(50) }) },
      { weight: 2, arbitrary: fc.constant({ flush: true }) },
      { weight: 2, arbitrary: fc.constant({ take: true }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), fc.nat(40), fc.constantFrom(3, 300), (steps, large, small) => {
        const { outbox, kernel, total, send, fill } = anOutbox();
        const replies: string[] = [];
        const open: { slot: Slot; text: string }[] = [];
        const reply = (): string => {
          const text = `<${replies.length}${"x".repeat(replies.length === large ? 600_000 : small)}>`;
          replies.push(text);
          return text;
        };
        const fillOne = (index: number): void => {
          const [chosen] = open.splice(index % Math.max(1, open.length), 1);
          if (chosen !== undefined) fill(chosen.slot, chosen.text);
        };
        for (const each of steps) {
          if ("write" in each) send(...Array.from({ length: each.write }, reply));
          else if ("bytes" in each) outbox.writeBytes(Buffer.from(reply()));
          else if ("reserve" in each) open.push({ slot: outbox.reserve(), text: reply() });
          else if ("fill" in each) fillOne(each.fill);
          else if ("flush" in each) outbox.flush();
          else kernel.take();
        }
        outbox.end();
        while (open.length > 0) fillOne(open.length * 7);
        outbox.flush();
        while (kernel.take());
        expect(kernel.writes.join("") === replies.join("")).toBe(true);
        expect([outbox.bytes, total.held, kernel.ended]).toEqual([0, 0, 1]);
      }),
      { numRuns: 300 },
    );
  });
});

describe("the memory of messages", () => {
  const sent = (text: string, quick: boolean) => {
    const it = anOutbox();
    it.kernel.quick = quick;
    it.send(text);
    it.outbox.flush();
    return it.kernel.memory;
  };

  it("is used again once they are written, by whichever connection comes next", () => {
    const memory = sent("small", true);
    expect(sent("small", false)).toBe(memory);
    expect(sent("small", true)).toBe(memory);
  });

  it("grows with what is gathered", () => {
    const small = sent("small", true);
    const { send, outbox, kernel } = anOutbox();
    const texts = ["a".repeat(4000), "b".repeat(4000)];
    send(...texts);
    outbox.flush();
    expect(kernel.writes).toEqual([texts.join("")]);
    expect(kernel.memory).not.toBe(small);
    expect(sent("small", true)).toBe(small);
  });

  it("is of its own for a message that is larger than any that is kept", () => {
    const { send, outbox, kernel } = anOutbox();
    kernel.quick = true;
    send("small");
    outbox.write({ size: 100_000, rest: undefined, write: (bytes, at) => bytes.fill("x", at, at + 100_000) });
    send("small");
    outbox.flush();
    expect(kernel.writes.join("")).toBe(`small${"x".repeat(100_000)}small`);
  });

  it("is given back by a connection that closes before", () => {
    const memory = sent("small", true);
    const { send, outbox } = anOutbox();
    send("never sent");
    outbox.close();
    expect(sent("small", true)).toBe(memory);
  });
});
