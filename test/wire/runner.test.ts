import { Duplex } from "node:stream";
import { describe, expect, it } from "vitest";
import { encode } from "../support/wire.ts";
import { runScenario, type Target } from "./run.ts";
import { parseTranscript } from "./transcript.ts";

/** A server that answers any text with `answer`, and ECHO_REQ as it should. */
const serverOf = (answer: string): Target => ({
  side: "ours",
  start: async () => ({
    stop: async () => {},
    connect: async () => {
      const connection: Duplex = new Duplex({
        read() {},
        write(chunk: Buffer, _encoding, done) {
          const echo = chunk[0] === 0;
          connection.push(echo ? chunk.toString("latin1").replace("REQ\0\0\0\x10", "RES\0\0\0\x11") : answer, "latin1");
          done();
        },
      });
      return connection;
    },
  }),
});

const play = (answer: string, ...lines: string[]): Promise<void> => {
  const [scenario] = parseTranscript(["== test", ...lines].join("\n"));
  if (scenario === undefined) throw new Error("no scenario");
  return runScenario(scenario, serverOf(answer));
};

const created = (...handles: string[]): string =>
  handles.map((handle) => encode("JOB_CREATED", [handle], "RES")).join("");

describe("the runner of transcripts", () => {
  it("accepts what is expected", async () => {
    await play(created("H:x:7"), "a> go", "a< JOB_CREATED H:1", "a< nothing");
    await play("b 2\na 1\n.\n", "a> go", "a< rows a <n> | b 2");
    await play("OK\r\n", "a> go", 'a< "OK\\r\\n"', "a open");
  });

  it.each([
    ["nothing more was expected", created("H:x:7"), []],
    ["nothing more was expected", created("H:x:7", "H:x:8"), ["a< JOB_CREATED H:1", "a< nothing"]],
    ["another packet", created("H:x:7"), ["a< NO_JOB"]],
    ["another packet", created("H:x:7"), ["a< JOB_CREATED H:y:7"]],
    ["another packet", created("H:x:7", "H:x:8"), ["a< JOB_CREATED H:1", "a< JOB_CREATED H:1"]],
    ["another packet", created("H:x:7", "H:x:7"), ["a< JOB_CREATED H:1", "a< JOB_CREATED H:2"]],
    ["another packet", "text\n", ["a< JOB_CREATED H:1"]],
    ["another text", "no\n", ['a< "OK\\n"']],
    ["another text", "OK\r\n", ['a< "OK\\n"']],
    ["no such row", "a 1\n.\n", ["a< rows a 2"]],
    ["another table", "a 1\nb 2\n.\n", ["a< rows a 1"]],
    ["was not seen yet", "", ["a> cancel job H:1"]],
  ])("complains: %s", async (complaint, answer, lines) => {
    await expect(play(answer, "a> go", ...lines)).rejects.toThrow(complaint);
  });

  it("says where", async () => {
    await expect(play("no\n", "a> go", 'a< "OK\\n"')).rejects.toThrow(/line 3:\n {2}a< "OK\\n"\ngot "no\\n"/);
  });
});

describe("the reader of transcripts", () => {
  it("plays a block for its own side only", async () => {
    await play("OK\n", "a> go", "[gearmand]", 'a< "no\\n"', "[ours some-id]", 'a< "OK\\n"', "[both]", "a open");
  });

  it("reads values", () => {
    const [scenario] = parseTranscript('== t\na> SUBMIT_JOB f | | "a | b\\x00\\n" \na> SUBMIT_JOB_BG | ab*2 | "x"*3');
    expect(scenario?.steps.map(({ action }) => "args" in action && action.args)).toEqual([
      ["f", "", "a | b\0\n"],
      ["", "abab", "xxx"],
    ]);
  });

  it.each(["a> NO_SUCH x", "a< NO_SUCH x", "a sings", "[ours]", "[gearmand id]", 'a> "open', "a> CAN_DO \\q"])(
    "refuses %s",
    (line) => {
      expect(() => parseTranscript(`== t\n${line}`)).toThrow("line 2");
    },
  );
});
