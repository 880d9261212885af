import { GearmanError } from "../link/errors.ts";
import type { Choice } from "./options.ts";
import { Ring } from "./ring.ts";

/** Says which server gets a job, by its place in the list; undefined: none may be used. */
export type Chooser = (key: () => string | Uint8Array, usable: (server: number) => boolean) => number | undefined;

export function chooserOf(choice: Choice, servers: readonly string[]): Chooser {
  if (!Object.hasOwn(CHOOSERS, choice))
    throw new GearmanError("ARGUMENT", `choose is one of ${Object.keys(CHOOSERS).join(", ")}, not "${choice}"`);
  if (servers.length === 1) return (_key, usable) => (usable(0) ? 0 : undefined);
  return CHOOSERS[choice](servers);
}

const CHOOSERS: Readonly<Record<Choice, (servers: readonly string[]) => Chooser>> = {
  hash: (servers) => {
    const ring = new Ring(servers);
    return (key, usable) => ring.find(key(), usable);
  },
  "in-order": (servers) => (_key, usable) => firstUsable(servers.length, 0, usable),
  "round-robin": (servers) => {
    let next = 0;
    return (_key, usable) => {
      const server = firstUsable(servers.length, next, usable);
      if (server !== undefined) next = (server + 1) % servers.length;
      return server;
    };
  },
};

function firstUsable(count: number, from: number, usable: (server: number) => boolean): number | undefined {
  for (let step = 0; step < count; step++) {
    const server = (from + step) % count;
    if (usable(server)) return server;
  }
  return undefined;
}
