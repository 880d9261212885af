import type { Limits } from "../../core/limits.ts";
import { DEFAULT_OPTIONS } from "../../server/options.ts";
import type { TransportLimits } from "../../transport/options.ts";
import type { Flag, Parse } from "./flag.ts";
import { count, duration, size } from "./parsers.ts";

type LimitName = keyof Limits | keyof TransportLimits;

/** The flag of a limit, and the limit that it sets. */
export interface LimitFlag extends Flag<number> {
  readonly limit: LimitName;
  readonly parse: Parse<number>;
}

interface Unit {
  readonly argument: string;
  readonly parse: Parse<number>;
  readonly show: (value: number) => string;
}

const GiB = 1024 ** 3;
const MiB = 1024 ** 2;

const showBytes = (bytes: number): string => {
  if (bytes % GiB === 0) return `${bytes / GiB}G`;
  return bytes % MiB === 0 ? `${bytes / MiB}M` : String(bytes);
};

const COUNT: Unit = { argument: "N", parse: count, show: String };
const BYTES: Unit = { argument: "SIZE", parse: size, show: (value) => (value === 0 ? "0" : showBytes(value)) };
const TIME: Unit = { argument: "TIME", parse: duration, show: (value) => (value === 0 ? "0" : `${value / 1000}s`) };

const defaults: Readonly<Record<LimitName, number>> = { ...DEFAULT_OPTIONS.limits, ...DEFAULT_OPTIONS.transport };

const limit = (name: LimitName, { argument, parse, show }: Unit, help: string): LimitFlag => ({
  limit: name,
  argument,
  parse,
  default: show(defaults[name]),
  group: "Limits",
  help,
  ours: true,
  rare: true,
});

export const LIMIT_FLAGS = {
  "max-jobs": limit(
    "maxJobs",
    COUNT,
    "Jobs held, queued and running; a submit beyond gets ERROR QUEUE_ERROR. 0: what memory allows.",
  ),
  "max-job-bytes": limit(
    "maxJobBytes",
    BYTES,
    "Bytes of workloads held; a submit beyond gets ERROR QUEUE_ERROR. 0: half of the memory.",
  ),
  "max-waits": limit(
    "maxWaits",
    COUNT,
    "Clients that wait for jobs, in all; who joins a job beyond gets ERROR QUEUE_ERROR. 0: what memory allows.",
  ),
  "max-functions": limit(
    "maxFunctions",
    COUNT,
    "Functions known at once; a name counts again for each 500 bytes. 0: what memory allows, 100000 at the most.",
  ),
  "max-abilities": limit("maxAbilities", COUNT, "Functions that one connection may offer."),
  "max-all-abilities": limit(
    "maxAbilitiesInAll",
    COUNT,
    "Functions that all connections together may offer. 0: what memory allows.",
  ),
  "max-idle-functions": limit(
    "maxIdleFunctions",
    COUNT,
    "Functions kept that are empty, without workers and not made by hand.",
  ),
  "max-connections": limit(
    "maxConnections",
    COUNT,
    "Connections open at once; 0: what the file-descriptor limit and V8's heap allow.",
  ),
  "max-connections-per-address": limit(
    "maxConnectionsPerAddress",
    COUNT,
    "Connections open at once from one address; 0: no limit.",
  ),
  "max-accepts-per-address": limit(
    "maxAcceptsPerAddress",
    COUNT,
    "New connections a second from one address; 0: no limit.",
  ),
  "max-packet-bytes": limit("maxPacketBytes", BYTES, "Size of one packet; a larger one gets ERROR and is discarded."),
  "max-input-bytes": limit("maxInputBytes", BYTES, "Bytes of unfinished packets held for all connections."),
  "output-soft-bytes": limit(
    "outputSoftBytes",
    BYTES,
    "Output waiting for one connection, above which nothing more is read from it.",
  ),
  "output-hard-bytes": limit("outputHardBytes", BYTES, "Output waiting for one connection, above which it is cut."),
  "max-output-bytes": limit(
    "maxOutputBytes",
    BYTES,
    "Output waiting for all connections, above which the one that holds most is cut.",
  ),
  "output-timeout": limit(
    "outputTimeout",
    TIME,
    "A connection over its soft limit, or closing, that takes nothing for this long is cut.",
  ),
  "frame-timeout": limit(
    "frameTimeout",
    TIME,
    "A packet or line that makes no progress for this long ends its connection.",
  ),
  "first-byte-timeout": limit(
    "firstByteTimeout",
    TIME,
    "A connection that sends nothing at all for this long is cut; 0: never.",
  ),
  "handshake-timeout": limit("handshakeTimeout", TIME, "A TLS handshake that takes longer is cut."),
} as const satisfies Record<string, LimitFlag>;
