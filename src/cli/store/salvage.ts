import { printedLine } from "../../store/tools/job-line.ts";
import { REMAINS } from "../../store/tools/new-queue.ts";
import { isWhole, type Salvaged, salvage } from "../../store/tools/salvage.ts";
import { drive } from "./drive.ts";
import { counted } from "./print.ts";
import { JSON_FLAG, type Subcommand } from "./subcommand.ts";

const remarksOf = ({ uncertain, damaged, losses, damagedFrames }: Salvaged): readonly (readonly [string, number])[] => [
  ["rows that are not whole, and so are not copied", damaged],
  ["places of the file that cannot be read, where jobs may have been", losses],
  ["rows that are copied though they may be of jobs that were done", uncertain],
  ["places of the log that are damaged: jobs may be missing, or be there though they were done", damagedFrames],
];

const forPeople = (from: string, to: string, result: Salvaged): string => {
  const remarks = remarksOf(result).filter(([, count]) => count > 0);
  const named = result.damaged + result.losses + result.uncertain > 0 ? `${to}/${REMAINS} names them\n` : "";
  return [
    `${counted(result.jobs, "job")} copied from ${from} to ${to}; ${from} is as it was\n`,
    isWhole(result) ? `nothing in ${from} is damaged\n` : `${from} is DAMAGED: jobs may be missing from ${to}\n`,
    ...result.problems.map((problem) => `damaged: ${problem}\n`),
    ...remarks.map(([what, count]) => `${what}: ${count}\n`),
    named,
    `to go on with them: gearmand-ts --data-dir ${to}\n`,
  ].join("");
};

export const SALVAGE: Subcommand = {
  directories: ["DIR", "NEWDIR"],
  summary: "Copy every job that is whole out of a damaged directory into a new one.",
  flags: JSON_FLAG,
  run: async (directories, { json }, { outlet, bars }) => {
    const [from = "", to = ""] = directories;
    const key = {};
    const result = await drive(salvage(from, to, Date.now() / 1000), ({ done, all }) =>
      bars?.set(key, { label: "pages", numerator: done, denominator: all }),
    );
    await outlet.data(json ? printedLine(result) : forPeople(from, to, result));
    return isWhole(result) ? "sound" : "damaged";
  },
};
