import { describe, expect, it } from "vitest";
import type { Submitted, TortureRecord } from "./records.ts";
import { Renamer } from "./renamer.ts";

const LIFE: TortureRecord = { what: "life", workers: 4 };
const LOOK = { function: "f", unique: "", reducer: "" };
const acknowledged = (id: number, handle: string, more: Partial<Submitted> = {}): TortureRecord[] => [
  {
    what: "submitted",
    id,
    connection: 1,
    background: true,
    priority: "normal",
    epoch: 0,
    workload: `${id}`,
    ...LOOK,
    ...more,
  },
  { what: "acknowledged", id, handle },
];
const assigned = (handle: string, workload: string, unique = ""): TortureRecord => {
  return { what: "assigned", connection: 2, handle, at: 1, ...LOOK, workload, unique };
};
const completed = (handle: string): TortureRecord => {
  return { what: "completed", connection: 2, handle, packet: "WORK_COMPLETE" };
};

/** The handles that come out, in order. */
function names(...records: TortureRecord[]): string[] {
  const renamer = new Renamer();
  return records
    .map((record) => renamer.rename(record))
    .flatMap((record) => ("handle" in record ? [record.handle] : []));
}

describe("the renamer", () => {
  it("tells jobs of two daemons apart that have one handle", () => {
    const [first, second] = names(...acknowledged(1, "H:a:1"), LIFE, ...acknowledged(2, "H:a:1"));
    expect(first).not.toBe(second);
  });

  it("knows a job again that the next daemon names otherwise", () => {
    const [first, other, again, end] = names(
      ...acknowledged(1, "H:a:1"),
      ...acknowledged(2, "H:a:2"),
      LIFE,
      assigned("H:a:2", "1"),
      completed("H:a:2"),
    );
    expect([again, end]).toEqual([first, first]);
    expect(other).not.toBe(first);
  });

  it("knows a job again that was joined after a crash", () => {
    const shared = { unique: "u" };
    const [first, join, run] = names(
      ...acknowledged(1, "H:a:1", shared),
      LIFE,
      ...acknowledged(2, "H:a:7", shared),
      assigned("H:a:7", "1", "u"),
    );
    expect([join, run]).toEqual([first, first]);
  });

  it("takes a job whose unique was used before for a new one", () => {
    const shared = { unique: "u" };
    const run = [...acknowledged(1, "H:a:1", shared), assigned("H:a:1", "1", "u"), completed("H:a:1")];
    const [first, , , second] = names(...run, LIFE, ...acknowledged(2, "H:a:1", shared));
    expect(second).not.toBe(first);
  });

  it("knows a job again whose end was undone, if no other looks like that", () => {
    const [first, , , again] = names(
      ...acknowledged(1, "H:a:1"),
      assigned("H:a:1", "1"),
      completed("H:a:1"),
      LIFE,
      assigned("H:a:3", "1"),
    );
    expect(again).toBe(first);
  });
});
