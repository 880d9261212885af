/** In so many steps the silence of one heartbeat is counted. */
export const BEATS = 8;

/** So many beats of silence are too many for a server that keeps others waiting. */
export const IMPATIENT_BEATS = 3;

/**
 * Whether a server is still there. Silence is counted in beats of a timer and not in time: when the whole process has stood still, the
 * server's answer is in the kernel, and one beat is all that passes before it is read.
 *
 *     heard --a heartbeat of silence--> asked --another--> dead
 *     heard --some beats, and somebody waits for its answer, or its end--> dead
 */
export class Vigil {
  #heardAt = 0;
  #silent = 0;

  /**
   * @param heardAt when the server last gave a sign of life
   * @param isWaitedFor whether others wait for its answer to a grab, or we for it to close
   */
  beat(heardAt: number, isWaitedFor: boolean): "fine" | "ask" | "dead" {
    this.#silent = heardAt === this.#heardAt ? this.#silent + 1 : 0;
    this.#heardAt = heardAt;
    if (isWaitedFor && this.#silent >= IMPATIENT_BEATS) return "dead";
    if (this.#silent === BEATS) return "ask";
    return this.#silent === 2 * BEATS ? "dead" : "fine";
  }
}
