import "./signals.ts";
import { hostname } from "node:os";
import { judge, readArguments } from "./arguments.ts";
import { commandOf } from "./commands.ts";
import { daemonize, inBackground, reportFailure } from "./daemonize.ts";
import { versionText } from "./flags-help.ts";
import { checkHealth } from "./health-check.ts";
import { helpText } from "./help.ts";
import { PROGRAM } from "./program.ts";
import { serve } from "./serve.ts";
import { serverOptions } from "./settings.ts";
import { onSignal } from "./signals.ts";
import { queueWarnings, refuseUnsupported, withoutEffect } from "./unsupported.ts";

const complain = (message: string): void => void process.stderr.write(`${PROGRAM}: ${message}\n`);

const start = async (tokens: readonly string[]): Promise<void> => {
  const args = readArguments(tokens);
  const { values, warnings } = args;
  if (values.help) return void process.stdout.write(helpText());
  if (values.version) return void process.stdout.write(`\n${versionText(PROGRAM)}`); // as gearmand has it;
  judge(args, refuseUnsupported);
  const options = judge(args, (flags) => serverOptions(flags, process.env, hostname()));
  if (values["check-args"]) return warnings.forEach(complain);
  if (values["health-check"]) return checkHealth(options);
  if (values.daemon && !inBackground) return (await daemonize(tokens)).forEach(complain);
  return serve({
    values,
    options,
    warnings: [...warnings, ...queueWarnings(values)],
    withoutEffect: withoutEffect(values, process.env),
  });
};

const fail = async (error: unknown): Promise<void> => {
  const message = error instanceof Error ? error.message : String(error);
  complain(message);
  await reportFailure(message);
};

const INTERRUPTED = 130;

/** Resolves with the exit status. */
const run = async (tokens: readonly string[]): Promise<number> => {
  const [word, ...rest] = tokens;
  const command = commandOf(word);
  if (command === undefined) return start(tokens).then(() => 0);
  onSignal(() => process.exit(INTERRUPTED));
  return command.run(rest);
};

run(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => fail(error).finally(() => process.exit(1)),
);
