import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ServerOptions } from "../server/options.ts";
import { addressText } from "../transport/address-text.ts";
import type { TlsFiles } from "../transport/options.ts";

const TIMEOUT = 3000;

const SAME_FLAGS = "give the health check the flags or config file of the server, --ssl too";

type Place = Pick<ServerOptions, "listen" | "tls">;

type Target = { readonly host: string; readonly port: number; readonly path?: undefined } | { readonly path: string };

/** Where a server that listens there is reached. */
const targetOf = ({ listen: [address] }: Place): Target => {
  if (address === undefined) throw new Error("the server listens nowhere");
  return address.path === undefined ? { host: address.host ?? "127.0.0.1", port: address.port } : address;
};

/** Shows the server's own certificate to a server that asks for one; that it answers is the question here, not who it is. */
const identity = ({ certificate, key, verifyClient }: TlsFiles) =>
  verifyClient ? { cert: readFileSync(certificate), key: readFileSync(key) } : {};

const open = (target: Target, tls: TlsFiles | undefined): Socket => {
  if (target.path !== undefined) return connect(target.path);
  const { host, port } = target;
  return tls ? connectTls({ host, port, ...identity(tls), rejectUnauthorized: false }) : connect({ host, port });
};

/** The first line that is answered; rejects with the reason if there is none. */
const ask = (socket: Socket): Promise<string> =>
  new Promise((resolve, reject) => {
    const fail = (reason: string): void => reject(new Error(reason));
    const late = (): void => fail(`no answer within ${TIMEOUT} ms; see its log, and restart it if it hangs`);
    const timer = setTimeout(late, TIMEOUT);
    let reply = "";
    socket.setEncoding("utf8").on("data", (text) => {
      reply += text;
      if (reply.includes("\n")) resolve(reply);
    });
    // The error of a name with several addresses has no message.
    socket.on("error", (error: NodeJS.ErrnoException) =>
      fail(`${error.message || error.code}; start it, or ${SAME_FLAGS}`),
    );
    socket.on("end", () => fail(`the connection was closed; ${SAME_FLAGS}`));
    socket.on("close", () => clearTimeout(timer));
    socket.write("version\n");
  });

const answer = async (target: Target, tls: TlsFiles | undefined): Promise<void> => {
  const socket = open(target, tls);
  try {
    const reply = await ask(socket);
    if (!reply.startsWith("OK "))
      throw new Error(`what answers is no Gearman server; stop that program, or ${SAME_FLAGS}`);
  } finally {
    socket.destroy();
  }
};

/** Settles when the server at the first of the addresses has answered `version`; else rejects with where, the reason, and what to do. */
export const checkHealth = async (place: Place): Promise<void> => {
  const target = targetOf(place);
  try {
    await answer(target, place.tls);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the server at ${addressText(target)} is not healthy: ${reason}`);
  }
};
