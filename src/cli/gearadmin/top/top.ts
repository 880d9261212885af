import { settleable } from "../../../lib/waiting.ts";
import { UsageError } from "../../usage-error.ts";
import { DEFAULT_INTERVAL, type Values } from "../flags.ts";
import type { Servers } from "../servers.ts";
import { layout, type Model, plainLayout } from "./layout.ts";
import { Poller } from "./poller.ts";
import { Screen } from "./screen.ts";
import { keysIn, press, type View } from "./view.ts";

const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

const now = (): number => performance.now();

const clock = (): string => new Date().toTimeString().slice(0, 8);

const viewOf = ({ sort }: Values): View => ({ sort: sort ?? "queued", reversed: false, merged: true, offset: 0 });

/** The servers that are looked at, and what is known of them. */
class Watch {
  readonly #pollers: readonly Poller[];
  readonly #interval: number;
  view: View;

  constructor({ targets, dial }: Servers, values: Values, changed: () => void) {
    this.#interval = values.interval ?? DEFAULT_INTERVAL;
    this.view = viewOf(values);
    this.#pollers = targets.map((target) => new Poller(target, { dial, interval: this.#interval, now }, changed));
  }

  get model(): Model {
    const servers = this.#pollers.map(({ view }) => view);
    return { servers, view: this.view, interval: this.#interval, now: now(), clock: clock() };
  }

  /** Whether each server was looked at so often, or is down. */
  seen(looks: number): boolean {
    return this.#pollers.every((poller) => poller.looks >= looks || poller.view.state === "down");
  }

  async run(): Promise<void> {
    await Promise.all(this.#pollers.map((poller) => poller.run()));
  }

  look(): void {
    for (const poller of this.#pollers) poller.look();
  }

  stop(): void {
    for (const poller of this.#pollers) poller.stop();
  }
}

/** Looks twice and prints: the exit status, 1 if a server is down. */
const printOnce = async (servers: Servers, values: Values): Promise<number> => {
  const watch: Watch = new Watch(servers, values, () => {
    if (watch.seen(2)) watch.stop();
  });
  await watch.run();
  const { model } = watch;
  process.stdout.write(plainLayout(model));
  return model.servers.every(({ state }) => state === "up") ? 0 : 1;
};

const refuseWithoutTerminal = (): void => {
  if (process.stdout.isTTY && process.env["TERM"] !== "dumb") return;
  throw new UsageError("top draws on a terminal, and this is none that it can draw on: --once prints it as lines");
};

/** Shows until somebody quits: the exit status. */
const show = async (servers: Servers, values: Values): Promise<number> => {
  refuseWithoutTerminal();
  const screen = new Screen(process.stdin, process.stdout, process.env["NO_COLOR"] === undefined);
  const { promise, resolve } = settleable();
  let code = 0;
  const quit = (status: number): void => {
    code = status;
    resolve();
  };
  const draw = (): void => screen.draw(layout(watch.model, screen.size));
  const watch: Watch = new Watch(servers, values, draw);
  const pressed = (key: string): void => {
    const act = press(watch.view, key);
    if (act === "quit") return quit(key === "\x03" ? EXIT_CODES.SIGINT : 0);
    if (act === "look") return watch.look();
    if (act !== "nothing") watch.view = act;
    draw();
  };
  process.once("exit", () => screen.close());
  process.once("uncaughtExceptionMonitor", () => screen.close()); // so that what Node says of it is seen
  for (const [signal, status] of Object.entries(EXIT_CODES)) process.once(signal, () => quit(status));
  process.stdin.once("end", () => quit(EXIT_CODES.SIGHUP)).once("error", () => quit(EXIT_CODES.SIGHUP)); // the terminal is gone
  screen.open((input) => keysIn(input).forEach(pressed), draw);
  draw();
  void watch.run();
  const clockTick = setInterval(draw, 1000);
  await promise;
  clearInterval(clockTick);
  screen.close();
  watch.stop();
  return code;
};

/** `gearadmin-ts top`: the exit status. */
export const top = (servers: Servers, values: Values): Promise<number> =>
  values.once ? printOnce(servers, values) : show(servers, values);
