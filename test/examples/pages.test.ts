import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect } from "vitest";
import { builtProgram } from "../support/built.ts";
import { Folder } from "../support/folder.ts";
import { type Command, noProgramLeft, type Programs, test } from "../support/interop-programs.ts";
import { onEachServer, type Server } from "../support/interop-servers.ts";
import { Project, readPage, type Snippet, snippetsOf } from "./snippets.ts";

noProgramLeft();

const readme = snippetsOf("README.md");
const library = snippetsOf("docs/library.md");

const output = ({ prints }: Snippet): string => prints.map((line) => `${line}\n`).join("");

function snippet(page: ReadonlyMap<string, Snippet>, name: string): Snippet {
  const found = page.get(name);
  if (found === undefined) throw new Error(`no TypeScript under ${name}, only under ${[...page.keys()].join(", ")}`);
  return found;
}

/** Runs one that ends by itself, and looks whether it prints what its comments say. */
async function runs(programs: Programs, example: Snippet, server?: Server): Promise<void> {
  await using project = new Project([example], server);
  expect(await programs.run(project.run(example.name))).toEqual({ code: 0, stdout: output(example), stderr: "" });
}

describe("docs/library.md", () => {
  test("there is no snippet that is not run", () => {
    const names = ["client", "worker", "server", "server-2", "testing-your-code", "testing-your-code-2"];
    expect([...library.keys()]).toEqual(names);
    expect([...readme.keys()]).toEqual(["a-job-in-one-minute"]);
  });

  test("types", async ({ programs }) => {
    await using project = new Project([...readme.values(), ...library.values()]);
    expect(await programs.run(project.check())).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test.for(["server", "server-2", "testing-your-code-2"])("%s", async (name, { programs }) => {
    await runs(programs, snippet(library, name));
  });

  test("a test of a user passes", async ({ programs }) => {
    const tested = snippet(library, "testing-your-code");
    await using project = new Project([tested]);
    const { code, stdout } = await programs.run(project.run(tested.name));
    expect([code, /^(# |ℹ )pass 1$/m.test(stdout) || stdout]).toEqual([0, true]);
  });
});

onEachServer([], (server) => {
  // One after the other: they serve the same function.
  test("client and worker of docs/library.md, and of README.md", async ({ programs }) => {
    const [client, worker] = [snippet(library, "client"), snippet(library, "worker")];
    await using project = new Project([worker], server());
    const working = programs.start(project.run(worker.name));
    await runs(programs, client, server());
    working.signal("SIGTERM");
    expect(await working.result()).toEqual({ code: 0, stdout: "", stderr: "" });
    await runs(programs, snippet(readme, "a-job-in-one-minute"), server());
  });

  test("the shell lines of README.md", async ({ programs }) => {
    const [install, serve, work = "", submit = "", top = "", ...more] = shellLines();
    expect([install, serve, ...more]).toEqual(["npm install -g .", "gearmand-ts"]);
    await using folder = new Folder();
    const shell = shellWith(folder, server());
    const worker = programs.start(shell(`exec ${work}`));
    const lines = readFileSync("/etc/passwd", "utf8").split("\n").length - 1;
    expect(await programs.run(shell(submit))).toEqual({ code: 0, stdout: `${lines}\n`, stderr: "" });
    const { code, stdout } = await programs.run(shell(`${top} --once --interval 100ms`)); // no terminal here
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^count_lines /m)]);
    worker.signal("SIGTERM");
    expect((await worker.result()).code).toBe(0);
  });
});

/** What README has typed for a job in one minute. */
function shellLines(): string[] {
  const [, minute = ""] = readPage("README.md").split("## A job in one minute");
  const [, shell = ""] = /\n\n((?: {4}.*\n)+)/.exec(minute) ?? [];
  return shell
    .trim()
    .split("\n")
    .map((line) => line.replace(/ +#.*/, "").trim());
}

/** A shell that finds our programs by name, as after `npm install -g .`. */
function shellWith(folder: Folder, { host, port }: Server): (script: string) => Command {
  for (const name of ["gearmand-ts", "gearman-ts", "gearadmin-ts"] as const)
    symlinkSync(builtProgram(name), folder.file(name));
  const env = { PATH: `${folder.path}:${process.env["PATH"]}`, GEARMAN_SERVER: "", GEARMAN_SERVERS: `${host}:${port}` };
  return (script) => ({ file: "bash", args: ["-c", script], env });
}

describe.each(["README.md", "docs/library.md", "docs/examples/README.md"])("%s", (page) => {
  const links = [...readPage(page).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, link = ""]) => link);

  test.for(links.filter((link) => !link.startsWith("http")))("%s is there", (link) => {
    expect(existsSync(join(dirname(page), link))).toBe(true);
  });
});
