import { COMMANDS } from "../../../src/admin/commands.ts";
import { CORE_COUNTERS } from "../../../src/core/counters.ts";
import { ERRORS } from "../../../src/protocol/errors.ts";
import { PACKETS, type PacketSpec } from "../../../src/protocol/packets.ts";
import { CONNECTION_COUNTERS } from "../../../src/server/counters.ts";
import { HANDLERS } from "../../../src/server/handlers/index.ts";
import { DIFFERENCES } from "../../wire/differences.ts";
import { markdownTable } from "./fill.ts";

const layout = ({ args, data }: PacketSpec): string => {
  const parts = data ? [...args, "*data*"] : args;
  return parts.join(" NUL ") || "–";
};

const served = (name: string, { direction }: PacketSpec): string => {
  if (direction === "response") return "from the server";
  if (direction === "unused" || !Object.hasOwn(HANDLERS, name)) return "answered with ERROR `INVALID_COMMAND`";
  return direction === "both" ? "to the server, and relayed to clients" : "to the server";
};

/** Every packet: number, name, which way, body. */
export const packetTable = (): string =>
  markdownTable(
    ["No.", "Packet", "Goes", "Body"],
    Object.entries(PACKETS).map(([name, spec]) => [`${spec.type}`, name, served(name, spec), layout(spec)]),
  );

/** Every ERROR. */
export const errorTable = (): string =>
  markdownTable(
    ["Code", "Text", "When", "Then"],
    Object.values(ERRORS).map(({ code, text, when, then }) => [
      `\`${code}\``,
      text,
      when,
      then === "close" ? "the connection is closed" : "the connection goes on",
    ]),
  );

/** Every text command. */
export const commandTable = (): string =>
  markdownTable(
    ["Command", "Meaning"],
    Object.values(COMMANDS).map(({ usage, help }) => [`\`${usage}\``, help]),
  );

/** Every counter of `server.stats()`. */
export const counterTable = (): string =>
  markdownTable(
    ["Counter", "Counts"],
    [
      ...Object.entries(CORE_COUNTERS).map(([name, help]) => [`jobs.${name}`, help]),
      ...Object.entries(CONNECTION_COUNTERS).map(([name, help]) => [`connections.${name}`, help]),
    ],
  );

/** Every point in which the wire differs from gearmand 1.1.20. */
export const differenceTable = (): string =>
  markdownTable(
    ["Difference", "gearmand 1.1.20", "gearmand-ts", "Why"],
    DIFFERENCES.map(({ id, gearmand, ours, reason }) => [id, gearmand, ours, reason]),
  );
