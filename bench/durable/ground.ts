import type { Folder } from "../../test/support/folder.ts";
import type { Tools } from "../load/tools.ts";
import type { Redis } from "./servers.ts";

/** What all measurements stand on. */
export interface Ground {
  readonly rounds: number;
  readonly tools: Tools;
  readonly redis: Redis;
  /** Jobs in the long queue. */
  readonly many: number;
  /** A new one, on the file system that is measured. */
  folder(): Folder;
}
