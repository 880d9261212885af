import { untilNul } from "../../lib/c-text.ts";
import { encodeResponse } from "../../protocol/encode.ts";
import { arg, forSending } from "../request.ts";
import type { Handler } from "./handler.ts";

/** Bytes of a client id that are kept, as in gearmand. */
const MAX_CLIENT_ID = 127;

/** PROTOCOL: ECHO_REQ */
export const echo: Handler = (caller, request) => caller.send(encodeResponse("ECHO_RES", [], forSending(request)));

/** PROTOCOL: OPTION_REQ: in any case of letters; echoed as it came */
export const option: Handler = (caller, request) => {
  const name = arg(request, 0);
  if (untilNul(name).toLowerCase() !== "exceptions") return caller.fail("unknownOption");
  caller.peer.exceptions = true;
  return caller.send(encodeResponse("OPTION_RES", [name]));
};

/** PROTOCOL: SET_CLIENT_ID */
export const setClientId: Handler = (caller, request) => {
  caller.peer.clientId = arg(request, 0).slice(0, MAX_CLIENT_ID);
};
