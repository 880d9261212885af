/** gearmand-ts beside other servers that its users might pick: other Gearman servers, and other queues for programs in Node. */
import { Folder } from "../../test/support/folder.ts";
import { installed } from "../../test/support/program.ts";
import type { Tools } from "../load/tools.ts";
import { type Measurements, measureAll } from "../measurements.ts";
import { type Contender, DEFAULTS, ours } from "../speed/contenders.ts";
import type { Workload } from "../speed/workloads.ts";
import { perlServer, unpackPerlServer } from "./perl-server.ts";
import { installPackages, type Queue, SOURCES } from "./queues.ts";
import { AtWork, can, WORKS, type Work } from "./same-work.ts";
import { SERVER_WORKLOADS, underLoad } from "./servers.ts";
import { inTurns, OWN, type Player } from "./turns.ts";

export interface Options {
  readonly rounds: number;
  readonly only: readonly { readonly name: string }[];
  readonly save: boolean;
}

export const PEER_WORKLOADS: readonly { readonly name: string }[] = [...SERVER_WORKLOADS, ...WORKS];

export async function besidePeers(tools: Tools, options: Options): Promise<void> {
  await besideServers(tools, options);
  await besideQueues(options);
}

async function besideServers(tools: Tools, { rounds, only, save }: Options): Promise<void> {
  const workloads = SERVER_WORKLOADS.filter((workload) => only.includes(workload));
  if (workloads.length === 0) return;
  await using folder = new Folder();
  const perl = worked("the Perl server", "apt-get download", () => unpackPerlServer(folder))
    ? [perlServer(folder)]
    : [];
  const contenders: readonly Contender[] = [ours(OWN, process.execPath), DEFAULTS, ...perl];
  const starts = (workload: Workload) => contenders.map((contender) => () => underLoad(tools, workload, contender));
  await measureAll("peers", inRounds(workloads, starts, rounds), save);
}

async function besideQueues({ rounds, only, save }: Options): Promise<void> {
  const works = WORKS.filter((work) => only.includes(work));
  if (works.length === 0) return;
  await using packages = new Folder();
  await using stored = new Folder();
  const queues = available(packages, stored);
  const starts = (work: Work) =>
    queues.filter((queue) => can(queue, work)).map((queue) => () => AtWork.start(queue, work, packages));
  await measureAll("peers", inRounds(works, starts, rounds), save);
}

/** @param starts of the players of each */
const inRounds = <What extends { readonly name: string }>(
  all: readonly What[],
  starts: (what: What) => readonly (() => Promise<Player>)[],
  rounds: number,
): Measurements => new Map(all.map((what) => [what.name, () => inTurns(what.name, starts(what), rounds)]));

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
