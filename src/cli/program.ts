/** The name in messages, in the log and in syslog. */
export const PROGRAM = "gearmand-ts";
