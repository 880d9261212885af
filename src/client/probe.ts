import type { Target } from "../link/address.ts";
import { GearmanError } from "../link/errors.ts";
import type { Link } from "../link/link.ts";
import { type OpenOptions, openLink } from "../link/open-link.ts";

/** Nobody answers at that address: not even to refuse. */
const SILENT: ReadonlySet<string> = new Set(["ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN"]);

/**
 * A connection to a server on which nothing is asked but whether it is there.
 *
 *     closed --ask()--> busy --an answer, or none in time--> quiet, or closed
 *     quiet  --ask()--> busy
 *     any    --close()--> closed
 */
export class Probe {
  readonly #target: Target;
  readonly #options: OpenOptions;
  #link: Link | undefined;
  /** How often it was closed: a connection that comes too late is not kept. */
  #closes = 0;
  busy = false;

  constructor(target: Target, options: OpenOptions) {
    this.#target = target;
    this.#options = options;
  }

  /**
   * False: nobody is there. A server that refuses the connection, or closes it, is: it may have too many, or take no new ones; what
   * becomes of the old ones will show by itself.
   */
  async ask(timeout: number): Promise<boolean> {
    this.busy = true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      // When this process has stood still, the answer is in the kernel: it is read before setImmediate comes.
      timer = setTimeout(() => setImmediate(resolve, false), timeout);
    });
    const answered = await Promise.race([late, this.#echo()]);
    clearTimeout(timer);
    this.busy = false;
    if (!answered) this.close();
    return answered;
  }

  close(): void {
    this.#closes += 1;
    this.#link?.destroy(new GearmanError("CLOSED", "the probe was closed"));
    this.#link = undefined;
  }

  async #echo(): Promise<boolean> {
    try {
      this.#link ??= await this.#open();
    } catch (error) {
      return !isSilence(error as GearmanError);
    }
    const link = this.#link;
    if (link === undefined) return true; // closed meanwhile: nobody asks any more
    return new Promise((resolve) => {
      const closed = (): void => {
        if (this.#link === link) this.#link = undefined;
        resolve(true);
      };
      link.receiver = { packet: () => resolve(true), closed };
      link.send("ECHO_REQ");
    });
  }

  async #open(): Promise<Link | undefined> {
    const closes = this.#closes;
    const link = await openLink(this.#target, this.#options);
    if (closes === this.#closes) return link;
    link.destroy(new GearmanError("CLOSED", "the probe was closed"));
    return undefined;
  }
}

function isSilence({ cause }: GearmanError): boolean {
  return SILENT.has((cause as NodeJS.ErrnoException | undefined)?.code ?? "");
}
