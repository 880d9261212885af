import { execFileSync } from "node:child_process";
import { UsageError } from "./usage-error.ts";

/** What the program `id` says of a user: Node has no getpwnam, and users may come from LDAP. */
const id = (option: "-un" | "-u" | "-g", user: string): string => {
  try {
    return execFileSync("id", [option, "--", user], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    throw new UsageError(`Could not find user : ${user}`);
  }
};

/** Missing in the types of Node 20. */
const { initgroups } = process as unknown as { initgroups(user: string, extraGroup: number): void };

/** Gives up root for a user and his groups, for good. */
export const switchUser = (user: string): void => {
  if (process.geteuid?.() !== 0) throw new UsageError("Must be root to switch users.");
  const [name, uid, gid] = [id("-un", user), Number(id("-u", user)), Number(id("-g", user))];
  initgroups(name, gid);
  process.setgid?.(gid);
  process.setuid?.(uid);
};
