import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { builtProgram } from "../support/built.ts";

/** Runs a program as the first process of its namespace, as in a container. */
const CONTAINER = ["--user", "--map-root-user", "--pid", "--fork"];
const impossible = spawnSync("unshare", [...CONTAINER, "true"]).status !== 0;

const script = `import(process.argv[1]).then(({ endAsItIs }) => {
  process.on("exit", () => console.log("it exits, which closes databases"));
  endAsItIs();
  console.log("it goes on");
});`;

it.skipIf(impossible)("the first process of a container ends as it is, too: it is spared its own SIGKILL", () => {
  const module = join(builtProgram(), "../../dist/cli/end-as-it-is.js");
  const args = [...CONTAINER, process.execPath, "-e", script, module];
  const { stdout, status } = spawnSync("unshare", args, { encoding: "utf8", cwd: "/tmp" });
  expect(stdout).toBe("");
  expect(status).not.toBe(0);
});
