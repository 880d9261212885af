import { daemonize, inBackground, reportFailure, reportReady } from "../daemonize.ts";
import { versionText } from "../flags-help.ts";
import { openPidFile } from "../pid-file.ts";
import { onSignal } from "../signals.ts";
import { terminalBars } from "./bars.ts";
import { runClient } from "./client.ts";
import { readCommandLine } from "./command-line.ts";
import { codeOf, type Ending } from "./exit-status.ts";
import { helpText } from "./help.ts";
import { Outlet } from "./outlet.ts";
import { type Plan, planOf } from "./plan.ts";
import { endingOf, problemOf } from "./problems.ts";
import { killAll } from "./process-group.ts";
import { calledAsC, PROGRAM } from "./program.ts";
import { tellWhoTypes } from "./standard-input.ts";
import { checkCommand, runWorker } from "./worker.ts";

const asC = calledAsC(process.argv[1] ?? "");
/** Under C's name, the status comes in lines, whatever stderr is. */
const bars = asC ? undefined : terminalBars();
const outlet = new Outlet(bars);
const complain = (message: string): void => void outlet.complaint(`${PROGRAM}: ${message}\n`);

let removePidFile = (): void => {};

/** By the signal itself: a shell's loop ends only if Ctrl-C ended the program in it. */
const dieOf = (signal: NodeJS.Signals): void => {
  killAll();
  bars?.close();
  removePidFile();
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
};

const exit = (ending: Ending): void => {
  bars?.close();
  removePidFile();
  if (ending === "interrupted") dieOf("SIGINT");
  else if (ending === "terminated") dieOf("SIGTERM");
  else process.exit(codeOf(ending));
};

const perform = (plan: Plan): Promise<Ending> => {
  if (plan.kind === "worker") return runWorker(plan, { outlet, complain, onSignal });
  onSignal((signal) => (signal === "SIGUSR1" ? exit("terminated") : dieOf(signal)));
  if (!asC && plan.workloads === undefined) tellWhoTypes(plan.lines, complain);
  return runClient(plan, { outlet, bars, asC, complain });
};

const print = async (text: string): Promise<Ending> => {
  await outlet.data(text);
  return "done";
};

const inForeground = async (tokens: readonly string[]): Promise<Ending> => {
  const line = readCommandLine(tokens);
  const { values } = line;
  if (values.help) return print(helpText());
  if (values.version) return print(versionText(PROGRAM));
  const plan = planOf(line, process.env, asC);
  if (plan.kind === "worker") checkCommand(plan);
  if (values.daemon && !inBackground) {
    await daemonize(tokens);
    return "done";
  }
  removePidFile = openPidFile(values["pid-file"], false, []);
  await reportReady({ addresses: [], warnings: [] });
  return perform(plan);
};

const fail = async (error: unknown): Promise<Ending> => {
  const message = problemOf(error);
  await outlet.complaint(`${PROGRAM}: ${message}\n`);
  await reportFailure(message);
  return endingOf(error);
};

// What else ends a program: without a listener it would leave commands and the pid file behind.
for (const signal of ["SIGQUIT", "SIGUSR2", "SIGALRM"] as const) process.on(signal, () => dieOf(signal));
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") complain(`the output could not be written: ${error.message}`);
  exit(error.code === "EPIPE" ? "pipe" : "input");
});
process.stderr.on("error", () => {}); // nobody listens; the jobs go on

exit(await inForeground(process.argv.slice(2)).catch(fail));
