import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import { Folder } from "../support/folder.ts";
import { noProgramLeft, type Program, type Programs, type Result, test } from "../support/interop-programs.ts";
import { onEachServer, type Server } from "../support/interop-servers.ts";
import { example } from "./support.ts";

noProgramLeft();

/** A program that ended as it should. */
const fine = (stdout: string): Result => ({ code: 0, stdout, stderr: "" });

async function startWorker(programs: Programs, name: string, server: Server, ...args: string[]): Promise<Program> {
  const worker = programs.start(example(name, server, ["worker", ...args]));
  await worker.linesTo("ready");
  return worker;
}

/** Ctrl-C: it leaves by itself; what it had printed. */
async function leave(worker: Program): Promise<string> {
  worker.signal("SIGINT");
  const { code, stdout, stderr } = await worker.result();
  expect([code, stderr]).toEqual([0, ""]);
  return stdout;
}

/** A picture with a left and a right half of one colour each. */
const halves = (width: number, height: number): Buffer =>
  Buffer.concat([
    Buffer.from(`P6 ${width} ${height} 255\n`),
    ...Array.from({ length: width * height }, (_, at) =>
      Buffer.from(at % width < width / 2 ? [255, 0, 10] : [0, 100, 20]),
    ),
  ]);

onEachServer([], (server) => {
  test("reverse", async ({ programs }) => {
    const worker = await startWorker(programs, "reverse", server());
    const client = example("reverse", server(), ["client", "Hello, wörld"]);
    // Program reads Latin-1.
    expect(await programs.run(client)).toEqual(fine(Buffer.from("dlröw ,olleH\n").toString("latin1")));
    expect(await leave(worker)).toBe("ready\n");
  });

  test("thumbnails: boxes of pixels become their means, and what is no picture says so", async ({ programs }) => {
    await using folder = new Folder();
    writeFileSync(folder.file("halves.ppm"), halves(6, 4));
    writeFileSync(folder.file("small.ppm"), halves(2, 2));
    writeFileSync(folder.file("text.ppm"), "no picture");
    writeFileSync(folder.file("cut.ppm"), halves(6, 4).subarray(0, 40));
    const worker = await startWorker(programs, "thumbnails", server(), folder.path);
    const client = example("thumbnails", server(), ["client", folder.path, "3"]);
    const said = [
      "cut.ppm: the picture is cut short",
      "thumbnails/halves.ppm: 3x2",
      "thumbnails/small.ppm: 2x2",
      "text.ppm: this is no PPM picture of 8 bits",
    ];
    const { stdout, ...end } = await programs.run(client);
    expect({ ...end, stdout: stdout.replace(/job H:.* failed: /g, "") }).toEqual(fine(`${said.join("\n")}\n`));
    // The middle column has as much of the left as of the right; halves of 255 and 30 are cut.
    const row = [255, 0, 10, 127, 50, 15, 0, 100, 20];
    expect([...readFileSync(folder.file("thumbnails/halves.ppm"))]).toEqual([
      ...Buffer.from("P6 3 2 255\n"),
      ...row,
      ...row,
    ]);
    expect(readFileSync(folder.file("thumbnails/small.ppm"))).toEqual(halves(2, 2));
    await leave(worker);
  });

  test("word-count: a text is split, counted by all workers and put together", async ({ programs }) => {
    const workers = [
      await startWorker(programs, "word-count", server()),
      await startWorker(programs, "word-count", server()),
    ];
    const text = "the cat\nThe dog, the Übel\n".repeat(500);
    const client = example("word-count", server(), ["client"]);
    const counts = ["1500\tthe", "500\tcat", "500\tdog", `500\t${Buffer.from("übel").toString("latin1")}`, ""];
    expect(await programs.run(client, Buffer.from(text).toString("latin1"))).toEqual(fine(counts.join("\n")));
    // One of them split it, and it had parts.
    const said = await Promise.all(workers.map(leave));
    expect(said.sort()).toEqual(["ready\n", "ready\n11 parts\n"]);
  });

  test("fan-out: the progress of all jobs is one line, and their sum the answer", async ({ programs }) => {
    const workers = [
      await startWorker(programs, "fan-out", server()),
      await startWorker(programs, "fan-out", server()),
    ];
    const { code, stdout, stderr } = await programs.run(example("fan-out", server(), ["client", "100000"]));
    expect([code, stdout]).toEqual([0, "\n9592 primes below 100000\n"]);
    const shown = stderr.split("\r").slice(1);
    expect(shown.at(-1)).toBe("100 % of 32 jobs");
    // It goes up, in many steps; the server may keep the last of several that came at once.
    const shares = shown.map((line) => Number.parseInt(line, 10));
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(new Set(shares).size).toBeGreaterThan(10);
    await Promise.all(workers.map(leave));
  });

  test("mail: a double click is one mail, and what is none is refused", async ({ programs }) => {
    await using folder = new Folder();
    const web = programs.start(example("mail", server(), ["web"], { PORT: "0" }));
    const [address = ""] = await web.linesTo("http://");
    const post = async (body: string): Promise<[number, unknown]> => {
      const response = await fetch(address, { method: "POST", body, headers: { connection: "close" } });
      return [response.status, await response.json()];
    };
    const mail = JSON.stringify({ to: "ada@example.org", text: "Hello" });
    const [first, second] = [await post(mail), await post(mail)];
    expect(first).toEqual([202, { queued: expect.stringMatching(/^H:/) }]);
    expect(second).toEqual(first);
    for (const none of ["no JSON", '{"to":"ada"}', '{"to":"a@b\\nBcc: c@d","text":""}', " ".repeat(100_001)])
      expect((await post(none))[0]).toBe(400);

    mkdirSync(folder.file("outbox"));
    const worker = await startWorker(programs, "mail", server(), folder.file("outbox"));
    await post(JSON.stringify({ to: "last@example.org", text: "Bye" }));
    await worker.linesTo("sent to last@example.org");
    expect((await leave(worker)).match(/sent to .*/g)).toEqual(["sent to ada@example.org", "sent to last@example.org"]);
    const sent = readdirSync(folder.file("outbox")).map((name) => readFileSync(folder.file(`outbox/${name}`), "utf8"));
    expect(sent.sort()).toEqual(["To: ada@example.org\n\nHello\n", "To: last@example.org\n\nBye\n"]);
    await leave(web);
  });
});
