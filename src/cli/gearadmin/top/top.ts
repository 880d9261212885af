import { deferred } from "../../../lib/waiting.ts";
import { UsageError } from "../../usage-error.ts";
import type { Values } from "../flags.ts";
import type { Servers } from "../servers.ts";
import { canDraw } from "../terminal.ts";
import { plainLayout } from "./layout.ts";
import { EXIT_CODES, Show } from "./show.ts";
import { Watch } from "./watch.ts";

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
  if (canDraw()) return;
  throw new UsageError("top draws on a terminal, and this is none that it can draw on: --once prints it as lines");
};

/** Whatever ends it, the terminal is as it was. */
const obey = (show: Show, quit: (status: number) => void): void => {
  process.once("exit", () => show.close());
  process.once("uncaughtExceptionMonitor", () => show.close()); // so that what Node says of it is seen
  process.on("SIGCONT", () => show.open());
  for (const [signal, status] of Object.entries(EXIT_CODES)) process.once(signal, () => quit(status));
  const terminalGone = (): void => quit(EXIT_CODES.SIGHUP);
  process.stdin.once("end", terminalGone).once("error", terminalGone);
};

/** Shows until somebody quits: the exit status. */
const show = async (servers: Servers, values: Values): Promise<number> => {
  refuseWithoutTerminal();
  const { promise, resolve } = deferred<void>();
  let code = 0;
  const quit = (status: number): void => {
    code = status;
    resolve();
  };
  const shown = new Show(servers, values, quit);
  obey(shown, quit);
  shown.start();
  const clockTick = setInterval(() => shown.draw(), 1000);
  await promise;
  clearInterval(clockTick);
  shown.stop();
  return code;
};

/** `gearadmin-ts top`: the exit status. */
export const top = (servers: Servers, values: Values): Promise<number> =>
  values.once ? printOnce(servers, values) : show(servers, values);
