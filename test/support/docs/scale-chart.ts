import { readResults } from "../../../bench/results.ts";
import { median, type Row } from "../../../bench/rows.ts";
import { AXIS, chart, key, MARGIN, OTHER, OURS, text } from "./chart.ts";

const [WIDTH, HEIGHT, LEFT, GAP, COLUMNS] = [300, 150, 60, 60, 2];

/** A row of docs/performance.json that is a point of a curve. */
type Point = Row & { readonly at: number };

const isThroughput = (row: Row): row is Point => row.at !== undefined && row.unit === "jobs/s";

/** Where a panel's points are: the axis of what grows is logarithmic, that of jobs a second begins at 0. */
class Panel {
  readonly #points: readonly Point[];
  readonly #left: number;
  readonly #top: number;
  readonly #decades: number;
  readonly #least: number;
  readonly #most: number;

  constructor(points: readonly Point[], index: number) {
    this.#points = points;
    this.#left = LEFT + (index % COLUMNS) * (WIDTH + GAP);
    this.#top = 3 * MARGIN + 12 + Math.floor(index / COLUMNS) * (HEIGHT + GAP);
    this.#least = Math.min(...points.map(({ at }) => at));
    this.#decades = Math.log10(Math.max(...points.map(({ at }) => at)) / this.#least);
    this.#most = Math.max(...points.map(({ values }) => median(values)));
  }

  draw(): string {
    const [right, bottom] = [this.#left + WIDTH, this.#top + HEIGHT];
    const title = `jobs/s by ${this.#points[0]?.measure}`;
    return [
      text(this.#left, this.#top - 10, title, 'font-weight="bold"'),
      `<path d="M${this.#left} ${this.#top}V${bottom}H${right}" fill="none" stroke="${AXIS}"/>`,
      text(this.#left - 5, this.#top + 10, short(this.#most), `text-anchor="end" fill="${AXIS}" font-size="11"`),
      text(this.#left - 5, bottom, "0", `text-anchor="end" fill="${AXIS}" font-size="11"`),
      ...[...new Set(this.#points.map(({ at }) => at))].map((at) => this.#tick(at)),
      ...[...new Set(this.#points.map(({ of }) => of))].map((of) => this.#line(of)),
      "",
    ].join("\n");
  }

  #tick(at: number): string {
    const style = `text-anchor="middle" fill="${AXIS}" font-size="11"`;
    return text(this.#x(at), this.#top + HEIGHT + 15, short(at), style);
  }

  #line(of: string): string {
    const points = this.#points.filter((point) => point.of === of);
    const places = points.map(({ at, values }) => [this.#x(at).toFixed(1), this.#y(median(values)).toFixed(1)]);
    const colour = colourOf(of);
    const dots = places.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3" fill="${colour}"/>`).join("");
    return `<polyline points="${places.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>${dots}`;
  }

  #x(at: number): number {
    return this.#left + (this.#decades === 0 ? 0 : Math.log10(at / this.#least) / this.#decades) * WIDTH;
  }

  #y(perSecond: number): number {
    return this.#top + HEIGHT * (1 - perSecond / this.#most);
  }
}

const short = (value: number): string =>
  value.toLocaleString("en", { notation: "compact", maximumSignificantDigits: 3 });

const colourOf = (name: string): string => (name === "gearmand-ts" ? OURS : OTHER);

/** docs/performance-scale.svg: throughput by what grows, a panel for each. */
export const scaleChart = (): string => {
  const points = (readResults().scale?.figures["curves"] ?? []).filter(isThroughput);
  const panels = [...new Set(points.map(({ measure }) => measure))].map(
    (axis, index) =>
      new Panel(
        points.filter(({ measure }) => measure === axis),
        index,
      ),
  );
  const names = [...new Set(points.map(({ of }) => of))];
  const rows = Math.ceil(panels.length / COLUMNS);
  const [width, height] = [LEFT + COLUMNS * (WIDTH + GAP), 3 * MARGIN + 12 + rows * (HEIGHT + GAP)];
  return chart(width, height, "jobs a second by what grows", "scale-chart.ts", [
    ...names.map((name, index) => key(LEFT + index * WIDTH, colourOf(name), name)),
    ...panels.map((panel) => panel.draw()),
  ]);
};
