import { randomUUID } from "node:crypto";
import { Peer } from "./peer.ts";

/** A name that no other test uses: tests of one server run at the same time. */
export const uniqueName = (): string => `f-${randomUUID()}`;

/** A server as it is given to a worker. */
export const addressOf = ({ port }: { readonly port: number }): string => `127.0.0.1:${port}`;

/** A client that hears exceptions. */
export async function clientOf({ port }: { readonly port: number }): Promise<Peer> {
  const client = await Peer.connect(port);
  client.send("OPTION_REQ", "exceptions");
  await client.packet("OPTION_RES");
  return client;
}

/** A promise and what settles it. */
export function gate<T = void>(): { readonly promise: Promise<T>; readonly open: (value: T) => void } {
  let open: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}
