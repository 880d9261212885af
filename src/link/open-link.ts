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

/**
 * Connects to a server, and proves who we are. Rejects with a GearmanError.
 *
 * @param signal gives the attempt up; a link that stands is not touched
 */
export async function openLink(
  target: Target,
  options: OpenOptions,
  receiver: LinkReceiver,
  signal?: AbortSignal,
): Promise<Link> {
  const link = new Link(target.name, await connected(target, options, signal), NOBODY);
  if (options.auth !== undefined) await authenticate(link, options.auth, options.timeout, signal);
  link.receiver = receiver;
  if (options.id !== undefined) link.send("SET_CLIENT_ID", [toWire("id", options.id)]);
  return link;
}

async function connected({ name, address }: Target, options: OpenOptions, signal: AbortSignal | undefined) {
  try {
    return "connect" in address ? address.connect() : await dial(address, options, signal);
  } catch (cause) {
    throw new GearmanError("NO_SERVER", `no connection to ${name}: ${reasonOf(cause)}`, { cause });
  }
}

async function authenticate(link: Link, auth: Auth, timeout: number, signal: AbortSignal | undefined): Promise<void> {
  const limit = timeLimit(timeout, signal);
  try {
    const login: Login = { server: link.server, exchange: (name, args, data) => exchange(link, name, args, data) };
    // The hook may never settle: it is the caller's code.
    await Promise.race([auth(login), limit.passed]);
  } catch (cause) {
    const error = new GearmanError("AUTH", `the auth hook failed for ${link.server}: ${reasonOf(cause)}`, { cause });
    link.destroy(error);
    throw error;
  } finally {
    limit.clear();
  }
}

/** `passed` rejects after that many milliseconds, or when the signal aborts. */
function timeLimit(timeout: number, signal: AbortSignal | undefined) {
  let timer: NodeJS.Timeout | undefined;
  let giveUp = (): void => {};
  const passed = new Promise<never>((_resolve, reject) => {
    giveUp = () => reject(signal?.reason);
    timer = setTimeout(() => reject(new Error(`it did not end within ${timeout} ms`)), timeout);
    if (signal?.aborted) giveUp();
    signal?.addEventListener("abort", giveUp);
  });
  const clear = (): void => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
  };
  return { passed, clear };
}

function exchange(link: Link, name: PacketName, args: readonly string[] = [], data?: Uint8Array): Promise<Packet> {
  return new Promise((resolve, reject) => {
    link.receiver = { packet: resolve, closed: reject };
    link.send(name, args, data);
  });
}
