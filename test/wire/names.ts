const NAME = /\bH:\d+\b/g;
const SPECIAL = /[\\^$.*+?()[\]{}|]/g;

/** What the handles of a transcript stand for, and the other values that a server chooses. */
export class Names {
  readonly #handles = new Map<string, string>();

  /** What is to be sent: `H:1` is the first handle that was seen, `{now+2}` is in seconds since 1970. */
  substitute(text: string): string {
    return text
      .replace(NAME, (name) => {
        const handle = this.#handles.get(name);
        if (handle === undefined) throw new Error(`${name} was not seen yet`);
        return handle;
      })
      .replace(/\{now([+-]\d+)\}/g, (_, seconds: string) => String(Math.floor(Date.now() / 1000) + Number(seconds)));
  }

  /** Whether it is what was expected: a handle that is named for the first time may be any new one. */
  match(expected: string, got = ""): boolean {
    const unseen: string[] = [];
    const pattern = expected
      .split(/(\bH:\d+\b|<n>|<any>)/)
      .map((part, index) => (index % 2 === 0 ? part.replace(SPECIAL, "\\$&") : this.#pattern(part, unseen)));
    if (pattern.length === 1) return expected === got;
    const match = new RegExp(`^${pattern.join("")}$`).exec(got);
    return match !== null && unseen.every((name, index) => this.#bind(name, match[index + 1] ?? ""));
  }

  /** With the transcript's names for the server's handles. */
  readable(text: string): string {
    return [...this.#handles].reduce((sofar, [name, handle]) => sofar.replaceAll(handle, name), text);
  }

  #pattern(part: string, unseen: string[]): string {
    if (part === "<n>") return "\\d+";
    if (part === "<any>") return "[\\s\\S]*";
    const known = this.#handles.get(part);
    if (known !== undefined) return known.replace(SPECIAL, "\\$&");
    unseen.push(part);
    return "([!-~]+:\\d+)";
  }

  #bind(name: string, handle: string): boolean {
    if ([...this.#handles.values()].includes(handle)) return false;
    this.#handles.set(name, handle);
    return true;
  }
}
