import { dirname } from "node:path";
import type { Random } from "../model/random.ts";
import { DiskFile, type Fate } from "./disk-file.ts";
import type { Operation } from "./recording.ts";

/**
 * What makes a name durable: only a sync of its directory, or, as ext4 does, a sync of the file as well; then the names made before are
 * durable too, for they are in the same journal.
 */
export type NameRule = "directory" | "file";

type Thing = DiskFile | "directory";

type NameChange =
  | { readonly kind: "made"; readonly path: string; readonly thing: Thing }
  | { readonly kind: "unlinked"; readonly path: string }
  | { readonly kind: "renamed"; readonly path: string; readonly to: string };

interface Entry {
  readonly change: NameChange;
  readonly ended: number;
  readonly durable: Record<NameRule, boolean>;
}

/** What is left after a power loss. */
export interface Loss {
  readonly rule: NameRule;
  /** How likely a change of names has happened if it is not durable. */
  readonly namesKept: number;
  /** Of the changes of one file, given how many are not durable. */
  readonly fate: (pending: number) => Fate;
  readonly random: Random;
}

/** Contents of files by path; directories as such. */
export type Image = ReadonlyMap<string, Buffer | "directory">;

/** A disk, moved on by the operations of a recording below one folder, which was empty. */
export class Disk {
  readonly #root: string;
  readonly #files = new Map<number, DiskFile>();
  readonly #directories = new Map<number, string>();
  readonly #entries: Entry[] = [];
  /** As the program sees them. */
  readonly #names = new Map<string, Thing>();

  constructor(root: string) {
    this.#root = root;
    this.#names.set(root, "directory");
  }

  /** An operation that has begun, or a sync that has ended. */
  apply({ kind, inode, path, data, began, ended, offset }: Operation): void {
    if (kind === "created") this.#create(inode, path, ended);
    else if (kind === "opened") this.#open(inode, path);
    else if (kind === "directoryMade") this.#change({ kind: "made", path, thing: "directory" }, ended);
    else if (kind === "unlinked") this.#change({ kind, path }, ended);
    else if (kind === "renamed") this.#change({ kind, path, to: data.toString() }, ended);
    else if (kind === "synced") this.#sync(inode, began);
    else if (kind === "written") this.#file(inode).change({ kind: "data", at: offset, bytes: data, ended });
    else this.#file(inode).change({ kind: kind === "resized" ? "size" : "grow", size: offset, ended });
  }

  /** The file that was open or is. */
  pathOf(inode: number): string | undefined {
    const file = this.#files.get(inode);
    return [...this.#names].find(([, thing]) => thing === file)?.[0];
  }

  /** What chance leaves of it. */
  image({ rule, namesKept, fate, random }: Loss): Image {
    const names = new Map<string, Thing>();
    for (const { change, durable } of this.#entries)
      if (durable[rule] || random.chance(namesKept)) rename(names, change);
    const image = new Map<string, Buffer | "directory">();
    for (const [path, thing] of [...names].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const above = dirname(path);
      if (above !== this.#root && image.get(above) !== "directory") continue;
      image.set(path, thing === "directory" ? thing : thing.image(fate(thing.pending)));
    }
    return image;
  }

  #create(inode: number, path: string, ended: number): void {
    const file = new DiskFile();
    this.#files.set(inode, file);
    this.#directories.delete(inode);
    this.#change({ kind: "made", path, thing: file }, ended);
  }

  #open(inode: number, path: string): void {
    if (this.#names.get(path) === "directory") this.#directories.set(inode, path);
  }

  #change(change: NameChange, ended: number): void {
    rename(this.#names, change);
    this.#entries.push({ change, ended, durable: { directory: false, file: false } });
  }

  #sync(inode: number, began: number): void {
    const directory = this.#directories.get(inode);
    if (directory !== undefined) return this.#syncDirectory(directory, began);
    const file = this.#file(inode);
    file.sync(began);
    const own = this.#entries.findLastIndex(({ change }) => change.kind === "made" && change.thing === file);
    for (const entry of this.#entries.slice(0, own + 1)) entry.durable.file = true;
  }

  #syncDirectory(path: string, began: number): void {
    for (const { change, ended, durable } of this.#entries)
      if (dirname(change.path) === path && ended <= began) durable.directory = durable.file = true;
  }

  #file(inode: number): DiskFile {
    const file = this.#files.get(inode);
    if (file === undefined) throw new Error(`inode ${inode} was written to, but its file was never made`);
    return file;
  }
}

function rename(names: Map<string, Thing>, change: NameChange): void {
  if (change.kind === "made") names.set(change.path, change.thing);
  else {
    const thing = names.get(change.path);
    names.delete(change.path);
    if (change.kind === "renamed" && thing !== undefined) names.set(change.to, thing);
  }
}
