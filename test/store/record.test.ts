import fc from "fast-check";
import { expect, test } from "vitest";
import { readRecord, recordSize, writeRecord } from "../../src/store/record.ts";
import { packJobs, packRows, unpackRows } from "../../src/store/rows.ts";
import { anyRecord, aRecord, check, printSeed } from "./support.ts";

printSeed("records");

const bytesOf = (job: Parameters<typeof writeRecord>[0]): Buffer => {
  const bytes = Buffer.alloc(recordSize(job), 0xdd);
  writeRecord(job, bytes, 0);
  return bytes;
};

const ALL_BYTES = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

test("a record comes back as it was", () => {
  check(
    fc.property(anyRecord, (job) => {
      expect(readRecord(bytesOf(job), job.row, job.retries)).toEqual(job);
    }),
  );
});

test.each([0, 1, 255, 256, 65_535])("names of %i bytes come back, with every byte", (length) => {
  const name = ALL_BYTES.toString("latin1").repeat(257).slice(0, length);
  const job = aRecord({
    handle: name,
    unique: name,
    function: name,
    reducer: name,
    workload: ALL_BYTES,
  });
  expect(readRecord(bytesOf(job))).toEqual(job);
});

test("a function may have a name longer than 64 KiB", () => {
  const name = "f".repeat(70_000);
  expect(readRecord(bytesOf(aRecord({ function: name, reducer: name })))).toMatchObject({
    function: name,
    reducer: name,
  });
});

test("a record of another version is not read", () => {
  const bytes = bytesOf(aRecord());
  bytes[0] = 2;
  expect(() => readRecord(bytes)).toThrow("a record of version 2");
  expect(() => readRecord(Buffer.alloc(0))).toThrow("a record of version undefined");
});

test("rows come back as they were", () => {
  check(
    fc.property(fc.array(anyRecord, { maxLength: 20 }), (jobs) => {
      const rows = unpackRows(packJobs(jobs));
      expect(rows.map(({ row, retries, record }) => ({ ...readRecord(record), row, retries }))).toEqual(jobs);
      expect(rows.map(({ place }) => place)).toEqual(jobs.map(({ row }) => row));
      const moved = rows.map((row, n) => ({ ...row, place: row.place + n }));
      expect(unpackRows(packRows(moved))).toEqual(moved);
    }),
  );
});
