/** Fields of a log line: names and values, never a workload. */
export type LogFields = Readonly<Record<string, unknown>>;

/** The part of pino's interface that the server uses. Any object with these six methods serves. */
export interface Logger {
  fatal(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  debug(fields: LogFields, message: string): void;
  trace(fields: LogFields, message: string): void;
}

const nothing = (): void => {};

/** Says nothing: the default of the library. */
export const silentLogger: Logger = {
  fatal: nothing,
  error: nothing,
  warn: nothing,
  info: nothing,
  debug: nothing,
  trace: nothing,
};
