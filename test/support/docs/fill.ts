import { readFileSync } from "node:fs";

/** A page of docs/ as it should be: its tables, each between `<!-- table: NAME -->` and `<!-- end -->`, made anew. */
export const fill = (page: string, tables: Readonly<Record<string, () => string>>): string => {
  const text = readFileSync(new URL(`../../../docs/${page}`, import.meta.url), "utf8");
  return text.replace(/(<!-- table: (\S+) -->\n)[\s\S]*?(<!-- end -->)/g, (_whole, begin, name, end) => {
    const make = tables[name];
    if (make === undefined) throw new Error(`docs/${page} has a table that nothing makes: ${name}`);
    return `${begin}\n${make()}\n${end}`;
  });
};

/** Rows of cells as a Markdown table. */
export const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map(markdownRow).join("");

export const markdownRow = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |\n`;

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
