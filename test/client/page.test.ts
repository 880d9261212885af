import { describe, expect } from "vitest";
import { Project, snippetsOf } from "../examples/snippets.ts";
import { noProgramLeft, type Programs, test } from "../support/interop-programs.ts";
import { onEachServer, type Server } from "../support/interop-servers.ts";
import { Peer } from "../support/peer.ts";

noProgramLeft();

const page = snippetsOf("docs/client.md");

/** Runs one, and looks whether it prints what its comments say. */
async function runs(programs: Programs, name: string, server?: Server): Promise<void> {
  const snippet = page.get(name);
  if (snippet === undefined) throw new Error(`docs/client.md has no ${name}, but ${[...page.keys()].join(", ")}`);
  await using project = new Project([snippet], server);
  const stdout = snippet.prints.map((line) => `${line}\n`).join("");
  expect(await programs.run(project.run(name))).toEqual({ code: 0, stdout, stderr: "" });
}

describe("docs/client.md", () => {
  test("types", async ({ programs }) => {
    await using project = new Project(page.values());
    expect(await programs.run(project.check())).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test.for(["types-and-codecs", "large-workloads", "errors"])("%s runs", async (name, { programs }) => {
    await runs(programs, name);
  });
});

onEachServer([], (server) => {
  test("the first example", async ({ programs }) => {
    await using worker = await Peer.connect(server().port);
    worker.send("CAN_DO", "reverse");
    worker.send("PRE_SLEEP");
    const example = runs(programs, "the-client-library", server());
    await worker.packet("NOOP");
    worker.send("GRAB_JOB");
    const [handle = "", , workload = ""] = await worker.packet("JOB_ASSIGN");
    worker.send("WORK_COMPLETE", handle, [...workload].reverse().join(""));
    await example;
  });
});
