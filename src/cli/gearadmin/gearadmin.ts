import { GearmanError } from "../../link/errors.ts";
import { versionText } from "../flags-help.ts";
import { parseHinting } from "../parse.ts";
import { UsageError } from "../usage-error.ts";
import { askServer, type Report } from "./ask.ts";
import { FLAGS, type Values } from "./flags.ts";
import { helpText } from "./help.ts";
import { requestsOf } from "./operations.ts";
import { jsonOutput, plainOutput, terminalOutput } from "./print.ts";
import { PROGRAM } from "./program.ts";
import { type Servers, serversOf } from "./servers.ts";
import { wantsColour } from "./terminal.ts";
import { top } from "./top/top.ts";

const complain = (message: string): void => void process.stderr.write(`${PROGRAM}: ${message}\n`);

/** Settles once it is out: a pipe may be slower than our end. */
const print = (text: string, encoding: "utf8" | "latin1" = "utf8"): Promise<void> =>
  new Promise((resolve) => void process.stdout.write(text, encoding, () => resolve()));

const printReports = (reports: readonly Report[], { json }: Values): Promise<void> => {
  if (json) return print(jsonOutput(reports));
  return process.stdout.isTTY ? print(terminalOutput(reports, wantsColour())) : print(plainOutput(reports), "latin1");
};

const administer = async ({ targets, dial }: Servers, values: Values): Promise<number> => {
  const requests = requestsOf(values);
  if (requests.length === 0) {
    throw new UsageError("no option for an operation is given, as --status or --workers; --help lists them");
  }
  const reports = await Promise.all(targets.map((target) => askServer(target, requests, dial)));
  await printReports(reports, values);
  const problems = reports.flatMap((report) => report.problems);
  for (const problem of problems) complain(problem);
  return problems.length === 0 ? 0 : 1;
};

const refuseWords = ([word, ...more]: readonly string[]): void => {
  const wrong = word === "top" ? more[0] : word;
  if (wrong !== undefined)
    throw new UsageError(`'${wrong}' is neither a flag, as --status, nor the word top; --help lists the flags`);
};

const TOP_ONLY = ["interval", "sort", "once"] as const;

const refuseMixture = (values: Values, isTop: boolean): void => {
  const operation = requestsOf(values)[0]?.name ?? (values.json ? "json" : undefined);
  if (isTop && operation !== undefined) throw new UsageError(`option '--${operation}' is not for top`);
  const lonely = TOP_ONLY.find((name) => values[name] !== undefined);
  if (!isTop && lonely !== undefined)
    throw new UsageError(`option '--${lonely}' is for top: gearadmin-ts top --${lonely}`);
};

const run = async (tokens: readonly string[]): Promise<number> => {
  const { values, words } = parseHinting(FLAGS, tokens);
  refuseWords(words);
  if (values.help) return print(helpText()).then(() => 0);
  if (values.version) return print(versionText(PROGRAM)).then(() => 0);
  const isTop = words[0] === "top";
  refuseMixture(values, isTop);
  const servers = serversOf(values, process.env);
  return isTop ? top(servers, values) : administer(servers, values);
};

// `gearadmin-ts --status | head -1`: who reads has read enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

run(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const expected = error instanceof UsageError || error instanceof GearmanError;
    complain(expected ? error.message : String(error instanceof Error ? error.stack : error));
    process.exit(1);
  },
);
