// gearmanode-client.cjs HOST PORT: the client side of test/support/interop-clients.ts.
const { createInterface } = require("node:readline");
const { createRequire } = require("node:module");
const winston = createRequire(require.resolve("gearmanode"))("winston");
winston.configure({ silent: true });
winston.loggers.options.silent = true;
const gearmanode = require("gearmanode");

const [host, port] = process.argv.slice(2);
const client = gearmanode.client({ host, port: Number(port) });
const server = client.jobServers[0];
const background = new Map();
const tasks = [];

const say = (...words) => process.stdout.write(`${words.join("\t")}\n`);
const bytes = (data) => `x:${Buffer.from(data ?? "").toString("hex")}`;
const submit = (priority, { function: name, unique, workload }, isBackground) =>
  client.submitJob(name, workload, { priority, background: isBackground, ...(unique === "" ? {} : { unique }) });

/** Says the events of a job behind the given words; resolves when it has ended. */
const follow = (job, ...words) =>
  new Promise((resolve) => {
    job.on("created", () => say(...words, "created", job.handle));
    job.on("workData", (data) => say(...words, "data", bytes(data)));
    job.on("warning", (data) => say(...words, "warning", bytes(data)));
    job.on("status", (status) => say(...words, "status", status.percent_done_num, status.percent_done_den));
    job.on("complete", () => resolve(say(...words, "complete", bytes(job.response))));
    job.on("failed", () => resolve(say(...words, "fail")));
    job.on("exception", (text) => resolve(say(...words, "exception", bytes(text))));
  });

const submitBackground = (priority, request) =>
  new Promise((resolve) => {
    const job = submit(priority, request, true);
    job.on("created", () => {
      background.set(job.handle, job);
      resolve(say("created", job.handle));
    });
  });

const operations = {
  echo: ({ workload }) =>
    new Promise((resolve) => {
      server.once("echo", (data) => resolve(say("echo", bytes(data))));
      server.echo(workload.toString());
    }),
  option: ({ function: name }) =>
    new Promise((resolve) => {
      const answered = (...words) => {
        server.removeAllListeners("option").removeAllListeners("jobServerError");
        resolve(say(...words));
      };
      server.once("option", (set) => answered("option", set));
      server.once("jobServerError", (code) => answered("error", code));
      server.setOption(name);
    }),
  status: ({ function: handle }) =>
    new Promise((resolve) => {
      const job = background.get(handle);
      job.once("status", ({ known, running, percent_done_num, percent_done_den }) =>
        resolve(say("status", Number(known), Number(running), percent_done_num, percent_done_den)),
      );
      job.getStatus();
    }),
  run: () => Promise.all(tasks.splice(0)),
};
for (const priority of ["NORMAL", "HIGH", "LOW"]) {
  const op = priority.toLowerCase();
  operations[op] = (request) => follow(submit(priority, request, false));
  operations[`${op}-background`] = (request) => submitBackground(priority, request);
  operations[`add-${op}`] = async (request) => {
    tasks.push(follow(submit(priority, request, false), "task", request.extra));
  };
}

client.on("error", (error) => say("error", error.message));
async function serve() {
  for await (const line of createInterface({ input: process.stdin })) {
    const [op, name, unique, hex, extra] = line.split("\t");
    await operations[op]({ function: name, unique, workload: Buffer.from(hex, "hex"), extra });
    say("end", "ok");
  }
  client.close();
}
void serve();
