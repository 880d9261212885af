/**
 * Thumbnails of all PPM pictures in a folder that clients and workers share. Jobs carry the names of files, and the files stay where
 * they are: that is how to work on what is too large to be sent about.
 *
 *     npx tsx thumbnails.ts worker FOLDER
 *     npx tsx thumbnails.ts client FOLDER [WIDTH]      # writes FOLDER/thumbnails/*.ppm
 */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { Client, Worker } from "gearmand-ts";

/** What the functions take and give: names and types are checked in client and worker alike. */
interface Functions {
  thumbnail: { workload: { picture: string; width: number }; result: { file: string; width: number; height: number } };
}

interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue of each pixel, row by row. */
  readonly pixels: Uint8Array;
}

const servers = (process.env["GEARMAN_SERVERS"] || "localhost").split(",");

async function work(folder: string): Promise<void> {
  const worker = new Worker<Functions>({ servers, codec: "json", concurrency: 2 });
  worker.register("thumbnail", async ({ workload: { picture, width } }) => {
    // What comes over the network is no path to be trusted.
    if (basename(picture) !== picture) throw new Error(`${picture} is not the name of a file`);
    const small = shrink(readPpm(await readFile(join(folder, picture))), width);
    const file = join("thumbnails", picture);
    await mkdir(join(folder, "thumbnails"), { recursive: true });
    await writeFile(join(folder, file), writePpm(small));
    return { file, width: small.width, height: small.height };
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void worker.close());
  await worker.ready();
  console.log("ready");
}

async function ask(folder: string, width: number): Promise<void> {
  const client = new Client<Functions>({ servers, codec: "json" });
  const pictures = (await readdir(folder)).filter((name) => name.endsWith(".ppm")).sort();
  const jobs = pictures.map((picture) => client.run("thumbnail", { picture, width }));
  for (const [index, made] of (await Promise.allSettled(jobs)).entries()) {
    if (made.status === "rejected") console.log(`${pictures[index]}: ${made.reason.message}`);
    else console.log(`${made.value.file}: ${made.value.width}x${made.value.height}`);
  }
  await client.close();
}

function readPpm(file: Buffer): Picture {
  const [head, width, height] = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(file.toString("latin1", 0, 64)) ?? [];
  if (head === undefined) throw new Error("this is no PPM picture of 8 bits");
  const picture = { width: Number(width), height: Number(height), pixels: file.subarray(head.length) };
  if (picture.pixels.length < picture.width * picture.height * 3) throw new Error("the picture is cut short");
  return picture;
}

const writePpm = ({ width, height, pixels }: Picture): Buffer =>
  Buffer.concat([Buffer.from(`P6 ${width} ${height} 255\n`), pixels]);

/** Each pixel is the mean of the box of pixels that it stands for. */
function shrink(picture: Picture, most: number): Picture {
  const width = Math.max(1, Math.min(most, picture.width));
  const height = Math.max(1, Math.round((picture.height * width) / picture.width));
  const edge = (place: number, parts: number, size: number): number => Math.floor((place * size) / parts);
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, index) => {
    const [x, y] = [Math.floor(index / 3) % width, Math.floor(index / 3 / width)];
    const columns = [edge(x, width, picture.width), edge(x + 1, width, picture.width)] as const;
    const rows = [edge(y, height, picture.height), edge(y + 1, height, picture.height)] as const;
    return mean(picture, columns, rows, index % 3);
  });
  return { width, height, pixels };
}

type Range = readonly [from: number, to: number];

function mean(picture: Picture, [left, right]: Range, [top, bottom]: Range, colour: number): number {
  let sum = 0;
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) sum += picture.pixels[(y * picture.width + x) * 3 + colour] ?? 0;
  return sum / ((right - left) * (bottom - top));
}

const [role, folder = ".", width = "64"] = process.argv.slice(2);
await (role === "worker" ? work(folder) : ask(folder, Number(width)));
