import { layout } from "../../../src/cli/gearadmin/top/layout.ts";
import type { Line } from "../../../src/cli/gearadmin/top/model.ts";
import type { ServerView } from "../../../src/cli/gearadmin/top/rows.ts";
import { look, model, up } from "../../gearadmin/top-model.ts";

const SIZE = { columns: 92, rows: 15 };
const [LETTER, LINE_HEIGHT, MARGIN] = [8.43, 19, 14];

/** A small fleet: one server down, a queue that grows, one that shrinks, one that nobody serves. */
const SERVERS: readonly ServerView[] = [
  up(
    "queue-a:4730",
    look(60, { resize: [812, 16, 16], mail: [37, 4, 4], index: [1450, 8, 8], report: [3, 0, 0], ping: [0, 0, 6] }),
    look(58, { resize: [790, 16, 16], mail: [39, 4, 4], index: [1478, 8, 8], report: [3, 0, 0], ping: [1, 1, 6] }),
    look(5, { resize: [440, 16, 16], mail: [40, 4, 4], index: [2110, 8, 8], report: [2, 0, 0], ping: [0, 0, 6] }),
  ),
  up(
    "queue-b:4730",
    look(60, { resize: [655, 16, 16], mail: [12, 4, 4], ping: [0, 0, 6] }),
    look(58, { resize: [640, 16, 16], mail: [11, 4, 4], ping: [0, 0, 6] }),
    look(5, { resize: [398, 16, 16], mail: [12, 4, 4], ping: [1, 0, 6] }),
  ),
  { name: "queue-c:4730", state: "down", why: "connect ECONNREFUSED 10.0.0.3:4730", history: [] },
];

const FILLS: Readonly<Record<NonNullable<Line["look"]>, string>> = {
  title: "#ffffff",
  head: "#1e1e2e",
  warning: "#e5c07b",
  bad: "#ff6b6b",
  dim: "#8b8fa3",
};

const entities = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const drawn = ({ text: padded, look: stands }: Line, index: number): string => {
  const text = padded.trimEnd();
  const y = MARGIN + index * LINE_HEIGHT;
  const bar = `<rect x="${MARGIN}" y="${y}" width="${SIZE.columns * LETTER}" height="${LINE_HEIGHT}" fill="#d8dee9"/>`;
  const weight = stands === "title" ? ' font-weight="bold"' : "";
  const fill = stands === undefined ? "#d8dee9" : FILLS[stands];
  const length = (text.length * LETTER).toFixed(1);
  const words = `<text x="${MARGIN}" y="${y + 14}" fill="${fill}"${weight} textLength="${length}">${entities(text)}</text>`;
  return text === "" ? "" : `${stands === "head" ? bar : ""}${words}\n`;
};

/** docs/gearadmin-top.svg: what `gearadmin-ts top` draws, by its own layout. */
export const topPicture = (): string => {
  const [width, height] = [SIZE.columns * LETTER + 2 * MARGIN, SIZE.rows * LINE_HEIGHT + 2 * MARGIN];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width.toFixed(0)} ${height}" role="img" aria-label="gearadmin-ts top">\n`,
    "<!-- Made by test/support/docs/top-picture.ts with `npm run docs`; don't edit. -->\n",
    `<rect width="100%" height="100%" rx="8" fill="#1e1e2e"/>\n`,
    `<g font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" xml:space="preserve">\n`,
    ...layout({ ...model(SERVERS), now: 60_000 }, SIZE).map(drawn),
    "</g>\n</svg>\n",
  ].join("");
};
