import { afterAll, beforeAll, describe, expect } from "vitest";
import { Folder } from "../support/folder.ts";
import { gearmanInstalled } from "../support/interop-libraries.ts";
import { noProgramLeft, type Result, test } from "../support/interop-programs.ts";
import { onEachServer } from "../support/interop-servers.ts";
import { calledGearman, gearman, gearmanTs, installedIn, withWorker } from "./support.ts";

noProgramLeft();

const BYTES = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join("");

/** Command lines and input that do the same in C, once we are called by its name: output, complaints and exit status. */
const CASES: readonly (readonly [args: string, input?: string])[] = [
  ["-f upper a"],
  ["-f upper a b c"],
  ["-f upper a -P b"],
  ["-f upper -f same aB"],
  ["-P -f same -f same a"],
  ["-f same", BYTES],
  ["-f same", ""],
  ["-f same", "a\nb"],
  ["-f same -s", "not read"],
  ["-f same -s word"],
  ["-f same -n", "a\n\nb\n"],
  ["-f same -n", "a\nb"],
  ["-f same -n", ""],
  ["-f same -n word", "not read"],
  ["-f same -N", "a\nbc\n"],
  ["-f same -nN", "a\nbc\n"],
  ["-P -f same -N", "a\nbc\n"],
  ["-f events a"],
  ["-P -f events a"],
  ["-v -f events a"],
  ["-P -f nothing a"],
  ["-v -f upper a b"],
  ["-v -I -f upper a"],
  ["-v -L -f upper a"],
  ["-v -u one -f upper a b"],
  ["-u - -f upper a"],
  ["-b -f upper a"],
  ["-b -v -P -f upper a b"],
  ["-b -v -I -f upper a"],
  ["-b -v -L -f upper a"],
  ["-b -v -n -f upper", "a\nb\n"],
  ["-f fail a"],
  ["-P -v -f fail a b"],
  ["-f fail -f upper a"],
  ["-f fail -n", "a\nb\n"],
  ["-f upper -t 20000 a"],
  ["-f upper -t -1 a"],
  ["-f upper -c 5 a"],
  ["-p 1 -f upper a"],
  ["-s -f upper -- a -P"],
];

/** Handles are numbered on. */
const comparable = ({ stdout, ...result }: Result): Result => ({ ...result, stdout: stdout.replace(/H:\S+/g, "H") });

/** Several functions work at once: their output comes in any order. */
const asPieces = (result: Result): unknown => ({ ...result, stdout: [...result.stdout].sort() });

describe.skipIf(!gearmanInstalled)("a client beside C's", () => {
  onEachServer([], (server) => {
    withWorker(server);
    let folder: Folder;
    beforeAll(() => {
      folder = new Folder();
      installedIn(folder);
    });
    afterAll(() => folder[Symbol.asyncDispose]());

    for (const [line, input] of CASES) {
      test(`gearman ${line} ${JSON.stringify(input ?? "").slice(0, 20)}`, async ({ programs }) => {
        const port = `${server().port}`;
        const args = line.split(" ").concat(line.startsWith("-p") ? ["-p", port] : []);
        const theirs = comparable(await programs.run(gearman(server(), ...args), input));
        const ours = comparable(await programs.run(calledGearman(folder, gearmanTs(server(), ...args)), input));
        if (/-f .*-f/.test(line)) expect(asPieces(ours)).toEqual(asPieces(theirs));
        else expect(ours).toEqual(theirs);
      });
    }
  });
});
