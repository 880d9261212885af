/** Text that others chose, on a terminal: none of its bytes may move the cursor, and columns stand under each other. */

/** C0, DEL, C1, line separators, and what turns the direction of writing. */
const ACTIVE = /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const MARK = /\p{M}/u;

const escaped = (character: string): string => {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16)}`;
};

/** With each character that a terminal would act on as `\xNN` or `\uNNNN`. */
export const printable = (text: string): string => text.replace(ACTIVE, escaped);

const widthOf = (character: string): number => {
  if (MARK.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
};

/** How many columns it takes. */
export const columnsOf = (text: string): number => {
  let columns = 0;
  for (const character of text) columns += widthOf(character);
  return columns;
};

/** Cut to so many columns, with `~` where something is missing. */
export const cut = (text: string, most: number): string => {
  if (columnsOf(text) <= most) return text;
  let [kept, columns] = ["", 0];
  for (const character of text) {
    columns += widthOf(character);
    if (columns > most - 1) break;
    kept += character;
  }
  return most > 0 ? `${kept}~` : "";
};

/** Filled up with spaces on its right, or on its left. */
export const pad = (text: string, columns: number, side: "left" | "right" = "right"): string => {
  const spaces = " ".repeat(Math.max(0, columns - columnsOf(text)));
  return side === "right" ? text + spaces : spaces + text;
};
