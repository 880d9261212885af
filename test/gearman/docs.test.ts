import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { Folder } from "../support/folder.ts";
import { noProgramLeft, test } from "../support/interop-programs.ts";
import { OURS, onEachServer } from "../support/interop-servers.ts";
import { installedIn } from "./support.ts";

noProgramLeft();

const page = readFileSync(new URL("../../docs/gearman.md", import.meta.url), "utf8");

/** The blocks of the page that are to be run: `$ ` begins what is typed, the rest is what comes. */
const blocks = [...page.matchAll(/<!-- run -->\n\n((?: {4}.*\n)+)/g)].map(([, block = ""]) =>
  block.split("\n").map((line) => line.slice(4)),
);

const STOP = 'workers=$(jobs -p)\n[ -z "$workers" ] || kill $workers\nwait';

onEachServer(
  [],
  (server) => {
    test.for(blocks.map((lines) => [lines] as const))("docs/gearman.md: %j", async ([lines], { programs }) => {
      const typed = lines.filter((line) => line.startsWith("$ ")).map((line) => line.slice(2));
      const shown = lines.filter((line) => line !== "" && !line.startsWith("$ "));
      await using folder = new Folder();
      const env = {
        PATH: installedIn(folder),
        GEARMAN_SERVER: "",
        GEARMAN_SERVERS: `${server().host}:${server().port}`,
      };
      const { stdout } = await programs.run({ file: "bash", args: ["-c", [...typed, STOP].join("\n")], env });
      expect(stdout.trimEnd().split("\n")).toEqual(shown);
    });
  },
  OURS,
);

test("the page has examples", () => expect(blocks.length).toBe(3));
