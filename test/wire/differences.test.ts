import { describe, expect, it } from "vitest";
import { DIFFERENCES } from "./differences.ts";
import { transcripts } from "./suite.ts";

describe("the list of differences", () => {
  const shown = new Map(transcripts().map(({ file, scenarios }) => [file, scenarios.flatMap((s) => s.differences)]));

  it("names each difference once", () => {
    const ids = DIFFERENCES.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  it.each(DIFFERENCES)("shows $id in $transcript", ({ id, transcript }) => {
    expect(shown.get(transcript)).toContain(id);
  });

  it("has every difference that a transcript shows", () => {
    const unknown = [...shown.values()].flat().filter((id) => !DIFFERENCES.some((difference) => difference.id === id));
    expect(unknown).toEqual([]);
  });
});
