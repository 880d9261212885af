// abraxas-client.cjs HOST PORT: the client side of test/support/interop-clients.ts.
const { createInterface } = require("node:readline");
const { Client } = require("abraxas");

const [host, port] = process.argv.slice(2);
const say = (...words) => process.stdout.write(`${words.join("\t")}\n`);
const bytes = (data) => `x:${Buffer.from(data ?? "").toString("hex")}`;
const settings = (priority, unique) => ({
  ...(priority === "normal" ? {} : { priority }),
  ...(unique === "" ? {} : { uniqueid: unique }),
});
const tasks = [];

/** Says the events of a task behind the given words; resolves when it has ended. */
const follow = (task, ...words) =>
  new Promise((resolve) => {
    task.on("created", () => say(...words, "created", task.jobid));
    task.on("warn", (text) => say(...words, "warning", bytes(text)));
    task.on("status", (part) => say(...words, "status", part));
    task.then(
      (result) => resolve(say(...words, "complete", bytes(result))),
      (error) =>
        resolve(
          error.name === "JobException"
            ? say(...words, "exception", bytes(error.message))
            : say(...words, "fail", error.message),
        ),
    );
  });

const operations = (client) => {
  const table = {
    echo: async ({ workload }) => say("echo", bytes(await client.echo({}, workload))),
    status: ({ function: handle }) =>
      new Promise((resolve) =>
        client.getStatus(handle, (_, status) => resolve(say("status", status.known, status.running, status.complete))),
      ),
    epoch: async ({ function: name, unique, workload, extra }) =>
      say("created", await client.submitJobAt(name, Number(extra), settings("normal", unique), workload)),
    "server-status": async () => {
      const [rows] = [await client.status()].flat();
      for (const [name, row] of Object.entries(rows)) say("row", name, row.inqueue, row.running, row.workers);
    },
    "server-workers": async () => {
      const rows = [await client.workers()].flat();
      for (const row of rows) say("row", row.clientid ?? "-", row.functions.join(" "));
    },
    option: async () => {}, // every connection turns on exceptions by itself
    run: () => Promise.all(tasks.splice(0)),
  };
  for (const priority of ["normal", "high", "low"]) {
    table[priority] = ({ function: name, unique, workload }) =>
      follow(client.submitJob(name, settings(priority, unique), workload));
    table[`${priority}-background`] = async ({ function: name, unique, workload }) =>
      say("created", await client.submitJobBg(name, settings(priority, unique), workload));
    table[`add-${priority}`] = async ({ function: name, unique, workload, extra }) => {
      tasks.push(follow(client.submitJob(name, settings(priority, unique), workload), "task", extra));
    };
  }
  return table;
};

Client.connect({ host, port: Number(port) }, async (error, client) => {
  if (error) throw error;
  client.on("connection-error", (problem) => say("error", problem.code, problem.message));
  const table = operations(client);
  for await (const line of createInterface({ input: process.stdin })) {
    const [op, name, unique, hex, extra] = line.split("\t");
    await table[op]({ function: name, unique, workload: Buffer.from(hex, "hex"), extra });
    say("end", "ok");
  }
  client.disconnect();
});
