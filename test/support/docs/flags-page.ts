import type { Flag, Group } from "../../../src/cli/flags/flag.ts";
import { FLAG_LIST, type FlagName } from "../../../src/cli/flags/table.ts";
import { LEVELS } from "../../../src/cli/log-levels.ts";

const GROUPS: readonly Group[] = ["General", "Network", "TLS", "Jobs", "Log", "Limits", "Queue types"];

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");

const nameCell = (name: FlagName, { short, argument }: Flag): string => {
  const forms = name === short ? [`-${short}`] : [short ? `-${short}` : "", `--${name}`].filter(Boolean);
  return `\`${forms.join("`, `")}${argument ? ` ${argument}` : ""}\``;
};

const kind = ({ ignored, refused, ours }: Flag): string => {
  if (refused) return `**Refused**: ${refused}.`;
  if (ignored) return `**Accepted without effect**: ${ignored}.`;
  return ours ? "*Not in gearmand.*" : "";
};

const row = ([name, flag]: readonly [FlagName, Flag]): string => {
  const { help, more = "", default: value = "", environment, repeatable } = flag;
  const variable = environment ? `Environment: \`${environment}\`.` : "";
  const often = repeatable ? "May be given several times." : "";
  const meaning = [help, more, often, variable, kind(flag)].filter(Boolean).join(" ");
  return `| ${nameCell(name, flag)} | ${cell(value)} | ${cell(meaning)} |`;
};

const section = (group: Group): string =>
  [
    `## ${group}\n`,
    "| Flag | Default | Meaning |",
    "|---|---|---|",
    ...FLAG_LIST.filter(([, flag]) => flag.group === group).map(row),
    "",
  ].join("\n");

const levels = (): string =>
  [
    "## Log levels\n",
    "What `--verbose` shows. Lines about start and stop are always shown.\n",
    "| Level of gearmand | Shows in the log from |",
    "|---|---|",
    ...Object.entries(LEVELS).map(([name, level]) => `| ${name} | \`${level}\` |`),
    "",
  ].join("\n");

const INTRODUCTION = `# Flags

<!-- Made from src/cli/flags by \`npm run docs\`; don't edit. -->

All flags of gearmand 1.1.20 and 2.0 are here, with gearmand's short forms, defaults and error texts. No abbreviations; a flag given twice is
an error. A wrong flag: \`gearmand-ts: message\` on stderr, exit 1. Sizes are bytes, or with K, M, G; times are milliseconds, or with s.
`;

/** docs/flags.md */
export const flagsPage = (): string => [INTRODUCTION, ...GROUPS.map(section), levels()].join("\n");
