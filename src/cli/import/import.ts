/** `gearmand-ts import`: gearmand's queue is brought into a data directory. */
import { hostname } from "node:os";
import { DEFAULT_TABLE } from "../../server/options.ts";
import { GearmandQueue } from "../../store/tools/gearmand-queue.ts";
import { endAsItIs, isFatal } from "../end-as-it-is.ts";
import { docsPath, flagsHelp, helpColumns, helpPage } from "../flags-help.ts";
import { type Bars, terminalBars } from "../gearman/bars.ts";
import { Outlet } from "../gearman/outlet.ts";
import { parseHinting } from "../parse.ts";
import { PROGRAM } from "../program.ts";
import { prefixOf } from "../settings.ts";
import { counter } from "../store/drive.ts";
import { counted } from "../store/print.ts";
import { UsageError } from "../usage-error.ts";
import { Account } from "./account.ts";
import { bring, look, type Order } from "./bring.ts";
import { FLAGS, type Values } from "./flags.ts";

/** THE table of exit statuses. */
export const EXIT_STATUS = {
  complete: { code: 0, when: "every row is imported, or would be" },
  leftOut: { code: 1, when: "it is done, and rows were left out; they are named" },
  failed: { code: 2, when: "it could not be done, or not to its end: the reason is on stderr" },
} as const;

export const helpText = (columns: number = helpColumns()): string =>
  helpPage(
    [
      flagsHelp(`${PROGRAM} import`, "--libsqlite3-db FILE --data-dir DIR [flags]", FLAGS, columns),
      "",
      "Brings gearmand's SQLite queue into a data directory. Neither may be in use. FILE stays as it is without --delete.",
      "",
      "Exit status:",
      ...Object.values(EXIT_STATUS).map(({ code, when }) => `  ${code}  ${when}`),
      "",
      `More: ${docsPath("migration.md")}`,
    ],
    columns,
  );

const orderOf = (values: Values): Order => {
  const { "libsqlite3-db": file, "data-dir": directory, "dry-run": dryRun = false, delete: remove = false } = values;
  if (file === undefined || directory === undefined)
    throw new UsageError("import needs --libsqlite3-db and --data-dir");
  if (dryRun && remove) throw new UsageError("option '--delete' is not for '--dry-run', which changes nothing");
  const table = values["libsqlite3-table"] ?? DEFAULT_TABLE;
  return { file, table, directory, prefix: prefixOf(values, hostname()), dryRun, remove };
};

const sumUp = ({ file, directory, dryRun, remove }: Order, { imported }: Account, dead: number): string => {
  const jobs = counted(imported, "job");
  const buried = dead === 0 ? "" : `left where they are: ${counted(dead, "job")} whose retries are spent\n`;
  if (dryRun) return `${buried}${jobs} would be imported into ${directory}; nothing is changed\n`;
  const after = remove ? `they are removed from ${file}` : `${file} is as it was; --delete would remove them there`;
  return `${buried}${jobs} imported into ${directory}; ${after}\n`;
};

/** A line for so many rows where there is no bar. */
const A_LINE_EACH = 100_000;

const progressOf = (all: number, outlet: Outlet, bars: Bars | undefined): (() => void) => {
  const step = counter(bars, "rows", all);
  let rows = 0;
  return () => {
    step();
    if (bars === undefined && ++rows % A_LINE_EACH === 0) void outlet.complaint(`${rows} of ${all} rows\n`);
  };
};

const run = async (values: Values, outlet: Outlet, bars: Bars | undefined): Promise<number> => {
  const order = orderOf(values);
  const queue = new GearmandQueue(order.file, order.table, order.remove);
  try {
    const account = new Account();
    await (order.dryRun ? look : bring)(order, queue, account, progressOf(queue.ids().length, outlet, bars));
    const { prefix: _, ...about } = order;
    await outlet.data(
      values.json
        ? account.forPrograms({ ...about, dead: queue.dead })
        : account.forPeople() + sumUp(order, account, queue.dead),
    );
    return account.complete ? EXIT_STATUS.complete.code : EXIT_STATUS.leftOut.code;
  } finally {
    queue.close();
  }
};

/** Resolves with the exit status. */
export const importQueue = async (tokens: readonly string[]): Promise<number> => {
  const bars = terminalBars();
  const outlet = new Outlet(bars);
  try {
    const { values, words } = parseHinting(FLAGS, tokens);
    if (words[0] !== undefined) throw new UsageError(`'${words[0]}' is no flag; --help lists the flags`);
    if (values.help) return await outlet.data(helpText()).then(() => 0);
    return await run(values, outlet, bars).finally(() => bars?.close());
  } catch (error) {
    process.stderr.write(`${PROGRAM}: ${error instanceof Error ? error.message : error}\n`);
    if (isFatal(error)) endAsItIs();
    return EXIT_STATUS.failed.code;
  }
};
