const { env, stdout } = process;

/** Whether there is a terminal that knows escape sequences. */
export const canDraw = (): boolean => stdout.isTTY === true && env["TERM"] !== "dumb";

/** https://no-color.org: an empty NO_COLOR is none. */
export const wantsColour = (): boolean => canDraw() && !env["NO_COLOR"];
