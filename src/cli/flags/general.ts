import type { Flag } from "./flag.ts";
import { integer, text } from "./parsers.ts";

export const DEFAULT_CONFIG_FILE = "/etc/gearmand.conf";
export const DEFAULT_PID_FILE = "/var/gearmand.pid";

export const GENERAL_FLAGS = {
  help: { short: "h", group: "General", help: "Print this help and exit." },
  version: { short: "V", group: "General", help: "Print the version and exit." },
  "config-file": {
    argument: "FILE",
    parse: text,
    default: DEFAULT_CONFIG_FILE,
    group: "General",
    help: "Read more flags from FILE; the command line wins.",
    more: "Flags as on the command line, separated by spaces or line ends; no quoting and no comments: a flag behind a # counts. Other words are ignored with a warning, but for those that hold a flag, as `PARAMS=--port=4731`: they are refused. What is wrong in it is refused with the name of the file and the line. A file that can't be read is an error, but for the default one.",
  },
  "check-args": { group: "General", help: "Check flags, config file and environment, then exit." },
  "health-check": {
    group: "General",
    help: "Ask the server at the configured address for its version.",
    more: "Exits with 0 if it answered within 3 s, else with 1; made for Docker's HEALTHCHECK. Give it the flags or config file of the server.",
    ours: true,
  },
  daemon: {
    short: "d",
    group: "General",
    help: "Run in the background; returns once the port is open.",
    more: "Exits with 0 once the port is open, else with 1 and the reason on stderr (gearmand returns 0 before it binds). No chdir: relative paths keep their meaning.",
  },
  user: {
    short: "u",
    argument: "USER",
    parse: text,
    group: "General",
    help: "Become USER before any file is made; needs root.",
  },
  "pid-file": {
    short: "P",
    argument: "FILE",
    parse: text,
    default: `none; with -d ${DEFAULT_PID_FILE}`,
    group: "General",
    help: "Write the process ID to FILE.",
    more: "Written before the port opens, removed at exit. A file named here that can't be written is an error; the default one is not, as in gearmand. Mode 0644 (gearmand: 0744).",
  },
  "file-descriptors": {
    short: "f",
    argument: "N",
    parse: integer(0, Number.MAX_SAFE_INTEGER),
    default: "as it is",
    group: "General",
    help: "Limit of open files, and so of connections.",
    more: "Set by the program prlimit (util-linux), as Node has no setrlimit. 0: as it is. Node itself raises the soft limit to the hard one at start.",
  },
  coredump: {
    group: "General",
    help: "Write a core file on a crash.",
    ignored: "the kernel and `ulimit -c` decide about core files",
    rare: true,
  },
  threads: {
    short: "t",
    argument: "N",
    parse: integer(-(2 ** 32) + 1, 2 ** 32 - 1),
    default: "4",
    group: "General",
    help: "Number of I/O threads.",
    ignored: "one thread does all the work",
    rare: true,
  },
} as const satisfies Record<string, Flag>;
