import { printable } from "../../../lib/terminal-text.ts";
import type { Line, Model } from "./model.ts";
import type { ServerView } from "./rows.ts";
import { queuedOf } from "./snapshots.ts";

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;

/** The sums over all functions of some servers. */
export const totals = (servers: readonly ServerView[]): string => {
  let [queued, running] = [0, 0];
  for (const { history } of servers) {
    for (const counts of history[0]?.functions.values() ?? []) {
      queued += queuedOf(counts);
      running += counts.running;
    }
  }
  return `${queued} queued, ${running} running`;
};

/** A server that is silent is not down yet: its numbers are old, then. */
const silence = ({ history }: ServerView, { now, interval }: Model): string => {
  const age = now - (history[0]?.at ?? now);
  return age > 2 * interval + 1000 ? `, silent for ${Math.round(age / 1000)} s` : "";
};

const serverLine = (server: ServerView, model: Model): Line => {
  const name = printable(server.name);
  if (server.state === "connecting") return { text: `${name}  connecting`, look: "dim" };
  if (server.state === "down")
    return { text: `${name}  DOWN, is tried again: ${printable(server.why ?? "")}`, look: "bad" };
  const silent = silence(server, model);
  const functions = plural(server.history[0]?.functions.size ?? 0, "function");
  const text = `${name}  up, ${functions}, ${totals([server])}${silent}`;
  return silent === "" ? { text } : { text, look: "warning" };
};

/** All servers; if they are more than `most`, those in trouble first, and how many are left out. */
export const serverLines = (model: Model, most: number): readonly Line[] => {
  const { servers } = model;
  if (servers.length <= most) return servers.map((server) => serverLine(server, model));
  const urgent = [...servers].sort((a, b) => Number(a.state === "up") - Number(b.state === "up"));
  const hidden = urgent.slice(most - 1);
  const down = hidden.filter(({ state }) => state !== "up").length;
  const rest = `and ${plural(hidden.length, "more server")}${down > 0 ? `, ${down} of them not up` : ", up"}`;
  return [...urgent.slice(0, most - 1).map((server) => serverLine(server, model)), { text: rest, look: "dim" }];
};
