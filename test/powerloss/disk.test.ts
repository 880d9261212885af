import { describe, expect, it } from "vitest";
import { Random } from "../model/random.ts";
import { Disk, type Image, type NameRule } from "./disk.ts";
import { diskAtEnd, moments, wrecks } from "./power-loss.ts";
import type { Operation } from "./recording.ts";

const ROOT = "/disk";
const FILE = `${ROOT}/file`;
const [DIRECTORY, INODE] = [1, 2];
const SEEDS = 200;

let clock = 0;

function operation(kind: Operation["kind"], more: Partial<Operation> = {}): Operation {
  const began = ++clock;
  return { kind, began, ended: ++clock, inode: INODE, offset: 0, path: FILE, data: Buffer.alloc(0), ...more };
}

const write = (text: string, offset = 0): Operation => operation("written", { data: Buffer.from(text), offset });
const made = [operation("opened", { inode: DIRECTORY, path: ROOT }), operation("created")];
const synced = operation("synced", { inode: DIRECTORY });
/** A file whose name is durable. */
const there = [...made, synced];
const sync = (): Operation => operation("synced");

/** What may be there after a power loss at that moment; without `at`, at the end. */
function* images(operations: readonly Operation[], at = clock): Generator<Image> {
  for (let seed = 0; seed < SEEDS; seed++)
    for (const { image } of wrecks(ROOT, operations, [at], new Random(seed))) yield image;
}

/** What may be in the file. */
function versions(operations: readonly Operation[], at = clock): Set<string> {
  return new Set([...images(operations, at)].map((image) => textIn(image)));
}

const textIn = (image: Image): string => image.get(FILE)?.toString() ?? "no file";

/** What is in the file if all is lost that may be. */
function least(operations: readonly Operation[], rule: NameRule): string {
  const disk = new Disk(ROOT);
  for (const each of operations) disk.apply(each);
  const random = new Random(1);
  return textIn(
    disk.image({ rule, namesKept: 0, random, fate: () => ({ until: 0, torn: 0, piece: 1, kept: 0, random }) }),
  );
}

describe("a disk after a power loss", () => {
  it("has what was synced", () => {
    expect(versions([...there, write("abc"), sync()])).toEqual(new Set(["abc"]));
  });

  it("has of what was not synced some, or nothing, as long as it was or is", () => {
    const found = versions([...there, write("abc"), sync(), write("xyz", 1)]);
    expect(found).toContain("abc");
    expect(found).toContain("axyz");
    for (const version of found) expect(version).toMatch(/^a[bx\0]?[cy\0]?[z\0]?$/);
  });

  it("may have a later write without an earlier one", () => {
    const [first, second] = ["1".repeat(4096), "2".repeat(4096)];
    expect(versions([...there, write(first), write(second, 4096)])).toContain("\0".repeat(4096) + second);
  });

  it("may have a write of many sectors in part", () => {
    const found = [...versions([...there, write("1".repeat(2048))])];
    expect(found.filter((version) => /^\0+1+\0*/.test(version))).not.toEqual([]);
  });

  it("may have an earlier version of a page, but no mixture of versions in a sector", () => {
    const found = versions([...there, write("aa"), write("bb"), write("cc")]);
    expect(found).toContain("bb");
    for (const version of found) expect(version).toMatch(/^((aa|bb|cc|\0\0)?|b[a]|c[b]|a\0)$/);
  });

  it("does not have what was written while the sync ran", () => {
    const late = write("late");
    const running = operation("synced", { began: late.began, ended: ++clock });
    expect(versions([...there, late, running])).toContain("");
  });

  it("does not have what is synced before the sync has ended", () => {
    const written = write("abc");
    const syncing = sync();
    expect(versions([...there, written, syncing], syncing.ended - 1)).toContain("");
    expect(versions([...there, written, syncing], syncing.ended)).toEqual(new Set(["abc"]));
  });

  it("has a file cut, or not, until that is synced", () => {
    const cut = [...there, write("abc"), sync(), operation("resized", { offset: 1 })];
    expect(versions(cut)).toEqual(new Set(["abc", "a"]));
    expect(versions([...cut, sync()])).toEqual(new Set(["a"]));
  });

  it("has room that was asked for as zeros", () => {
    const grown = [...there, write("abc"), operation("allocated", { offset: 4 })];
    expect(versions([...grown, sync()])).toEqual(new Set(["abc\0"]));
  });

  it("may have no name for a new file until the directory is synced, or by one of the rules the file", () => {
    expect(versions(made)).toEqual(new Set(["", "no file"]));
    expect(versions(there)).toEqual(new Set([""]));
    const rules = (["directory", "file"] as const).map((rule) => least([...made, write("abc"), sync()], rule));
    expect(rules).toEqual(["no file", "abc"]);
  });

  it("has a removed file, or not, until the directory is synced", () => {
    const unlinked = operation("unlinked");
    expect(versions([...there, unlinked])).toEqual(new Set(["", "no file"]));
    expect(versions([...there, unlinked, operation("synced", { inode: DIRECTORY })])).toEqual(new Set(["no file"]));
  });

  it("has a renamed file under one of its names", () => {
    const renamed = operation("renamed", { path: FILE, data: Buffer.from(`${ROOT}/new`) });
    for (const image of images([...there, renamed])) expect(image.size).toBe(1);
    expect([...diskAtEnd(ROOT, [...there, renamed], new Random(1)).keys()]).toEqual([`${ROOT}/new`]);
  });

  it("has nothing in a folder that is not there", () => {
    const folder = operation("directoryMade", { path: `${ROOT}/folder` });
    const inside = operation("created", { inode: 3, path: `${ROOT}/folder/file` });
    const found = new Set([...images([folder, inside])].map((image) => [...image.keys()].join(" ")));
    expect(found).toEqual(new Set(["", `${ROOT}/folder`, `${ROOT}/folder ${ROOT}/folder/file`]));
  });
});

describe("the moments of power losses", () => {
  it("are sorted, and lie about operations and promises", () => {
    const [written, synced] = [write("abc"), sync()];
    const chosen = moments([...there, written, synced], [synced.ended + 7], 100, new Random(1));
    expect(chosen).toEqual([...chosen].sort((a, b) => a - b));
    for (const moment of [written.began, synced.began - 1, synced.began, synced.ended, synced.ended + 7])
      expect(chosen).toContain(moment);
  });
});
