import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { PAGES } from "../support/docs/pages.ts";

it.each(Object.entries(PAGES))("docs/%s is what `npm run docs` writes", (name, page) => {
  expect(readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8")).toBe(page());
});
