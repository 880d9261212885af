import { createLog, type Log } from "../lib/create-log.ts";
import { descriptorSink, type Format, fileSink, json, noSink, pretty, type Sink } from "../lib/log-sink.ts";
import { hasSyslogProgram, syslogSink } from "../lib/syslog-sink.ts";
import { DEFAULT_LOG_FILE } from "./flags/log.ts";
import type { Values } from "./flags/table.ts";
import { LEVELS } from "./log-levels.ts";
import { PROGRAM } from "./program.ts";
import { verbosityOf } from "./settings.ts";
import { UsageError } from "./usage-error.ts";

const formatOf = ({ "log-format": format = "auto" }: Values, terminal: boolean): Format =>
  format === "pretty" || (format === "auto" && terminal) ? pretty(terminal) : json;

const standardSink = (stream: NodeJS.WriteStream & { fd: number }, values: Values): Sink =>
  descriptorSink(stream, formatOf(values, stream.isTTY));

const defaultTarget = ({ syslog, daemon }: Values): string | undefined => {
  if (syslog) return "none";
  return daemon ? DEFAULT_LOG_FILE : undefined;
};

const openFile = (path: string, values: Values, warnings: string[]): Sink => {
  try {
    return fileSink(path, formatOf(values, false));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    warnings.push(`Could not open log file "${path}", from "${process.cwd()}", switching to stderr. (${reason})`);
    return standardSink(process.stderr, values);
  }
};

const targetSink = (values: Values, warnings: string[]): Sink => {
  const target = values["log-file"] ?? defaultTarget(values);
  if (target === undefined) return standardSink(process.stdout, values);
  if (target === "none") return noSink;
  return target === "stderr" ? standardSink(process.stderr, values) : openFile(target, values, warnings);
};

const openSyslog = (): Sink => {
  if (hasSyslogProgram()) return syslogSink(PROGRAM);
  throw new UsageError("--syslog needs the program `logger` of util-linux (Debian: bsdutils, Alpine: util-linux)");
};

/** The log that the flags ask for. When its file can't be opened it goes to stderr, with a warning, as in gearmand. */
export const openLog = (values: Values, warnings: string[]): Log => {
  const sinks = [targetSink(values, warnings), ...(values.syslog ? [openSyslog()] : [])];
  return createLog(LEVELS[verbosityOf(values)], sinks);
};
