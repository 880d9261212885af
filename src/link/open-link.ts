import type { PacketName } from "../protocol/packets.ts";
import { type DialOptions, dial } from "../transport/dial.ts";
import type { Target } from "./address.ts";
import { GearmanError, reasonOf } from "./errors.ts";
import { Link, type LinkReceiver, type Packet } from "./link.ts";
import { toWire } from "./wire-text.ts";

/** What an auth hook sees of a new connection, before anything else is sent on it. */
export interface Login {
  /** The server's address, as it was given. */
  readonly server: string;
  /** Sends a request and resolves with the server's answer to it, an ERROR included. */
  exchange(name: PacketName, args?: readonly string[], data?: Uint8Array): Promise<Packet>;
}

/** Proves to a server who we are; a rejection closes the connection. */
export type Auth = (login: Login) => void | Promise<void>;

export interface OpenOptions extends DialOptions {
  readonly auth: Auth | undefined;
  /** The name under which `workers` lists the connection. */
  readonly id: string | undefined;
}

const NOBODY: LinkReceiver = { packet: () => {}, closed: () => {} };

/** Connects to a server, and proves who we are. Rejects with a GearmanError. */
export async function openLink(target: Target, options: OpenOptions, receiver: LinkReceiver): Promise<Link> {
  const link = new Link(target.name, await connected(target, options), NOBODY);
  if (options.auth !== undefined) await authenticate(link, options.auth, options.timeout);
  link.receiver = receiver;
  if (options.id !== undefined) link.send("SET_CLIENT_ID", [toWire("id", options.id)]);
  return link;
}

async function connected({ name, address }: Target, options: OpenOptions) {
  try {
    return "connect" in address ? address.connect() : await dial(address, options);
  } catch (cause) {
    throw new GearmanError("NO_SERVER", `no connection to ${name}: ${reasonOf(cause)}`, { cause });
  }
}

async function authenticate(link: Link, auth: Auth, timeout: number): Promise<void> {
  const late = setTimeout(
    () => link.destroy(new GearmanError("AUTH", `${link.server} did not answer the auth hook within ${timeout} ms`)),
    timeout,
  );
  try {
    await auth({ server: link.server, exchange: (name, args, data) => exchange(link, name, args, data) });
  } catch (cause) {
    const error = new GearmanError("AUTH", `the auth hook failed for ${link.server}: ${reasonOf(cause)}`, { cause });
    link.destroy(error);
    throw error;
  } finally {
    clearTimeout(late);
  }
}

function exchange(link: Link, name: PacketName, args: readonly string[] = [], data?: Uint8Array): Promise<Packet> {
  return new Promise((resolve, reject) => {
    link.receiver = { packet: resolve, closed: reject };
    link.send(name, args, data);
  });
}
