/** gearmand-ts beside other servers that its users might pick: other Gearman servers, and other queues for programs in Node. */
import { Folder } from "../../test/support/folder.ts";
import { installed } from "../../test/support/program.ts";
import type { Tools } from "../load/tools.ts";
import { readResults, save } from "../results.ts";
import { type Row, table } from "../rows.ts";
import { type Contender, DEFAULTS, ours } from "../speed/contenders.ts";
import { perlServer, unpackPerlServer } from "./perl-server.ts";
import { installPackages, type Queue, SOURCES } from "./queues.ts";
import { AtWork, can, WORKS } from "./same-work.ts";
import { SERVER_WORKLOADS, underLoad } from "./servers.ts";
import { inTurns, OWN } from "./turns.ts";

export interface Options {
  readonly rounds: number;
  /** Of the names of workloads. */
  readonly only: RegExp;
  readonly save: boolean;
}

/** By what was measured. */
type Measured = Readonly<Record<string, readonly Row[]>>;

export async function besidePeers(tools: Tools, options: Options): Promise<void> {
  const all = { ...(await besideServers(tools, options)), ...(await besideQueues(options)) };
  if (options.save) save("peers", { ...readResults().peers?.figures, ...all });
}

async function besideServers(tools: Tools, { rounds, only }: Options): Promise<Measured> {
  const workloads = SERVER_WORKLOADS.filter(({ name }) => only.test(name));
  if (workloads.length === 0) return {};
  await using folder = new Folder();
  const perl = worked("the Perl server", "apt-get download", () => unpackPerlServer(folder))
    ? [perlServer(folder)]
    : [];
  const contenders: readonly Contender[] = [ours(OWN, process.execPath), DEFAULTS, ...perl];
  const all: Record<string, readonly Row[]> = {};
  for (const workload of workloads) {
    const starts = contenders.map((contender) => () => underLoad(tools, workload, contender));
    all[workload.name] = show(await inTurns(workload.name, starts, rounds));
  }
  return all;
}

async function besideQueues({ rounds, only }: Options): Promise<Measured> {
  const works = WORKS.filter(({ name }) => only.test(name));
  if (works.length === 0) return {};
  await using packages = new Folder();
  await using stored = new Folder();
  const queues = available(packages, stored);
  const all: Record<string, readonly Row[]> = {};
  for (const work of works) {
    const able = queues.filter((queue) => can(queue, work));
    const starts = able.map((queue) => () => AtWork.start(queue, work, packages));
    all[work.name] = show(await inTurns(work.name, starts, rounds));
  }
  return all;
}

/**
 * Those for which everything is there.
 *
 * @param packages where those of npm go
 */
function available(packages: Folder, stored: Folder): Queue[] {
  const clients = worked("BullMQ and beanstalkd", "npm install", () => installPackages(packages));
  return SOURCES.filter(({ needs }) => needs === undefined || (clients && there(needs))).map(({ queue }) =>
    queue(stored),
  );
}

function there(program: string): boolean {
  const is = installed(program);
  if (!is) console.log(`${program} is left out: apt-get install ${program}\n`);
  return is;
}

function worked(peer: string, step: string, run: () => void): boolean {
  try {
    run();
    return true;
  } catch {
    console.log(`${peer} left out: ${step} failed\n`);
    return false;
  }
}

function show(rows: Row[]): Row[] {
  console.log(`${table(rows)}\n`);
  return rows;
}
