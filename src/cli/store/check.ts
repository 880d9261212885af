import { printable } from "../../lib/terminal-text.ts";
import { check, type Findings } from "../../store/tools/check.ts";
import { countRows } from "../../store/tools/dump.ts";
import { type JobLine, printedLine } from "../../store/tools/job-line.ts";
import { openView } from "../../store/tools/view.ts";
import { counter, drive } from "./drive.ts";
import { aligned, counted, sizeText } from "./print.ts";
import { JSON_FLAG, type Subcommand } from "./subcommand.ts";

const HEAD = ["FUNCTION", "PRIORITY", "WAITING", "DELAYED", "DEAD"];

const jobTable = ({ jobs }: Findings): string =>
  aligned(
    HEAD,
    jobs.map((job) => [
      job.function ?? `base64:${job.functionBase64}`,
      job.priority,
      job.waiting,
      job.delayed,
      job.dead,
    ]),
  );

/** What a damaged row says of itself, if anything. */
const claims = ({ handle, function: fn }: JobLine): string =>
  handle === undefined ? "" : `; as far as it can be read: ${printable(`${handle}, function ${fn}`)}`;

const verdict = (directory: string, { sound, format, total }: Findings): string => {
  const jobs = total.waiting + total.delayed;
  return `${directory}: ${sound ? "sound" : "DAMAGED"}, format ${format}; ${counted(jobs, "job")} to run, ${total.dead} dead, ${counted(total.damaged, "damaged row")}\n`;
};

const files = ({ bytes: { database, log, free, ballast } }: Findings): string =>
  `database ${sizeText(database)}, of that free ${sizeText(free)}; log ${sizeText(log)}; ballast ${sizeText(ballast)}\n`;

const damageOf = (directory: string, { sound, damaged, problems }: Findings): string => {
  if (sound) return "";
  const rows = damaged.map((line) => `damaged: row ${line.row}: ${line["why"]}${claims(line)}\n`);
  const remedy = `gearmand-ts store salvage ${directory} NEWDIR copies all that is whole into a new directory`;
  return [...rows, ...problems.map((problem) => `damaged: ${problem}\n`), `${remedy}\n`].join("");
};

const forPeople = (directory: string, findings: Findings): string =>
  [
    verdict(directory, findings),
    findings.jobs.length > 0 ? jobTable(findings) : "",
    files(findings),
    damageOf(directory, findings),
  ].join("");

export const CHECK: Subcommand = {
  directories: ["DIR"],
  summary: "Count the jobs, and see whether all of them and the file are whole.",
  flags: JSON_FLAG,
  run: async (directories, { json }, { outlet, bars }) => {
    const [directory = ""] = directories;
    const view = openView(directory);
    try {
      const step = counter(bars, "jobs", bars && view.format > 0 ? countRows(view.db) : 0);
      const findings = await drive(check(directory, view, Date.now() / 1000), step);
      await outlet.data(json ? printedLine(findings) : forPeople(directory, findings));
      return findings.sound ? "sound" : "damaged";
    } finally {
      view.close();
    }
  },
};
