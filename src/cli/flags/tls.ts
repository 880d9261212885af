import type { Flag } from "./flag.ts";
import { text } from "./parsers.ts";

const ENVIRONMENT_WINS = "The environment wins over the flag, as in gearmand.";

export const TLS_FLAGS = {
  ssl: { group: "TLS", help: "TLS on every TCP port." },
  "ssl-ca-file": {
    argument: "FILE",
    parse: text,
    default: "/etc/ssl/certs/gearmand-ca.pem",
    group: "TLS",
    help: "Certificates that client certificates must chain to.",
    more: `Read only with --ssl-verify-client. ${ENVIRONMENT_WINS}`,
    environment: "GEARMAND_CA_CERTIFICATE",
  },
  "ssl-certificate": {
    argument: "FILE",
    parse: text,
    default: "/etc/ssl/certs/gearmand.pem",
    group: "TLS",
    help: "The server's certificate and its chain.",
    more: ENVIRONMENT_WINS,
    environment: "GEARMAND_SERVER_PEM",
  },
  "ssl-key": {
    argument: "FILE",
    parse: text,
    default: "/etc/ssl/certs/gearmand.key",
    group: "TLS",
    help: "The key of that certificate.",
    more: ENVIRONMENT_WINS,
    environment: "GEARMAND_SERVER_KEY",
  },
  "ssl-verify-client": {
    group: "TLS",
    help: "Refuse clients without a certificate that the CA signed.",
    ours: true,
  },
} as const satisfies Record<string, Flag>;
