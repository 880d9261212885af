import type { PacketName } from "../protocol/packets.ts";
import { type DialOptions, dial, timeoutError } from "../transport/dial.ts";
import type { Target } from "./address.ts";
import { GearmanError, reasonOf } from "./errors.ts";
import { Link, type LinkReceiver, type Packet } from "./link.ts";
import { toWire } from "./wire-text.ts";

/** What an auth hook sees of a new connection, before anything else is sent on it. */
export interface Login {
  /** The server's address, as it was given. */
  readonly server: string;
  /** Sends a request and resolves with the server's answer to it, an ERROR included. One at a time. */
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
 * Connects to a server, proves who we are, and waits for its first answer: the kernel takes connections for a program that hangs.
 * Rejects with a GearmanError. Whoever wants to hear of the link sets its `receiver` at once.
 *
 * @param signal gives the attempt up; a link that stands is not touched
 */
export async function openLink(target: Target, options: OpenOptions, signal?: AbortSignal): Promise<Link> {
  const link = new Link(target.name, await connected(target, options, signal), NOBODY);
  const { auth, id, timeout } = options;
  if (auth !== undefined) await within(timeout, signal, link, () => authenticate(link, auth));
  await within(timeout, signal, link, () => answered(link));
  link.receiver = NOBODY;
  if (id !== undefined) link.send("SET_CLIENT_ID", [toWire("id", id)]);
  return link;
}

async function connected({ name, address }: Target, options: OpenOptions, signal: AbortSignal | undefined) {
  try {
    return "connect" in address ? address.connect() : await dial(address, options, signal);
  } catch (cause) {
    throw new GearmanError("NO_SERVER", `no connection to ${name}: ${reasonOf(cause)}`, { cause });
  }
}

async function authenticate(link: Link, auth: Auth): Promise<void> {
  try {
    await auth(loginTo(link));
  } catch (cause) {
    throw new GearmanError("AUTH", `the auth hook failed for ${link.server}: ${reasonOf(cause)}`, { cause });
  }
}

function loginTo(link: Link): Login {
  let asking = false;
  return {
    server: link.server,
    exchange: async (...request) => {
      if (asking) throw new GearmanError("ARGUMENT", "exchange was called before the last answer came: await it first");
      asking = true;
      try {
        return await exchange(link, ...request);
      } finally {
        asking = false;
      }
    },
  };
}

async function answered(link: Link): Promise<void> {
  await exchange(link, "ECHO_REQ");
}

/** Cuts the link if the step fails or does not end: it may be the caller's code, or a server that hangs. */
async function within(timeout: number, signal: AbortSignal | undefined, link: Link, step: () => Promise<void>) {
  const limit = timeLimit(timeout, signal, link.server);
  try {
    await Promise.race([step(), limit.passed]);
  } catch (error) {
    link.destroy(error as GearmanError);
    throw error;
  } finally {
    limit.clear();
  }
}

/** `passed` rejects after that many milliseconds, or when the signal aborts. */
function timeLimit(timeout: number, signal: AbortSignal | undefined, server: string) {
  let timer: NodeJS.Timeout | undefined;
  let giveUp = (): void => {};
  const passed = new Promise<never>((_resolve, reject) => {
    const what = `${server} was connected to, but did not answer within ${timeout} ms`;
    const late = new GearmanError("NO_SERVER", what, { cause: timeoutError(timeout) });
    giveUp = () => reject(signal?.reason);
    timer = setTimeout(() => reject(late), timeout);
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
