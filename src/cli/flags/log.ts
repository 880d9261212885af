import { LEVEL_NAMES } from "../log-levels.ts";
import type { Flag } from "./flag.ts";
import { oneOf, text } from "./parsers.ts";

export const DEFAULT_LOG_FILE = "/var/log/gearmand.log";

export const LOG_FLAGS = {
  "log-file": {
    short: "l",
    argument: "FILE",
    parse: text,
    default: `stdout; with -d ${DEFAULT_LOG_FILE}`,
    group: "Log",
    help: "Log file; or stderr, none.",
    more: "In the foreground the log goes to stdout, where Docker and systemd read it (gearmand writes its file there too). SIGHUP opens the file again. A file that can't be opened: stderr is used, and said so at the start; with -d stderr is nowhere, so nothing is logged, as with gearmand.",
  },
  "log-format": {
    argument: "FORMAT",
    parse: oneOf(["json", "pretty", "auto"]),
    default: "auto",
    group: "Log",
    help: "json, pretty, or auto: pretty on a terminal, else json.",
    ours: true,
  },
  syslog: {
    group: "Log",
    help: "Log to syslog; also to --log-file if that is given.",
    more: "Through the program `logger` of util-linux, as Node has no datagram Unix sockets: tag gearmand-ts, facility user.",
  },
  verbose: {
    argument: "LEVEL",
    parse: oneOf(LEVEL_NAMES, "Invalid value for --verbose supplied"),
    default: "ERROR",
    group: "Log",
    help: LEVEL_NAMES.join(", ").concat("."),
  },
  v: { short: "v", group: "Log", help: "INFO; twice: DEBUG. --verbose wins.", repeatable: true, ours: true },
} as const satisfies Record<string, Flag>;
