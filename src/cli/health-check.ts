import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ServerOptions } from "../server/options.ts";
import type { TlsFiles } from "../transport/options.ts";

const TIMEOUT = 3000;

/** Shows the server's own certificate to a server that asks for one; that it answers is the question here, not who it is. */
const identity = ({ certificate, key, verifyClient }: TlsFiles) =>
  verifyClient ? { cert: readFileSync(certificate), key: readFileSync(key) } : {};

const open = ({ listen: [address], tls }: Pick<ServerOptions, "listen" | "tls">): Socket => {
  if (address === undefined) throw new Error("it listens nowhere");
  if ("path" in address && address.path !== undefined) return connect(address.path);
  const { host, port } = address as { host: string | undefined; port: number };
  const target = { host: host ?? "127.0.0.1", port };
  return tls ? connectTls({ ...target, ...identity(tls), rejectUnauthorized: false }) : connect(target);
};

/** Resolves when the server at the first of the addresses has answered `version`; else rejects with the reason. */
export const checkHealth = (options: Pick<ServerOptions, "listen" | "tls">): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = open(options);
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      socket.destroy();
      act();
    };
    const timer = setTimeout(() => settle(() => reject(new Error(`no answer within ${TIMEOUT} ms`))), TIMEOUT);
    let reply = "";
    socket.setEncoding("utf8").on("data", (text) => {
      reply += text;
      if (reply.includes("\n"))
        settle(() => (reply.startsWith("OK ") ? resolve() : reject(new Error("no Gearman server"))));
    });
    socket.on("error", (error) => settle(() => reject(error)));
    socket.on("end", () => settle(() => reject(new Error("the connection was closed"))));
    socket.write("version\n");
  });
