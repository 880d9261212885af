import type { ListenAddress } from "./options.ts";

/** An address as people read it, and as `--listen` takes it: `host:port`, `[IPv6]:port`, `unix:/path`; `*` stands for all hosts. */
export function addressText(address: ListenAddress): string {
  if (address.path !== undefined) return `unix:${address.path}`;
  const host = address.host ?? "*";
  return host.includes(":") ? `[${host}]:${address.port}` : `${host}:${address.port}`;
}
