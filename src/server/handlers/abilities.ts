import { arg } from "../request.ts";
import type { Caller, Handler } from "./handler.ts";

/** Milliseconds that a timer can count. */
const MAX_TIMEOUT = 2 ** 63;

/** PROTOCOL: CAN_DO */
export const canDo: Handler = (caller, request) => offer(caller, arg(request, 0), 0);

/** PROTOCOL: CAN_DO_TIMEOUT: milliseconds; what is no number is no timeout, as in gearmand */
export const canDoTimeout: Handler = (caller, request) => {
  const timeout = Number.parseInt(arg(request, 1), 10) || 0;
  if (timeout > MAX_TIMEOUT) caller.fail("numberTooLong");
  else offer(caller, arg(request, 0), timeout);
};

function offer(caller: Caller, name: string, timeout: number): void {
  const { hub, peer } = caller;
  const outcome = hub.core.canDo(peer, name, timeout);
  if (outcome === undefined) caller.fail("tooManyFunctions");
  else hub.deliver(outcome);
}

/** PROTOCOL: CANT_DO */
export const cantDo: Handler = ({ hub, peer }, request) => hub.deliver(hub.core.cantDo(peer, arg(request, 0)));

/** PROTOCOL: RESET_ABILITIES */
export const resetAbilities: Handler = ({ hub, peer }) => hub.deliver(hub.core.resetAbilities(peer));
