import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../model/random.ts";
import { Folder } from "../support/folder.ts";
import { installed } from "../support/program.ts";
import { differences, writeImage } from "./image-files.ts";
import { diskAtEnd, moments, wrecks } from "./power-loss.ts";
import { compileRecorder, type Operation, readRecording, recorded } from "./recording.ts";

const SEED = 11;
const ROWS = 600;
const IMAGES = 200;
const program = new URL("sqlite-program.mjs", import.meta.url).pathname;

interface Run {
  readonly root: string;
  readonly operations: readonly Operation[];
  /** When each row was known to be durable. */
  readonly commits: readonly number[];
}

function run(folder: Folder): Run {
  const root = folder.file("disk");
  mkdirSync(root);
  const env = { ...process.env, ...recorded(compileRecorder(folder.path), root, folder.file("log")) };
  const { stdout, stderr } = spawnSync(process.execPath, [program, root, `${ROWS}`], { env, encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  return { root, operations: readRecording(folder.file("log")), commits: JSON.parse(stdout) as number[] };
}

/** How many rows SQLite finds, one after the other; or why it finds none. */
function rowsIn(folder: string): number | string {
  const database = new DatabaseSync(`${folder}/rows.sqlite`);
  try {
    const rows = database.prepare("SELECT number, text FROM row ORDER BY number").all();
    const sound = rows.every(
      ({ number, text }, nth) => number === nth + 1 && text === `${number} `.repeat((nth + 1) % 500),
    );
    return sound ? rows.length : "a row is wrong";
  } catch (error) {
    return String(error).includes("no such table") ? 0 : String(error);
  } finally {
    database.close();
  }
}

/** What is wrong after power losses at all kinds of moments. */
function failures({ root, operations, commits }: Run, place: string): string[] {
  const random = new Random(SEED);
  const failures = [];
  for (const { moment, style, image } of wrecks(
    root,
    operations,
    moments(operations, commits, IMAGES, random),
    random,
  )) {
    writeImage(image, root, place);
    const found = rowsIn(place);
    const promised = commits.filter((commit) => commit <= moment).length;
    if (typeof found === "string" || found < promised) failures.push(`${style}: ${found} of ${promised} rows`);
  }
  return failures;
}

describe.skipIf(!installed("gcc"))(`a recorded SQLite${installed("gcc") ? "" : " (no gcc)"}`, () => {
  let folder: Folder;
  let recording: Run;
  beforeAll(() => {
    folder = new Folder();
    recording = run(folder);
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  it("leaves the files that its recording makes", () => {
    const { root, operations } = recording;
    expect(differences(diskAtEnd(root, operations, new Random(SEED)), root)).toEqual([]);
  });

  it("does not leave those that a part of it makes", () => {
    const { root, operations } = recording;
    const last = operations.findLastIndex(({ kind }) => kind === "written");
    expect(differences(diskAtEnd(root, operations.slice(0, last), new Random(SEED)), root)).not.toEqual([]);
  });

  it("loses no committed row with the power", () => {
    expect(failures(recording, folder.file("image"))).toEqual([]);
  });

  it("loses rows if its syncs do nothing, which shows that the images can tell", () => {
    const operations = recording.operations.filter(({ kind }) => kind !== "synced");
    expect(failures({ ...recording, operations }, folder.file("image"))).not.toEqual([]);
  });
});
