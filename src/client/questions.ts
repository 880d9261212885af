import { GearmanError } from "../link/errors.ts";
import type { Packet } from "../link/link.ts";
import type { Servers } from "./servers.ts";
import type { JobStatus } from "./status.ts";
import type { Upstream } from "./upstream.ts";

/** At least one. */
export type Answers<Answer> = readonly [Answer, ...Answer[]];

/** Asks a server by its name, or with "" all that are up. Rejects if none answers. */
export async function ask<Answer>(
  servers: Servers,
  server: string,
  read: (packet: Packet) => Answer,
  ...request: Parameters<Upstream["ask"]>
): Promise<Answers<Answer>> {
  const asked = server === "" ? servers.usable : [named(servers, server)];
  const answers = await Promise.allSettled(asked.map((upstream) => upstream.ask(...request)));
  const [first, ...others] = answers.flatMap((answer) => (answer.status === "fulfilled" ? [read(answer.value)] : []));
  if (first !== undefined) return [first, ...others];
  const refused = answers.find((answer) => answer.status === "rejected");
  if (refused !== undefined) throw refused.reason;
  const { message, cause } = servers.troubles;
  throw new GearmanError("NO_SERVER", `no server is up: ${message}`, { cause });
}

/** The first that knows the job, or else the first that does not. */
export function known<Status extends JobStatus>(answers: Answers<Status>): Status {
  return answers.find((status) => status.known) ?? answers[0];
}

function named(servers: Servers, server: string): Upstream {
  const upstream = servers.named(server);
  if (upstream === undefined) throw new GearmanError("ARGUMENT", `"${server}" is none of this client's servers`);
  return upstream;
}
