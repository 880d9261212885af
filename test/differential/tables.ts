/** The tables of the text protocol, read back: what a server says about itself, compared after every step. */
export interface Tables {
  readonly functions: ReadonlyMap<string, FunctionRow>;
  /** By handle. */
  readonly jobs: ReadonlyMap<string, JobRow>;
  readonly uniques: readonly string[];
  readonly workers: readonly WorkerRow[];
  /** STATUS_RES by handle, of the jobs that were asked after. */
  readonly statuses: ReadonlyMap<string, string>;
}

export interface FunctionRow {
  readonly total: number;
  readonly running: number;
  readonly workers: number;
  /** High, normal, low. */
  readonly waiting: readonly number[];
}

export interface JobRow {
  readonly retries: number;
  readonly ignored: boolean;
  readonly stored: boolean;
}

export interface WorkerRow {
  readonly id: string;
  readonly functions: readonly string[];
}

export const NO_TABLES: Tables = {
  functions: new Map(),
  jobs: new Map(),
  uniques: [],
  workers: [],
  statuses: new Map(),
};

/** What to send for {@link readTables}. */
export const ASK_TABLES = "status\nprioritystatus\nshow jobs\nshow unique jobs\nworkers\n";

export function readTables(text: string): Omit<Tables, "statuses"> {
  const [status, priorities, jobs, uniques, workers, rest] = split(text);
  if (workers === undefined || uniques === undefined || rest !== undefined) throw new Error(`no tables: ${text}`);
  return {
    functions: readFunctions(status ?? [], priorities ?? []),
    jobs: new Map((jobs ?? []).map(readJob)),
    uniques: uniques.map(plain),
    workers: workers.map(readWorker),
  };
}

/** The rows of each table. */
function split(text: string): string[][] {
  const tables: string[][] = [[]];
  for (const line of text.split("\n").slice(0, -1)) {
    if (line === ".") tables.push([]);
    else tables.at(-1)?.push(line);
  }
  return tables.slice(0, -1);
}

function readFunctions(status: readonly string[], priorities: readonly string[]): Map<string, FunctionRow> {
  const waiting = new Map(priorities.map((row) => [row.split("\t")[0], row.split("\t").slice(1, 4).map(Number)]));
  return new Map(
    status.map((row) => {
      const [name = "", total, running, workers] = row.split("\t");
      const counts = { total: Number(total), running: Number(running), workers: Number(workers) };
      return [plain(name), { ...counts, waiting: waiting.get(name) ?? [] }];
    }),
  );
}

function readJob(row: string): [string, JobRow] {
  const [handle = "", retries, ignored, stored] = row.split("\t");
  return [handle, { retries: Number(retries), ignored: ignored === "1", stored: stored === "1" }];
}

/** The number and the address are not compared. Names with blanks are told apart by their words only. */
export function readWorker(row: string): WorkerRow {
  const [, id = "", functions = ""] = /^\S+ \S+ (.*?) :((?: .*)?)$/.exec(row) ?? [];
  return {
    id: plain(id),
    functions: functions
      .slice(1)
      .split(" ")
      .flatMap((name) => plain(name).split(" "))
      .sort(),
  };
}

/** As gearmand prints it: nothing escaped, and cut at a NUL. */
export function plain(text: string): string {
  const bytes = text.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return bytes.split("\0")[0] ?? "";
}
