// gearmanode-worker.cjs HOST PORT PREFIX [id=NAME] [grab=uniq]: the worker side of test/support/interop-clients.ts.
const { createRequire } = require("node:module");
const winston = createRequire(require.resolve("gearmanode"))("winston");
winston.configure({ silent: true });
winston.loggers.options.silent = true;
const gearmanode = require("gearmanode");

const [host, port, prefix, ...options] = process.argv.slice(2);
const worker = gearmanode.worker({ host, port: Number(port), withUnique: options.includes("grab=uniq") });
const held = [];
process.stdin.on("data", () => held.shift()?.workComplete("released"));

const say = (...words) => process.stdout.write(`${words.join("\t")}\n`);
const announce = (job) => {
  const workload = job.payload.length < 1024 ? job.payload.toString("hex") : "";
  say("job", job.name, job.handle, job.unique ?? "", `x:${workload}`);
};
const hold = (job) => {
  job.reportStatus(3, 10);
  held.push(job);
};

const functions = {
  // workComplete makes a string of its argument: bytes only survive as data
  reverse: (job) => {
    job.sendWorkData(Buffer.from(job.payload).reverse());
    job.workComplete();
  },
  events: (job) => {
    job.sendWorkData("some");
    job.reportWarning("careful");
    job.reportStatus(1, 2);
    job.workComplete("rest");
  },
  fail: (job) => job.reportError(),
  exception: (job) => job.reportException("boom"),
  hold,
  "hold-timeout": hold,
  leave: (job) => {
    worker.removeFunction(`${prefix}-reverse`);
    job.workComplete("left");
  },
  reset: (job) => {
    job.workComplete("reset");
    worker.resetAbilities();
  },
};

worker.on("socketConnect", () => say("ready"));
worker.on("jobServerError", (_, code, message) => say("error", code, message));
const id = options.find((option) => option.startsWith("id="));
if (id !== undefined) worker.setWorkerId(id.slice(3));
for (const [name, run] of Object.entries(functions)) {
  const timeout = name === "hold-timeout" ? { timeout: 1000 } : {};
  worker.addFunction(
    `${prefix}-${name}`,
    (job) => {
      announce(job);
      run(job);
    },
    timeout,
  );
}
