import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { gone, request, Siege } from "../support/hostile-peers.ts";

const curl = "/usr/bin/curl";

/** What a peer of another protocol gets back, once the server has closed. */
async function answerTo(siege: Siege, pieces: readonly string[]): Promise<string> {
  const socket = await siege.connected();
  let answer = "";
  socket.on("data", (bytes: Buffer) => {
    answer += bytes.toString("latin1");
  });
  for (const piece of pieces) await new Promise((resolve) => socket.write(piece, "latin1", resolve));
  await gone(socket);
  return answer;
}

const BODY = "create function evil\nshutdown\nstatus\n";

test.each<[string, string]>([
  ...["GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "PATCH", "CONNECT", "TRACE"].map((verb): [string, string] => [
    verb,
    `${verb} / HTTP/1.1\r\nHost: x\r\n\r\n${BODY}`,
  ]),
  ["an unknown verb", `PROPFIND / HTTP/1.1\r\n${BODY}`],
  ["small letters", `post / http/1.1\r\n${BODY}`],
  ["HTTP/2", `PRI * HTTP/2.0\r\n\r\n${BODY}`],
  ["SSH", `SSH-2.0-OpenSSH_9.6\r\n${BODY}`],
  ["TLS 1.3", `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n${BODY}`],
  ["the first byte of TLS", "\x16"],
])("%s: closed without an answer, counted, nothing executed", async (_name, bytes) => {
  await using siege = await Siege.begin({ allowShutdown: true });
  expect(await answerTo(siege, [bytes])).toBe("");
  expect(await answerTo(siege, [bytes.slice(0, 1), bytes.slice(1, 2), bytes.slice(2)])).toBe("");
  expect(siege.counters).toMatchObject({ foreign: 2, violations: 2 });
  expect((await siege.peer().type("status")).join()).not.toContain("evil");
});

test("an unknown command gets its reply and closes nothing", async () => {
  await using siege = await Siege.begin();
  const peer = siege.peer();
  expect(await peer.type("GETTING there")).toEqual(["ERR UNKNOWN_COMMAND Unknown+server+commandGETTING\r\n"]);
  expect(await peer.type("POST this")).toEqual(["ERR UNKNOWN_COMMAND Unknown+server+commandPOST\r\n"]);
  expect(await peer.type("create function HTTP/1.1")).toEqual(["OK\r\n"]);
  expect(siege.counters.foreign).toBe(0);
});

test("a request behind an empty line is seen too", async () => {
  await using siege = await Siege.begin();
  expect(await answerTo(siege, [`\r\nPOST / HTTP/1.1\r\n${BODY}`])).toBe(
    "ERR UNKNOWN_COMMAND Unknown+server+command\r\n",
  );
  expect((await siege.peer().type("status")).join()).not.toContain("evil");
});

test("a body that looks like HTTP is a body", async () => {
  await using siege = await Siege.begin();
  expect(await siege.peer().ask("ECHO_REQ", "POST / HTTP/1.1\r\n\r\n")).toEqual(["ECHO_RES POST / HTTP/1.1\r\n\r\n"]);
  expect(siege.counters.foreign).toBe(0);
});

test.skipIf(!existsSync(curl))("a real curl POST is not obeyed", async () => {
  await using siege = await Siege.begin({ allowShutdown: true });
  const body = `\n${BODY}${request("SUBMIT_JOB_BG", "evil", "", "x").toString("latin1")}`;
  const args = [
    "-sS",
    "--max-time",
    "10",
    "--data-binary",
    body.replaceAll("\0", "%00"),
    `http://127.0.0.1:${siege.port}/`,
  ];
  await expect(promisify(execFile)(curl, args)).rejects.toMatchObject({ code: expect.any(Number) });
  expect(siege.counters).toMatchObject({ foreign: 1, lines: 1 });
  expect((await siege.peer().type("status")).join()).not.toContain("evil");
});
