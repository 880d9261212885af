import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IncomingReply, type ReplyKind, readReply } from "../../src/cli/gearadmin/reply.ts";
import { gearadminInstalled } from "../support/interop-libraries.ts";
import { noProgramLeft, test } from "../support/interop-programs.ts";
import { onEachServer } from "../support/interop-servers.ts";
import { Peer } from "../support/peer.ts";
import { fakeServer, gearadmin, gearadminTs } from "./support.ts";

noProgramLeft();

/** Whole replies of gearmand, gearmand-ts and others, and what they say. */
const REPLIES: readonly (readonly [ReplyKind, reply: string, says: ReturnType<typeof readReply>])[] = [
  ["line", "OK\r\n", { text: "OK\n" }],
  ["line", "OK 1234\n", { text: "1234\n" }],
  ["line", "1.140_001\n", { text: "1.140_001\n" }],
  ["line", "BYE\n", { text: "BYE\n" }],
  ["line", "ERR UNKNOWN_JOB\r\n", { refused: "UNKNOWN_JOB" }],
  ["line", "ERR: Not allowed from 1.2.3.4\n", { refused: "Not allowed from 1.2.3.4" }],
  ["table", ".\n", { text: ".\n" }],
  ["table", "f\t1\t0\t0\n.\n", { text: "f\t1\t0\t0\n.\n" }],
  ["table", ".\t1\t0\t0\n.\n", { text: ".\t1\t0\t0\n.\n" }],
  ["table", "ERR \t1\t0\t0\n.\n", { text: "ERR \t1\t0\t0\n.\n" }],
  ["table", "\n\n.\n", { text: "\n\n.\n" }],
  ["table", "a.\nb.\n.\n", { text: "a.\nb.\n.\n" }],
  ["table", "f\t1\t0\t0\r\n.\r\n", { text: "f\t1\t0\t0\r\n.\r\n" }],
  [
    "table",
    "ERR UNKNOWN_COMMAND Unknown+server+commandprioritystatus\r\n",
    { refused: "UNKNOWN_COMMAND Unknown+server+commandprioritystatus" },
  ],
  ["table", "ERR unknown_command Unknown+server+command\n", { refused: "unknown_command Unknown+server+command" }],
  ["fenced", "OK\r\nOK 1.1.20\n", { text: "OK\n" }],
  ["fenced", "BYE\nOK 1.1.20\n", { text: "BYE\n" }],
  ["fenced", "OK\r\nOK\r\nOK 1.1.20\n", { text: "OK\n" }],
  [
    "fenced",
    "OK\r\nERR there are still connected workers or executing clients\r\nOK 1\n",
    { refused: "there are still connected workers or executing clients" },
  ],
  ["fenced", "ERR function not found\r\n1.140_001\n", { refused: "function not found" }],
];

describe("a reply is whole at its end and not before, however it comes:", () => {
  it.each(REPLIES)("%s %j", (kind, reply, says) => {
    fc.assert(
      fc.property(fc.array(fc.nat(reply.length)), (cuts) => {
        const ends = [...new Set([...cuts, reply.length])].filter((cut) => cut > 0).sort((a, b) => a - b);
        const incoming = new IncomingReply(kind);
        const whole = ends.map((end, index) => incoming.add(reply.slice(ends[index - 1] ?? 0, end)));
        expect(whole.at(-1)).toBe(true);
        expect(whole.indexOf(true)).toBe(whole.length - 1);
        expect(incoming.text).toBe(reply);
      }),
    );
    expect(readReply(kind, reply)).toEqual(says);
  });
});

const ROWS = Array.from({ length: 10_000 }, (_, index) => `function-${index}\t${index}\t0\t0\n`).join("");

test("a reply that dribbles is waited for to its end, as long as something comes", async ({ programs }) => {
  const reply = `${ROWS.slice(0, 20_000)}\n.\n`;
  await using server = await fakeServer(async (_line, socket) => {
    for (let at = 0; at < reply.length; at += 7) {
      socket.write(reply.slice(at, at + 7));
      await setImmediate();
    }
  });
  const { code, stdout, stderr } = await programs.run(gearadminTs("-h", server.name, "--status"));
  expect([code, stderr, stdout === reply]).toEqual([0, "", true]);
});

test("a reply of 10,000 functions in one piece is whole, and fast to read in small ones", async ({ programs }) => {
  await using server = await fakeServer((_line, socket) => socket.write(`${ROWS}.\n`));
  const { code, stdout } = await programs.run(gearadminTs("-h", server.name, "--status", "--json"));
  const [{ status }] = JSON.parse(stdout);
  expect([code, status.length, status[9999]]).toEqual([
    0,
    10_000,
    { function: "function-9999", total: 9999, running: 0, workers: 0 },
  ]);
});

onEachServer([], (server) => {
  test("10,000 functions of a real server come whole", async ({ programs }) => {
    await using peer = await Peer.connect(server().port);
    const names = Array.from({ length: 10_000 }, (_, index) => `many-${index}`);
    for (const name of names) peer.send("SUBMIT_JOB_BG", name, "", "x");
    await peer.handled();
    const { code, stdout } = await programs.run(gearadminTs("-h", `127.0.0.1:${server().port}`, "--status"));
    const found = stdout.split("\n").flatMap((line) => (line.startsWith("many-") ? [line.split("\t")[0]] : []));
    expect([code, new Set(found)]).toEqual([0, new Set(names)]);
    if (!gearadminInstalled) return;
    // C gearadmin stops at 5 ms of silence, but here the server is quick.
    const theirs = await programs.run(gearadmin("-h", "127.0.0.1", "-p", `${server().port}`, "--status"));
    expect(stdout.length).toBeGreaterThanOrEqual(theirs.stdout.length);
  });
});
