import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareBy, SORT_NAMES } from "../../src/cli/gearadmin/top/columns.ts";
import { layout, plainLayout } from "../../src/cli/gearadmin/top/layout.ts";
import { functionRows, type ServerView, secondsToEmpty } from "../../src/cli/gearadmin/top/rows.ts";
import { frame } from "../../src/cli/gearadmin/top/screen.ts";
import { type History, netRate, remember, slowRate } from "../../src/cli/gearadmin/top/snapshots.ts";
import { keysIn, press } from "../../src/cli/gearadmin/top/view.ts";
import { columnsOf } from "../../src/lib/terminal-text.ts";
import { look, model, up, VIEW } from "./top-model.ts";

describe("rates", () => {
  it("are what a function's total grew by, a second: since the last look, and over a minute", () => {
    const history = [look(10, { f: [30, 2, 2] }), look(8, { f: [40, 2, 2] }), look(0, { f: [10, 0, 0] })];
    expect([netRate("f", history), slowRate("f", history)]).toEqual([-5, 2]);
  });

  it("are not known after one look, and count a function that was not there as empty", () => {
    expect(netRate("f", [look(1, { f: [5, 0, 0] })])).toBeUndefined();
    expect(slowRate("f", [look(1, { f: [5, 0, 0] })])).toBeUndefined();
    expect(netRate("new", [look(2, { new: [5, 0, 0] }), look(1, {})])).toBe(5);
    expect(netRate("gone", [look(2, {}), look(1, { gone: [5, 0, 0] })])).toBe(-5);
  });

  it.each([0.1, 0.5, 1, 2, 7, 100])("need few looks however often is looked: every %d s", (interval) => {
    let history: History = [];
    for (let second = 0; second < 400; second += interval) history = remember(history, look(second, {}));
    const [now, last] = history;
    expect((now?.at ?? 0) - (last?.at ?? 0)).toBeCloseTo(interval * 1000);
    expect(history.length).toBeLessThanOrEqual(20);
    const reach = ((now?.at ?? 0) - (history.at(-1)?.at ?? 0)) / 1000;
    expect(reach).toBeLessThanOrEqual(Math.max(60, interval) + 0.001);
    expect(reach).toBeGreaterThan(Math.max(50 - interval, interval - 0.001));
  });
});

describe("the functions of several servers", () => {
  const servers = [
    up("a:1", look(10, { f: [5, 1, 1], only: [1, 0, 0] }), look(8, { f: [3, 1, 1] })),
    up("b:2", look(10, { f: [7, 2, 3] }), look(8, { f: [17, 2, 3] })),
  ];

  it("merged: sums", () => {
    expect(functionRows(servers, true).find(({ name }) => name === "f")).toEqual({
      name: "f",
      server: "",
      total: 12,
      queued: 9,
      running: 3,
      workers: 4,
      net: -4,
      slow: -4,
    });
  });

  it("apart: a row for each", () => {
    expect(functionRows(servers, false).map(({ name, server, queued }) => [name, server, queued])).toEqual([
      ["f", "a:1", 4],
      ["only", "a:1", 1],
      ["f", "b:2", 5],
    ]);
  });

  it("are empty at the rate of the last minute, if they shrink", () => {
    const [f, only] = functionRows(servers, true);
    expect(f && secondsToEmpty(f)).toBe(3);
    expect(only && secondsToEmpty(only)).toBeUndefined();
  });

  it("are sorted by each column, numbers downwards, what is not known last, and the other way round", () => {
    const rows = functionRows(
      [up("a:1", look(10, { x: [1, 1, 9], y: [9, 0, 0], z: [5, 0, 1] }), look(9, { x: [1, 1, 9], y: [10, 0, 0] }))],
      true,
    );
    const order = (sort: (typeof SORT_NAMES)[number], reversed = false) =>
      [...rows]
        .sort(compareBy(sort, reversed))
        .map(({ name }) => name)
        .join("");
    const expected = {
      function: "xyz",
      server: "xyz",
      queued: "yzx",
      running: "xyz",
      workers: "xzy",
      net: "zxy",
      minute: "zxy",
      empty: "yxz",
    };
    expect(Object.fromEntries(SORT_NAMES.map((name) => [name, order(name)]))).toEqual(expected);
    expect([order("queued", true), order("empty", true), order("function", true)]).toEqual(["xzy", "yxz", "zyx"]);
  });
});

describe("keys", () => {
  it("are told apart in what a terminal sends at once", () => {
    expect(keysIn("q\x1b[A\x1bOB\x1b[5~é\x1b")).toEqual(["q", "\x1b[A", "\x1bOB", "\x1b[5~", "é", "\x1b"]);
  });

  it.each([
    ["q", "quit"],
    ["\x03", "quit"],
    ["\x1a", "suspend"],
    [" ", "look"],
    ["?", "nothing"],
    ["\x1b", "nothing"],
    ["u", { ...VIEW, reversed: true }],
    ["r", { ...VIEW, sort: "running" }],
    ["v", { ...VIEW, reversed: true }],
    ["a", { ...VIEW, merged: false }],
    ["\x1b[C", { ...VIEW, sort: "running" }],
    ["\x1b[D", { ...VIEW, sort: "function" }],
    ["\x1b[B", { ...VIEW, offset: 1 }],
    ["\x1b[A", VIEW],
    ["\x1b[6~", { ...VIEW, offset: 4 }],
  ] as const)("%j: %j", (key, act) => expect(press(VIEW, key, 5)).toEqual(act));

  it("sort by servers only where they are apart", () => {
    const left = (merged: boolean) => press({ ...VIEW, merged }, "<", 5);
    expect([left(true), left(false)]).toEqual([
      { ...VIEW, sort: "function" },
      { ...VIEW, merged: false, sort: "server" },
    ]);
  });
});

const SERVERS: readonly ServerView[] = [
  up(
    "a:4730",
    look(10, { mail: [1200, 4, 4], resize: [30, 8, 8], nobody: [3, 0, 0] }),
    look(8, { mail: [1180, 4, 4], resize: [41, 8, 8], nobody: [3, 0, 0] }),
  ),
  { name: "b:4730", state: "down", why: "connect ECONNREFUSED 10.0.0.2:4730", history: [] },
  { name: "c:4730", state: "connecting", history: [] },
];

describe("the screen", () => {
  it("shows servers, functions by what is chosen, and keys", () => {
    const lines = layout(model(SERVERS), { columns: 90, rows: 12 });
    expect(lines.map(({ text }) => text.trimEnd())).toEqual([
      "gearadmin-ts top  12:34:56  every 2 s  1221 queued, 12 running",
      "a:4730  up, 3 functions, 1221 queued, 12 running",
      "b:4730  DOWN, is tried again: connect ECONNREFUSED 10.0.0.2:4730",
      "c:4730  connecting",
      "",
      "FUNCTION   QUEUED*   RUNNING   WORKERS   NET/S   NET/S 1MIN   EMPTY IN",
      "mail          1196         4         4     +10          +10          -",
      "resize          22         8         8    -5.5         -5.5         6s",
      "nobody           3         0         0       0            0          -",
      "",
      "",
      "q quit  <- -> sort  v reverse  a apart  space look now  sort by f s u r w n m e",
    ]);
    expect(lines.map(({ look: stands }) => stands)).toEqual([
      "title",
      undefined,
      "bad",
      "dim",
      undefined,
      "head",
      "warning",
      undefined,
      "bad",
      undefined,
      undefined,
      "dim",
    ]);
  });

  it("shows the keys that fit, and cuts none of them", () => {
    const keys = (columns: number) => layout(model(SERVERS), { columns, rows: 12 }).at(-1)?.text.trim();
    expect(keys(160)).toMatch(/ {2}a servers apart .*: f function, .*, e empty$/);
    expect(keys(80)).toBe("q quit  <- -> sort  v reverse  a apart  space look now  sort by f s u r w n m e");
    expect([keys(78), keys(28)]).toEqual(["q quit  <- -> sort  v reverse", "q quit"]);
  });

  it("leaves columns out on a narrow terminal, and cuts names last", () => {
    const heads = [60, 45, 36, 30].map((columns) => layout(model(SERVERS), { columns, rows: 12 })[5]?.text.trim());
    expect(heads).toEqual([
      "FUNCTION   QUEUED*   RUNNING   WORKERS   NET/S   EMPTY IN",
      "FUNCTION   QUEUED*   RUNNING   WORKERS",
      "FUNCTION   QUEUED*   RUNNING",
      "FUNCTION   QUEUED*",
    ]);
    const long = [up("a:1", look(10, { ["n".repeat(50)]: [1, 0, 0] }))];
    expect(layout(model(long), { columns: 30, rows: 12 })[4]?.text).toBe(`${"n".repeat(20)}~        1`);
  });

  it("keeps most of its lines for functions: of many servers it shows those in trouble", () => {
    const many = Array.from({ length: 30 }, (_, index) => up(`s${index}:1`, look(10, {})));
    const servers = [...many, ...SERVERS.slice(1)];
    const lines = layout(model(servers), { columns: 90, rows: 12 }).map(({ text }) => text);
    expect(lines.slice(1, 6)).toEqual([
      "b:4730  DOWN, is tried again: connect ECONNREFUSED 10.0.0.2:4730",
      "c:4730  connecting",
      "s0:1  up, 0 functions, 0 queued, 0 running",
      "and 29 more servers, up",
      "",
    ]);
  });

  it("says when a server has been silent for long", () => {
    const [, line] = layout(model([up("a:1", look(3, {}))]), { columns: 90, rows: 12 });
    expect(line).toEqual({ text: "a:1  up, 0 functions, 0 queued, 0 running, silent for 7 s", look: "warning" });
  });

  it("scrolls, but not beyond its last row", () => {
    const functions = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`f${index}`, [20 - index, 0, 0] as const]),
    );
    const names = (offset: number) =>
      layout(model([up("a:1", look(10, functions))], { offset }), { columns: 80, rows: 10 })
        .slice(4, -1)
        .map(({ text }) => text.split(" ")[0]);
    expect(names(0)).toEqual(["f0", "f1", "f2", "f3", "f4"]);
    expect(names(3)).toEqual(["f3", "f4", "f5", "f6", "f7"]);
    expect(names(99)).toEqual(["f15", "f16", "f17", "f18", "f19"]);
  });

  it("never has more lines or columns than the terminal, nor a control byte, whatever the names are", () => {
    const name = fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }),
      fc.constantFrom("日本語の名前", "\x1b[2J", "e\u0301".repeat(20)),
    );
    const bytes = name.map((text) => Buffer.from(text, "utf8").toString("latin1"));
    const anyView = fc.record({
      sort: fc.constantFrom(...SORT_NAMES),
      reversed: fc.boolean(),
      merged: fc.boolean(),
      offset: fc.nat(30),
    });
    fc.assert(
      fc.property(
        fc.array(bytes),
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 1, max: 30 }),
        anyView,
        (names, columns, rows, view) => {
          const functions = Object.fromEntries(names.map((each) => [each, [3, 1, 1] as const]));
          const lines = layout(model([up("a:1", look(10, functions)), ...SERVERS], view), { columns, rows });
          expect(lines.length).toBe(rows);
          for (const { text } of lines) {
            expect(columnsOf(text)).toBeLessThanOrEqual(columns);
            expect(text).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
          }
        },
      ),
    );
  });

  it("is drawn over what was there, in colour or without", () => {
    const lines = [{ text: "a", look: "bad" }, { text: "b", look: "head" }, { text: "c" }] as const;
    expect(frame(lines, true)).toBe("\x1b[H\x1b[31ma\x1b[0m\x1b[K\r\n\x1b[7mb\x1b[0m\x1b[K\r\nc\x1b[K\x1b[J");
    expect(frame(lines, false)).toBe("\x1b[Ha\x1b[K\r\n\x1b[7mb\x1b[0m\x1b[K\r\nc\x1b[K\x1b[J");
  });
});

describe("--once", () => {
  it("prints all functions, as wide as they are, and no keys", () => {
    const functions = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`f${index}`, [1, 0, 0] as const]));
    const lines = plainLayout(model([up("a:1", look(10, functions))])).split("\n");
    expect(lines.length).toBe(204);
    expect(lines.slice(0, 3)).toEqual([
      "a:1  up, 200 functions, 200 queued, 0 running",
      "",
      "FUNCTION   QUEUED*   RUNNING   WORKERS   NET/S   NET/S 1MIN   EMPTY IN",
    ]);
  });
});
