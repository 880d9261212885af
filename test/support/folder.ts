import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for one test, writable by every user, gone at its end. Use with `await using`. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), "gearmand-ts-"));

  constructor() {
    chmodSync(this.path, 0o777);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.path, { recursive: true, force: true });
  }
}
