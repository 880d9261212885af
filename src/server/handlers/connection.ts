import { untilNul } from "../../lib/c-text.ts";
import { encodeResponse } from "../../protocol/encode.ts";
import { PACKETS } from "../../protocol/packets.ts";
import { arg, forSending, retain } from "../request.ts";
import type { Caller, Handler } from "./handler.ts";

/** Bytes of a client id that are kept, as in gearmand. */
const MAX_CLIENT_ID = 127;

/** PROTOCOL: ECHO_REQ; with the option `barrier`, once all is stored that was asked before */
export const echo: Handler = (caller, request) => {
  if (caller.barrier) caller.sendOnceStored(encodeResponse(PACKETS.ECHO_RES, [], retain(request)));
  else caller.send(encodeResponse(PACKETS.ECHO_RES, [], forSending(request)));
};

/** What a connection can ask for. `barrier` is ours: gearmand answers ERROR, so a client can tell. */
const OPTIONS: Readonly<Record<string, (caller: Caller) => void>> = {
  exceptions: ({ peer }) => {
    peer.exceptions = true;
  },
  barrier: (caller) => {
    caller.barrier = true;
  },
};

/** PROTOCOL: OPTION_REQ: in any case of letters; echoed as it came */
export const option: Handler = (caller, request) => {
  const name = arg(request, 0);
  const known = untilNul(name).toLowerCase();
  if (!Object.hasOwn(OPTIONS, known)) return caller.fail("unknownOption");
  OPTIONS[known]?.(caller);
  return caller.send(encodeResponse(PACKETS.OPTION_RES, [name]));
};

/** PROTOCOL: SET_CLIENT_ID */
export const setClientId: Handler = (caller, request) => {
  caller.peer.clientId = arg(request, 0).slice(0, MAX_CLIENT_ID);
};
