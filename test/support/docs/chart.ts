/** What the charts of measurements have in common. */

export const [AXIS, OURS, OTHER, MARGIN] = ["#8b8fa3", "#3b82c4", "#e0913a", 16];
const [TEXT, PAPER] = ["#1e1e2e", "#ffffff"];

export const text = (x: number, y: number, words: string, rest = ""): string =>
  `<text x="${x.toFixed(1)}" y="${y}" ${rest}>${words}</text>`;

export const key = (x: number, fill: string, words: string): string =>
  `<rect x="${x}" y="${MARGIN - 8}" width="12" height="12" fill="${fill}"/>${text(x + 17, MARGIN + 2, words)}\n`;

/** @param source which file of test/support/docs draws it */
export const chart = (width: number, height: number, label: string, source: string, parts: readonly string[]): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">\n`,
    `<!-- Made by test/support/docs/${source} with \`npm run docs\`; don't edit. -->\n`,
    `<rect width="100%" height="100%" rx="8" fill="${PAPER}"/>\n`,
    `<g font-family="system-ui, 'DejaVu Sans', sans-serif" font-size="13" fill="${TEXT}">\n`,
    ...parts,
    "</g>\n</svg>\n",
  ].join("");
