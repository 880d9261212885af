import type { TlsClientFiles } from "../../transport/dial.ts";
import { UsageError } from "../usage-error.ts";
import type { FlagTable, ValuesOf } from "./flag.ts";
import { text } from "./parsers.ts";

/** The TLS files of the programs that talk to servers. */
export const tlsClientFlags = <const Group extends string>(group: Group) =>
  ({
    "ssl-ca-file": {
      argument: "FILE",
      parse: text,
      default: "the system's",
      group,
      help: "Certificates that the server's must chain to.",
      environment: "GEARMAND_CA_CERTIFICATE",
      ours: true,
    },
    "ssl-certificate": {
      argument: "FILE",
      parse: text,
      group,
      help: "Our certificate, for servers that ask for one; with --ssl-key.",
      environment: "GEARMAN_CLIENT_PEM",
      ours: true,
    },
    "ssl-key": {
      argument: "FILE",
      parse: text,
      group,
      help: "The key of that certificate.",
      environment: "GEARMAN_CLIENT_KEY",
      ours: true,
    },
  }) as const satisfies FlagTable;

type TlsClientFlags = ReturnType<typeof tlsClientFlags>;

const { "ssl-ca-file": CA, "ssl-certificate": CERTIFICATE, "ssl-key": KEY } = tlsClientFlags("");

/** What the command line says beats what the environment says. */
export const tlsClientFiles = (
  values: ValuesOf<TlsClientFlags>,
  environment: Readonly<Record<string, string | undefined>>,
): TlsClientFiles => {
  const ca = values["ssl-ca-file"] ?? (environment[CA.environment] || undefined);
  const certificate = values["ssl-certificate"] ?? (environment[CERTIFICATE.environment] || undefined);
  const key = values["ssl-key"] ?? (environment[KEY.environment] || undefined);
  if ((certificate === undefined) !== (key === undefined)) {
    throw new UsageError("option '--ssl-certificate' needs '--ssl-key', and the other way round");
  }
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(key === undefined ? {} : { key }),
  };
};
