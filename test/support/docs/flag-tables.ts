import { type Flag, type FlagTable, rowsOf } from "../../../src/cli/flags/flag.ts";
import { markdownTable } from "./fill.ts";

const nameCell = (name: string, { short, argument }: Flag): string => {
  const forms = name === short ? [`-${short}`] : [short ? `-${short}` : "", `--${name}`].filter(Boolean);
  return `\`${forms.join("`, `")}${argument ? ` ${argument}` : ""}\``;
};

const kind = ({ ignored, refused, ours }: Flag, original: string): string => {
  if (refused) return `**Refused**: ${refused}.`;
  if (ignored) return `**Accepted without effect**: ${ignored}.`;
  return ours ? `*Not in ${original}.*` : "";
};

const cells = (name: string, flag: Flag, original: string): readonly string[] => {
  const { help, more = "", default: value = "", environment, repeatable } = flag;
  const variable = environment ? `Environment: \`${environment}\`.` : "";
  const often = repeatable ? "May be given several times." : "";
  const meaning = [help, more, often, variable, kind(flag, original)].filter(Boolean).join(" ");
  return [nameCell(name, flag), value, meaning];
};

/** The flags of a program, a section for each group under such a heading; `original` is the C program that it stands for. */
export const flagTables = (table: FlagTable, original: string, heading = "##"): string => {
  const rows = rowsOf(table);
  const groups = [...new Set(rows.map(([, { group }]) => group))];
  const section = (group: string): string => {
    const members = rows.filter(([, flag]) => flag.group === group);
    const lines = members.map(([name, flag]) => cells(name, flag, original));
    return `${heading} ${group}\n\n${markdownTable(["Flag", "Default", "Meaning"], lines)}`;
  };
  return groups.map(section).join("\n");
};
