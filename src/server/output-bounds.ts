import type { Hub } from "./hub.ts";
import type { Session } from "./session.ts";

/**
 * A connection for which so many bytes wait may not have one more: too much waits there, or in all. The end of the turn bounds what waits
 * in all; until then it may be more by what one connection may hold.
 */
export function overflows({ limits, outputTotal }: Hub, bytes: number): boolean {
  const { outputSoftBytes, outputHardBytes, maxOutputBytes } = limits;
  if (bytes > outputHardBytes) return true;
  return bytes > outputSoftBytes && outputTotal.held > maxOutputBytes + outputHardBytes;
}

/**
 * Cuts connections that hold too much output. Not to be called while one is served: a cut changes what the core has just named.
 *
 * @param served whose output may have become more
 */
export function boundOutput(hub: Hub, served: readonly Session[]): void {
  const { outputHardBytes, maxOutputBytes } = hub.limits;
  for (const session of served)
    if (session.overflows || session.outbox.bytes > outputHardBytes) session.cut("outputLimit");
  while (hub.outputTotal.held > maxOutputBytes && cutLargest(hub));
}

/** All output together is too much: the connection that holds most goes. */
function cutLargest(hub: Hub): boolean {
  let largest: Session | undefined;
  for (const session of hub.sessions()) {
    if (session.outbox.bytes > (largest?.outbox.bytes ?? 0)) largest = session;
  }
  largest?.cut("outputLimit");
  return largest !== undefined;
}
