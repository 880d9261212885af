import { readFileSync, writeFileSync } from "node:fs";
import type { Random } from "../model/random.ts";

const PAGE = 4096;

/** Ways in which a disk, or what writes to it, spoils a file. Each returns the spoilt bytes; those given are its own. */
const DAMAGES = {
  "bits flipped": (bytes, random) => {
    for (let left = 1 + random.below(3); left > 0; left--) flip(bytes, random.below(bytes.length), random);
    return bytes;
  },
  "bits flipped close together": (bytes, random) => {
    const at = random.below(bytes.length);
    for (let left = 8; left > 0; left--) flip(bytes, Math.min(bytes.length - 1, at + random.below(64)), random);
    return bytes;
  },
  "the header flipped": (bytes, random) => {
    flip(bytes, random.below(Math.min(bytes.length, 100)), random);
    return bytes;
  },
  "the head of a page flipped": (bytes, random) => {
    flip(bytes, Math.min(bytes.length - 1, pageIn(bytes, random) + random.below(16)), random);
    return bytes;
  },
  "bytes smeared": (bytes, random) => {
    const at = random.below(bytes.length);
    return bytes.fill(random.below(256), at, at + 1 + random.below(200));
  },
  "a page of zeros": (bytes, random) => {
    const at = pageIn(bytes, random);
    return bytes.fill(0, at, at + PAGE);
  },
  "pages swapped": (bytes, random) => {
    const [one, other] = [pageIn(bytes, random), pageIn(bytes, random)];
    const page = Buffer.from(bytes.subarray(one, one + PAGE));
    bytes.copy(bytes, one, other, other + PAGE);
    page.copy(bytes, other);
    return bytes;
  },
  "a page written to a wrong place": (bytes, random) => {
    const [from, to] = [pageIn(bytes, random), pageIn(bytes, random)];
    bytes.copy(bytes, to, from, from + PAGE);
    return bytes;
  },
  "cut off": (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  "cut off at a page": (bytes, random) => bytes.subarray(0, pageIn(bytes, random)),
} as const satisfies Record<string, (bytes: Buffer, random: Random) => Buffer>;

const KINDS = Object.keys(DAMAGES) as (keyof typeof DAMAGES)[];

function flip(bytes: Buffer, at: number, random: Random): void {
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
}

function pageIn(bytes: Buffer, random: Random): number {
  return PAGE * random.below(Math.floor(bytes.length / PAGE));
}

/** Spoils a file; says how. */
export function damage(file: string, random: Random): string {
  const kind = KINDS[random.below(KINDS.length)] ?? "bits flipped";
  writeFileSync(file, DAMAGES[kind](readFileSync(file), random));
  return kind;
}
