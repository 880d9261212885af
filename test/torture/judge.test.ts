import { describe, expect, it } from "vitest";
import { Judge } from "./judge.ts";
import {
  ALONE,
  assigned,
  barrier,
  DRAINED,
  done,
  judge,
  LIFE,
  passed,
  queued,
  refused,
  SHARED,
  submitted,
} from "./testimony.ts";

describe("the judge of the torture", () => {
  it("does not call a job lost while the queue is not empty", () => {
    const it = new Judge();
    for (const record of [LIFE, ...queued(1, "H:a:1")]) it.add(record);
    expect(it.verdict().violations).toEqual({});
    it.add(DRAINED);
    expect(it.verdict().violations).toEqual({ lost: 1 });
  });

  it("counts", () => {
    const shared = [...queued(1, "H:a:1", SHARED), ...queued(2, "H:a:1", SHARED), ...done("H:a:1", SHARED)];
    const others = [...queued(3, "H:a:2"), ...queued(4, "H:a:3"), assigned("H:a:2", { connection: 3 })];
    const next = [ALONE, ...done("H:a:1", SHARED), ...done("H:a:2"), ...done("H:a:3"), barrier(5), passed(5)];
    const end = [barrier(8), passed(8)];
    expect(judge(...shared, ...others, submitted(6), submitted(7), refused(7), ...next, ...end)).toEqual({
      lives: 2,
      submitted: 6,
      acknowledged: 4,
      joined: 1,
      refused: 1,
      assigned: 5,
      completed: 4,
      durable: 3,
      repeated: 1,
      retried: 1,
      recovered: 1,
      ordered: 0,
      unknown: 1,
      violations: {},
      examples: [],
    });
  });

  it("knows handles apart over many daemons", () => {
    const many = Array.from({ length: 300 }, (_, nth) => `H:a:${nth * 70_000 + 1}`);
    const lives = many.flatMap((handle, id) => [
      LIFE,
      ...queued(id, handle),
      ...done(handle),
      barrier(id + 1000),
      passed(id + 1000),
    ]);
    const [first = ""] = many;
    expect(judge(...lives).violations).toEqual({});
    expect(judge(...lives, LIFE, assigned(first)).violations).toEqual({ again: 1 });
  });
});
