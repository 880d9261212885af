// abraxas-worker.cjs HOST PORT PREFIX [id=NAME]: the worker side of test/support/interop-clients.ts.
const { Client } = require("abraxas");

const [host, port, prefix, ...options] = process.argv.slice(2);
const say = (...words) => process.stdout.write(`${words.join("\t")}\n`);
const held = [];
process.stdin.on("data", () => held.shift()?.end("released"));

const hold = (task) => {
  task.status(0.3);
  held.push(task);
};
const functions = {
  reverse: (task) => Buffer.from(task.payload).reverse(),
  events: (task) => {
    task.status(0.5);
    task.warn("careful");
    task.end("rest");
  },
  fail: (task) => task.error(""),
  exception: () => {
    throw "boom";
  },
  promise: (task) => Promise.resolve(`promised ${task.payload}`),
  hold,
  "hold-timeout": hold,
  leave: (task, client) => {
    task.end("left");
    setImmediate(() => client.forgetAllWorkers()); // before its end, the job itself would be given back
  },
};

Client.connect({ host, port: Number(port) }, (error, client) => {
  if (error) throw error;
  client.on("connection-error", (problem) => say("error", problem.code, problem.message));
  const id = options.find((option) => option.startsWith("id="));
  if (id !== undefined) client.setClientId(id.slice(3));
  for (const [name, run] of Object.entries(functions)) {
    client.registerWorker(`${prefix}-${name}`, name === "hold-timeout" ? { timeout: 1000 } : {}, (task) => {
      const workload = Buffer.from(task.payload);
      say(
        "job",
        `${prefix}-${name}`,
        task.jobid,
        task.uniqueid ?? "",
        `x:${workload.length < 1024 ? workload.toString("hex") : ""}`,
      );
      return run(task, client);
    });
  }
  say("ready");
});
