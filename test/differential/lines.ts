import fc from "fast-check";
import type { Argument, Line } from "./script.ts";
import { among, anyHandle, functionName, oneOf } from "./values.ts";

/** Text commands: all, well made or not. */

const ends = among("\n", "\r\n");
const line = (...parts: (string | fc.Arbitrary<Argument>)[]): fc.Arbitrary<Line> =>
  fc
    .tuple(...parts.map((part) => (typeof part === "string" ? fc.constant(part) : part)))
    .map((words) => ({ line: words }));

const table = among(
  "status",
  "STATUS",
  "prioritystatus",
  "workers",
  "show jobs",
  "Show Unique  Jobs",
  "workers x",
  "status ",
);
export const lines = oneOf<Line>(
  [4, line(table, ends)],
  [4, line(among("cancel job ", "CANCEL  Job "), anyHandle, ends)],
  // A bare LF makes the name shorter in gearmand (create-bare-lf).
  [3, line("create function ", functionName, "\r\n")],
  [2, line("drop function ", functionName, ends)],
  [
    3,
    line(
      "maxqueue ",
      functionName,
      among(
        "",
        " 1",
        " 2",
        " 3 2 1",
        " 0",
        " -1",
        " many",
        " 1 2",
        " 2x",
        " 1 ",
        " 4294967297",
        " 9999999999999999999999",
      ),
      ends,
    ),
  ],
  [1, line(among("version", "getpid", "verbose", "VERBOSE x"), ends)],
  [
    1,
    line(
      among("show", "show x", "show jobs x", "cancel", "cancel job", "cancel x y", "create", "create x", "create x y"),
      ends,
    ),
  ],
  [
    1,
    line(
      among(
        "drop",
        "drop x",
        "maxqueue",
        "MAXQUEUE",
        "foo",
        "foo bar",
        "",
        " ",
        " status",
        "status\t",
        "shutdown",
        "\xe4",
        "foo\0bar",
        "version\0x",
      ),
      ends,
    ),
  ],
);
