/**
 * A process of its own that writes down what the crowd tells it, in a file, and judges it. Told "judge" by its parent, it says what it
 * thinks so far; told "stop", it waits for the last line, says what it thinks, and ends.
 */
import { createWriteStream } from "node:fs";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { Judge } from "./judge.ts";
import type { TortureRecord } from "./records.ts";

const [path = "", file = ""] = process.argv.slice(2);
const judge = new Judge();
const paper = createWriteStream(file);

const server = createServer((socket) => {
  socket.pipe(paper);
  createInterface({ input: socket }).on("line", (line) => judge.add(JSON.parse(line) as TortureRecord));
});
server.listen(path, () => process.send?.("ready"));

process.on("message", (message) => {
  if (message === "judge") process.send?.(judge.verdict());
  else server.close(() => process.send?.(judge.verdict(), () => process.disconnect()));
});
