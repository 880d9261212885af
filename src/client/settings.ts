import { targetsOf } from "../link/address.ts";
import { GearmanError } from "../link/errors.ts";
import { openOptions, type ServersOptions, serversOf } from "../link/options.ts";
import { type ClientSettings, DEFAULT_PATIENCE, type Patience } from "./options.ts";
import type { ServersSettings } from "./servers.ts";

/** What the client's options say of its servers. Throws a GearmanError (ADDRESS, ARGUMENT) if they cannot be. */
export function settingsOf(options: ServersOptions & ClientSettings): ServersSettings {
  const { choose = "hash", exceptions = true } = options;
  const { serverTimeout = DEFAULT_PATIENCE.serverTimeout, ackTimeout = DEFAULT_PATIENCE.ackTimeout } = options;
  checkPatience({ serverTimeout, ackTimeout });
  return {
    targets: targetsOf(serversOf(options)),
    choose,
    serverTimeout,
    upstream: { ...openOptions(options), exceptions, ackTimeout },
  };
}

function checkPatience({ serverTimeout, ackTimeout }: Patience): void {
  if (serverTimeout >= 0 && ackTimeout > 0) return;
  const given = `${serverTimeout}, ${ackTimeout}`;
  throw new GearmanError("ARGUMENT", `serverTimeout and ackTimeout are milliseconds, not ${given}`);
}
