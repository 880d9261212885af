/** The name in messages. */
export const PROGRAM = "gearadmin-ts";
