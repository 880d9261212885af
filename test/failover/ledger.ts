/** A process of its own that only writes down what clients and workers tell it. Told "judge" by its parent, it says what it thinks, and ends. */
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { judge } from "./judge.ts";
import type { JobRecord } from "./records.ts";

const [path = "", workersDie] = process.argv.slice(2);
const records: JobRecord[] = [];

const server = createServer((socket) => {
  socket.on("error", () => {}); // whoever is killed may be in the middle of a line, which is then none
  createInterface({ input: socket }).on("line", (line) => {
    if (line.endsWith("}")) records.push(JSON.parse(line) as JobRecord);
  });
});
server.listen(path, () => process.send?.("ready"));
process.on("message", () => {
  process.send?.(judge(records, workersDie === "workersDie"), () => process.disconnect());
  server.close();
});
