import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { builtProgram } from "../support/built.ts";
import { Folder } from "../support/folder.ts";
import type { Command } from "../support/interop-programs.ts";
import type { Server } from "../support/interop-servers.ts";

const ROOT = new URL("../..", import.meta.url).pathname;

/** A program of a page. */
export interface Snippet {
  /** The heading above it, as a file's name, with a number if there are several. */
  readonly name: string;
  readonly code: string;
  /** What its comments say that it prints. */
  readonly prints: readonly string[];
}

export const readPage = (page: string): string => readFileSync(ROOT + page, "utf8");

/** All TypeScript of a page, by name. */
export function snippetsOf(page: string): ReadonlyMap<string, Snippet> {
  const snippets = new Map<string, Snippet>();
  for (const section of readPage(page).split(/^#+ (?=.+$)/m)) {
    const title = slug(section.split("\n", 1)[0] ?? "");
    for (const [index, [, code = ""]] of [...section.matchAll(/^```ts\n(.*?)^```$/gms)].entries()) {
      const name = index === 0 ? title : `${title}-${index + 1}`;
      snippets.set(name, { name, code, prints: printsOf(code) });
    }
  }
  return snippets;
}

const slug = (title: string): string => title.toLowerCase().replace(/\W+/g, "-");

/** `console.log(...); // this` */
const printsOf = (code: string): string[] =>
  [...code.matchAll(/console\.log\(.*\); \/\/ (.+)$/gm)].map(([, printed = ""]) => printed);

/** A project of somebody who has installed the package, with snippets as its files. Use with `await using`. */
export class Project extends Folder {
  constructor(snippets: Iterable<Snippet>, server?: Server) {
    super();
    builtProgram();
    mkdirSync(this.file("node_modules"));
    symlinkSync(ROOT, this.file("node_modules/gearmand-ts"));
    symlinkSync(`${ROOT}node_modules/@types`, this.file("node_modules/@types"));
    writeFileSync(this.file("package.json"), '{ "type": "module" }');
    for (const { name, code } of snippets) writeFileSync(this.file(`${name}.ts`), at(server, code));
  }

  run(name: string): Command {
    const args = ["--import", import.meta.resolve("tsx"), `${name}.ts`];
    return { file: process.execPath, args, cwd: this.path };
  }

  /** Type checks all of it, as strictly as can be. */
  check(): Command {
    const flags = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--lib", "esnext"];
    const args = [
      `${ROOT}node_modules/typescript/bin/tsc`,
      ...flags,
      "--exactOptionalPropertyTypes",
      "--types",
      "node",
    ];
    const config = { compilerOptions: {}, include: ["*.ts"] };
    writeFileSync(this.file("tsconfig.json"), JSON.stringify(config));
    return { file: process.execPath, args: [...args, "--project", "."], cwd: this.path };
  }
}

const at = (server: Server | undefined, code: string): string =>
  server === undefined ? code : code.replaceAll("localhost:4730", `${server.host}:${server.port}`);
