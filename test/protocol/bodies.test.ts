import { describe, expect, it } from "vitest";
import { dataOf, decodeBody } from "../../src/protocol/decode.ts";
import { PACKETS, type PacketName } from "../../src/protocol/packets.ts";
import { bodyOf } from "../support/codec-stream.ts";

const x = (count: number): string => "x".repeat(count);

/** Arguments and data, or the name of the error. */
const decode = (name: PacketName, body: string): unknown => {
  const whole = bodyOf(Buffer.from(body, "latin1"));
  const decoded = decodeBody(PACKETS[name], whole);
  return typeof decoded === "string" ? decoded : [...decoded.args, dataOf(whole, decoded).toString("latin1")];
};

describe("bodies that are not as usual", () => {
  it.each<[string, PacketName, string, readonly string[]]>([
    ["a body without need is ignored", "GRAB_JOB", "whatever\0", [""]],
    ["a body that is all data may hold anything", "ECHO_REQ", "\0\0a\0", ["\0\0a\0"]],
    ["a name may hold NUL where it is the only argument", "CAN_DO", "nul\0", ["nul\0", ""]],
    ["a name may be empty", "CAN_DO", "", ["", ""]],
    ["names may be empty before data too", "SUBMIT_JOB", "\0\0", ["", "", ""]],
    ["the last argument takes what is left", "WORK_STATUS", "H:1\x001\x002\x003", ["H:1", "1", "2\x003", ""]],
    ["the last argument may be empty", "CAN_DO_TIMEOUT", "f\0", ["f", "", ""]],
    ["data may begin with NUL", "SUBMIT_JOB", "f\0u\0\0", ["f", "u", "\0"]],
    ["a result without its NUL is empty", "WORK_COMPLETE", "H:1", ["H:1", ""]],
    ["8191 bytes before a NUL", "SUBMIT_JOB", `${x(8191)}\0u\0`, [x(8191), "u", ""]],
    ["8192 bytes as the last argument", "CAN_DO", x(8192), [x(8192), ""]],
  ])("%s", (_title, name, body, decoded) => expect(decode(name, body)).toEqual(decoded));
});

describe("bodies that are wrong", () => {
  it.each<[string, PacketName, string, string]>([
    ["no NUL at all", "SUBMIT_JOB", "reverse", "malformed"],
    ["an empty body where two NULs are due", "SUBMIT_JOB", "", "malformed"],
    ["one NUL too few", "SUBMIT_JOB_EPOCH", "f\0u\x001700000000", "malformed"],
    ["one NUL too few, without data", "WORK_STATUS", "H:1\x001", "malformed"],
    ["8192 bytes before a NUL", "SUBMIT_JOB", `${x(8192)}\0u\0`, "argumentTooLong"],
    ["8192 bytes in the middle", "SUBMIT_JOB", `f\0${x(8192)}\0`, "argumentTooLong"],
    ["8192 bytes before the last argument", "CAN_DO_TIMEOUT", `${x(8192)}\x001`, "argumentTooLong"],
    ["8193 bytes as the last argument", "CAN_DO", x(8193), "argumentTooLong"],
    ["8193 bytes as the last of several", "CAN_DO_TIMEOUT", `f\0${x(8193)}`, "argumentTooLong"],
    ["8192 bytes and no NUL", "SUBMIT_JOB", x(8192), "malformed"],
  ])("%s", (_title, name, body, error) => expect(decode(name, body)).toBe(error));

  it("nothing is read beyond the body", () => {
    const memory = Buffer.from("f\0u\0data", "latin1");
    expect(decodeBody(PACKETS.SUBMIT_JOB, { ...bodyOf(memory), end: 3 })).toBe("malformed");
  });
});
