import { printable } from "../../lib/terminal-text.ts";
import { check, type Findings } from "../../store/tools/check.ts";
import { type JobLine, printedLine } from "../../store/tools/job-line.ts";
import { remedyFor } from "../../store/tools/view.ts";
import { drive } from "./drive.ts";
import { looking } from "./look.ts";
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
  if (sound && format === 0) return `${directory}: empty: no server has used it yet\n`;
  const jobs = total.waiting + total.delayed;
  return `${directory}: ${sound ? "sound" : "DAMAGED"}, format ${format}; ${counted(jobs, "job")} to run, ${total.dead} dead, ${counted(total.damaged, "damaged row")}\n`;
};

const files = ({ bytes: { database, log, free, ballast } }: Findings): string =>
  `database ${sizeText(database)}, of that free ${sizeText(free)}; log ${sizeText(log)}; ballast ${sizeText(ballast)}\n`;

/** Where reading has ended, counting has, too. */
const remedyOf = (directory: string, { format, problems }: Findings): string => {
  if (format === 0) return "";
  return `${remedyFor(directory)}${problems.length > 0 ? "; it may find more jobs than are counted here" : ""}\n`;
};

const damageOf = (directory: string, findings: Findings): string => {
  const { sound, damaged, problems } = findings;
  if (sound) return "";
  const rows = damaged.map((line) => `damaged: row ${line.row}: ${line["why"]}${claims(line)}\n`);
  return [...rows, ...problems.map((problem) => `damaged: ${problem}\n`), remedyOf(directory, findings)].join("");
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
  run: (directories, { json }, screen) =>
    looking(directories, screen, async ({ directory, view, now, step }) => {
      const findings = await drive(check(directory, view, now), step);
      await screen.outlet.data(json ? printedLine(findings) : forPeople(directory, findings));
      return findings.sound ? "sound" : "damaged";
    }),
};
