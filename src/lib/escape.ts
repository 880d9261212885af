const CONTROL = /[\x00-\x1f\x7f]/g;
const CONTROL_OR_SPACE = /[\x00-\x20\x7f]/g;
/** A backslash that would be read as the beginning of an escape. */
const LOOKALIKE = /\\(?=x[0-9a-fA-F]{2})/g;
/** What may have to be escaped. Most names have none of it, and one look costs less than two replacements. */
const SPECIAL = /[\x00-\x20\x7f\\]/;

const hex = (character: string): string => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;

/** Writes control bytes as `\xNN`, so that a name can forge neither a row nor a log line. Reversible: a literal `\xNN` is escaped too. */
export function escapeControls(text: string): string {
  return SPECIAL.test(text) ? text.replace(LOOKALIKE, "\\x5c").replace(CONTROL, hex) : text;
}

/** The same, spaces too: for rows whose columns are parted by spaces. */
export function escapeBlanks(text: string): string {
  return SPECIAL.test(text) ? text.replace(LOOKALIKE, "\\x5c").replace(CONTROL_OR_SPACE, hex) : text;
}
