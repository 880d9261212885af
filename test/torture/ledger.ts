/**
 * A process of its own that writes down what the crowd tells it, in a file, and judges it. Told "judge" by its parent, it says what it
 * thinks so far; told "stop", it waits for the last line, says what it thinks, and ends.
 */
import { createWriteStream } from "node:fs";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { Judge } from "./judge.ts";
import type { TortureRecord } from "./records.ts";
import { Renamer } from "./renamer.ts";

const [path = "", file = "", keepsHandles] = process.argv.slice(2);
const judge = new Judge();
const renamer = new Renamer();
const paper = createWriteStream(file);

const server = createServer((socket) => {
  socket.pipe(paper);
  createInterface({ input: socket }).on("line", read);
});
function read(line: string): void {
  const record = JSON.parse(line) as TortureRecord;
  judge.add(keepsHandles === "true" ? record : renamer.rename(record));
}

server.listen(path, () => process.send?.("ready"));

process.on("message", (message) => {
  if (message === "judge") process.send?.(judge.verdict());
  else server.close(() => process.send?.(judge.verdict(), () => process.disconnect()));
});
