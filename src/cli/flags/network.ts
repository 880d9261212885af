import { DEFAULT_OPTIONS } from "../../server/options.ts";
import type { Flag } from "./flag.ts";
import { integer, place, port, text } from "./parsers.ts";

export const DEFAULT_PORT = 4730;

export const NETWORK_FLAGS = {
  port: {
    short: "p",
    argument: "PORT",
    parse: port,
    default: String(DEFAULT_PORT),
    group: "Network",
    help: "Port or service name; 0: any free port.",
    more: "The environment is read only while the port is 4730, as in gearmand. The `tcp://...` that Kubernetes puts there for a service named gearmand is ignored with a warning.",
    environment: "GEARMAND_PORT",
  },
  listen: {
    short: "L",
    argument: "ADDRESS",
    parse: place,
    default: "all",
    group: "Network",
    help: "HOST, HOST:PORT, [IPV6]:PORT or unix:/PATH; repeatable.",
    more: "gearmand takes one host. Without a port: that of `--port`.",
    repeatable: true,
  },
  backlog: {
    short: "b",
    argument: "N",
    parse: integer(0, 2 ** 31 - 1),
    default: String(DEFAULT_OPTIONS.backlog),
    group: "Network",
    help: "Length of the kernel's accept queue.",
  },
  keepalive: {
    group: "Network",
    help: "Probe idle connections.",
    ignored: "keepalive is always on; --keepalive-idle 0 turns it off",
    rare: true,
  },
  "keepalive-idle": {
    argument: "SECONDS",
    parse: integer(-1, 32767),
    default: String(DEFAULT_OPTIONS.keepaliveIdle),
    group: "Network",
    help: "Idle time before the kernel probes a peer; 0: never.",
    more: "-1: the default.",
  },
  "keepalive-interval": {
    argument: "SECONDS",
    parse: integer(-1, 32767),
    default: "1",
    group: "Network",
    help: "Time between two probes.",
    ignored: "Node sets it to 1 s",
    rare: true,
  },
  "keepalive-count": {
    argument: "N",
    parse: integer(-1, 127),
    default: "10",
    group: "Network",
    help: "Unanswered probes that end a connection.",
    ignored: "Node sets it to 10",
    rare: true,
  },
  protocol: {
    short: "r",
    argument: "NAME",
    parse: text,
    group: "Network",
    help: "Load a protocol module.",
    refused: "the only module of gearmand is http, which gearmand-ts does not have yet: leave -r out",
    rare: true,
  },
  "http-port": {
    argument: "PORT",
    parse: text,
    default: "8080",
    group: "Network",
    help: "Port of the http protocol module.",
    ignored: "it belongs to -r http, which gearmand-ts does not have yet",
    rare: true,
  },
} as const satisfies Record<string, Flag>;
