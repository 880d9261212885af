import { INT64_MAX, wholeNumber } from "../../lib/c-text.ts";
import { arg } from "../request.ts";
import type { Caller, Handler } from "./handler.ts";

/** PROTOCOL: CAN_DO */
export const canDo: Handler = (caller, request) => register(caller, arg(request, 0), 0);

/** PROTOCOL: CAN_DO_TIMEOUT: milliseconds; what is no number is no timeout, as in gearmand */
export const canDoTimeout: Handler = (caller, request) => {
  const timeout = wholeNumber(arg(request, 1));
  if (timeout > INT64_MAX) caller.fail("numberTooLong");
  else register(caller, arg(request, 0), Number(timeout));
};

function register(caller: Caller, name: string, timeout: number): void {
  const { hub, peer } = caller;
  const outcome = hub.core.canDo(peer, name, timeout);
  if (outcome === undefined) caller.fail("tooManyFunctions");
  else hub.deliver(outcome);
}

/** PROTOCOL: CANT_DO */
export const cantDo: Handler = ({ hub, peer }, request) => hub.deliver(hub.core.cantDo(peer, arg(request, 0)));

/** PROTOCOL: RESET_ABILITIES */
export const resetAbilities: Handler = ({ hub, peer }) => hub.deliver(hub.core.resetAbilities(peer));
