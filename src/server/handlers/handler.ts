import type { Request } from "../request.ts";
import type { Session } from "../session.ts";

/** Serves one kind of packet: asks the core, sends what it says. Holds no rules of its own. */
export type Handler = (session: Session, request: Request) => void;
