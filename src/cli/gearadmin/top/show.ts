import type { Values } from "../flags.ts";
import type { Servers } from "../servers.ts";
import { wantsColour } from "../terminal.ts";
import { layout } from "./layout.ts";
import { functionRows } from "./rows.ts";
import { Screen } from "./screen.ts";
import { CTRL_C, keysIn, press } from "./view.ts";
import { Watch } from "./watch.ts";

/** By the signals that end it; a key or a lost terminal may stand for one. */
export const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Answers that come within this are drawn together, milliseconds. */
const SOON = 50;

/** The kernel stops us within this, milliseconds. */
const UNTIL_STOPPED = 100;

/** The watch on a screen, until somebody quits. */
export class Show {
  readonly #watch: Watch;
  readonly #screen: Screen;
  readonly #quit: (status: number) => void;
  #drawing: NodeJS.Timeout | undefined;

  constructor(servers: Servers, values: Values, quit: (status: number) => void) {
    this.#quit = quit;
    this.#watch = new Watch(servers, values, () => this.#drawSoon());
    const typed = (input: string): void => keysIn(input).forEach((key) => void this.#press(key));
    this.#screen = new Screen(process.stdin, process.stdout, wantsColour(), { typed, resized: () => this.draw() });
  }

  start(): void {
    this.open();
    void this.#watch.run();
  }

  open(): void {
    this.#screen.open();
    this.draw();
  }

  draw(): void {
    this.#screen.draw(layout(this.#watch.model, this.#screen.size));
  }

  /** Servers answer at much the same time. */
  #drawSoon(): void {
    this.#drawing ??= setTimeout(() => {
      this.#drawing = undefined;
      this.draw();
    }, SOON);
  }

  /** Gives the terminal back; may be called at any time. */
  close(): void {
    this.#screen.close();
  }

  stop(): void {
    clearTimeout(this.#drawing);
    this.close();
    this.#watch.stop();
  }

  #press(key: string): void {
    const { servers, view } = this.#watch.model;
    const act = press(view, key, functionRows(servers, view.merged).length);
    if (act === "quit") return this.#quit(key === CTRL_C ? EXIT_CODES.SIGINT : 0);
    if (act === "suspend") return this.#suspend();
    if (act === "look") return this.#watch.look();
    if (act !== "nothing") this.#watch.view = act;
    this.draw();
  }

  /** As Ctrl-Z does elsewhere. The timer runs when we run again: at once where there is no shell that could stop us. */
  #suspend(): void {
    this.close();
    process.kill(process.pid, "SIGTSTP");
    setTimeout(() => this.open(), UNTIL_STOPPED);
  }
}
