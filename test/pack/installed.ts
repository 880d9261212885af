import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { builtProgram } from "../support/built.ts";
import { Folder } from "../support/folder.ts";
import type { Command } from "../support/interop-programs.ts";

const ROOT = new URL("../..", import.meta.url).pathname;

/** The tarball that would be published, installed in an empty folder. Use with `await using`. */
export class Installed extends Folder {
  constructor() {
    super();
    builtProgram();
    const npm = (args: readonly string[], cwd = this.path) => execFileSync("npm", args, { cwd, stdio: "pipe" });
    mkdirSync(this.file("tarball"));
    npm(["pack", "--ignore-scripts", "--pack-destination", this.file("tarball")], ROOT);
    const [tarball = ""] = readdirSync(this.file("tarball"));
    npm(["init", "-y"]);
    npm(["install", "--omit=dev", "--prefer-offline", join(this.file("tarball"), tarball)]);
    mkdirSync(this.file("node_modules/@types"));
    symlinkSync(`${ROOT}node_modules/@types/node`, this.file("node_modules/@types/node"));
    execFileSync("chmod", ["-R", "a+rX", this.path]);
  }

  get package(): string {
    return this.file("node_modules/gearmand-ts");
  }

  /** A program of the package, as npm has put it on the PATH. */
  program(name: string): string {
    return this.file(`node_modules/.bin/${name}`);
  }

  /** Runs a module in this folder. */
  module(code: string): Command {
    return { file: process.execPath, args: ["--input-type=module", "--eval", code], cwd: this.path };
  }

  /** Type checks a file of this folder, with Node's types beside it. */
  check(code: string, flags: readonly string[]): Command {
    writeFileSync(this.file("user.mts"), code);
    const compiler = `${ROOT}node_modules/typescript/bin/tsc`;
    const strictly = ["--noEmit", "--strict", "--target", "es2022", "--lib", "esnext", "--types", "node"];
    return { file: process.execPath, args: [compiler, ...strictly, ...flags, "user.mts"], cwd: this.path };
  }
}
