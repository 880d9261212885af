import type { Hub } from "./hub.ts";
import type { Session } from "./session.ts";

/** How often connections that may have stalled are looked at, milliseconds. */
const SWEEP_EVERY = 500;

/** Cuts connections that hold memory and make no progress. Those that are merely idle are legal for ever. */
export class Sweeper {
  readonly #hub: Hub;
  readonly #timer: NodeJS.Timeout;
  #sweptAt: number;

  constructor(hub: Hub) {
    this.#hub = hub;
    this.#sweptAt = hub.now;
    this.#timer = setInterval(() => this.sweep(), SWEEP_EVERY).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  sweep(): void {
    const late = this.#hub.now - this.#sweptAt > 2 * SWEEP_EVERY;
    this.#sweptAt = this.#hub.now;
    // We stood still ourselves (SIGSTOP, a busy machine): what came meanwhile is read first.
    if (late) return;
    for (const session of this.#hub.suspects) {
      const why = this.#stalled(session);
      if (why !== undefined) session.cut(why);
      else if (!session.suspicious) this.#hub.suspects.delete(session);
    }
  }

  #stalled(session: Session): "stalledInput" | "stalledOutput" | undefined {
    const { limits, now } = this.#hub;
    const inputAge = now - session.inputAt;
    if (session.owesFirstByte && inputAge > limits.firstByteTimeout) return "stalledInput";
    if (session.midMessage && inputAge > limits.frameTimeout) return "stalledInput";
    const since = this.#idleSince(session);
    return since !== undefined && now - since > limits.outputTimeout ? "stalledOutput" : undefined;
  }

  /** Since when the peer has done nothing that it has to do: take its output while too much waits or the end is near, then close. */
  #idleSince({ ending, endedAt, full, outbox }: Session): number | undefined {
    if (ending && outbox.drained) return Math.max(endedAt, outbox.progressAt);
    return ending || full ? outbox.stuckSince : undefined;
  }
}
