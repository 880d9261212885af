import { describe, expect, it } from "vitest";
import { ERRORS } from "../../src/protocol/errors.ts";

describe.each(Object.entries(ERRORS))("error %s", (_name, { code, text, then, when }) => {
  it("can be sent: a word and a text without NUL or control bytes", () => {
    expect(code).toMatch(/^[A-Z_]+$/);
    expect(text).toMatch(/^[\x20-\x7e]+$/);
  });

  it("says when it is sent, and what happens next", () => {
    expect(when).not.toBe("");
    expect(["reply", "close"]).toContain(then);
  });
});
