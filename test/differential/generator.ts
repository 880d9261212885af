import fc from "fast-check";
import { PACKETS, type PacketName } from "../../src/protocol/packets.ts";
import type { Argument, Break, HandleOf, Line, Message, Packet, Script, Send, Step } from "./script.ts";

/** Random scripts. Few names, so that they meet often; and every odd value that the protocol lets through. */

/** A choice of values, each as likely as its weight says. */
const oneOf = <T>(...choices: readonly (readonly [number, fc.Arbitrary<T>])[]): fc.Arbitrary<T> =>
  fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));

const among = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const connection = fc.nat(4);

// ---------------------------------------------------------------------------------------------------- values

/** Names that a line of text can say. */
const functionName = oneOf(
  [40, among("f")],
  [20, among("g")],
  [6, among("F", "h", "")],
  [2, among("\xe4", "a.b", "x".repeat(300))],
);
/** And those that it cannot. */
const anyFunction = oneOf([60, functionName], [1, among("a b")]);
/** As the last argument of a packet a name may even have a NUL. */
const offered = oneOf([60, anyFunction], [1, among("n\0")]);

const unique = oneOf(
  [20, among("")],
  [30, among("u1", "u2", "u3")],
  [6, among("-", "#")],
  [3, among("x", "with blank", "1", "\xe4", "u".repeat(63))],
  [2, among("v".repeat(64), "w".repeat(65), "w".repeat(200))],
);
const data = oneOf(
  [10, among("x", "y", "abc")],
  [5, among("", "\0", "a\0b", "u1")],
  [1, among("z".repeat(5000), "z".repeat(70_000))],
);
const reducer = among("r", "sum", "", "r".repeat(63), "r".repeat(65));
const number = oneOf(
  [4, among("0", "1", "2", "50", "100")],
  [
    2,
    among("07", "-1", "abc", "", " 3", "+4", "12x", "1e3", "0x10", "4294967297", "1234567890", "\t5", "\xa05", "--1"),
  ],
  [1, among("12345678901", "123456789012", "9".repeat(30))],
);
const timeout = among("0", "60000", "5", "-1", "abc", "", "86400000");
/** Past, no number, or a time that does not come. */
const epoch = oneOf([4, among("0", "1", "", "abc", "-5", "1000000000")], [1, among("4102444800")]);

const handleOf = (told: HandleOf["told"], on: fc.Arbitrary<number>, suffix = among("")): fc.Arbitrary<Argument> =>
  fc.record({ told: fc.constant(told), on, back: oneOf([6, among(0)], [3, among(1)], [1, fc.nat(4)]), suffix });
const noHandle: fc.Arbitrary<Argument> = among("H:none:1", "H:d:999999999", "", "h".repeat(63));
const anyHandle = oneOf<Argument>(
  [5, handleOf("created", connection)],
  [5, handleOf("assigned", connection)],
  [2, noHandle],
);
/** With a NUL behind it, as some workers send it (gearmand#108), and worse. */
const longHandle = handleOf("assigned", connection, among("\0", "\0\0", "\0x", "0"));
/** Mostly one that this connection runs. */
const workHandle = (on: number) => oneOf<Argument>([8, handleOf("assigned", fc.constant(on))], [2, anyHandle]);

// ---------------------------------------------------------------------------------------------------- packets

const packet = (name: PacketName, ...args: fc.Arbitrary<Argument>[]): fc.Arbitrary<Packet> =>
  fc.tuple(...args).map((values) => ({ packet: name, args: values, magic: "REQ" as const }));

const submit = oneOf<Packet>(
  [6, packet("SUBMIT_JOB", anyFunction, unique, data)],
  [6, packet("SUBMIT_JOB_BG", anyFunction, unique, data)],
  [2, packet("SUBMIT_JOB_HIGH", anyFunction, unique, data)],
  [2, packet("SUBMIT_JOB_HIGH_BG", anyFunction, unique, data)],
  [2, packet("SUBMIT_JOB_LOW", anyFunction, unique, data)],
  [2, packet("SUBMIT_JOB_LOW_BG", anyFunction, unique, data)],
  [2, packet("SUBMIT_JOB_EPOCH", anyFunction, unique, epoch, data)],
  [2, packet("SUBMIT_REDUCE_JOB", anyFunction, unique, reducer, among("", "agg"), data)],
  [2, packet("SUBMIT_REDUCE_JOB_BACKGROUND", anyFunction, unique, reducer, among("", "agg"), data)],
);

const grab = among("GRAB_JOB", "GRAB_JOB_UNIQ", "GRAB_JOB_ALL").map(
  (name): Packet => ({ packet: name as PacketName, args: [], magic: "REQ" }),
);

const abilities = oneOf<Packet>(
  [16, packet("CAN_DO", offered)],
  [4, packet("CAN_DO_TIMEOUT", anyFunction, timeout)],
  [3, packet("CANT_DO", offered)],
  [1, packet("RESET_ABILITIES")],
);

const work = (on: number): fc.Arbitrary<Packet> =>
  oneOf<Packet>(
    [4, packet("WORK_COMPLETE", workHandle(on), data)],
    [2, packet("WORK_FAIL", oneOf([6, workHandle(on)], [1, longHandle]))],
    [2, packet("WORK_EXCEPTION", workHandle(on), data)],
    [2, packet("WORK_DATA", workHandle(on), data)],
    [1, packet("WORK_WARNING", workHandle(on), data)],
    [2, packet("WORK_STATUS", workHandle(on), number, number)],
  );

const question = oneOf<Packet>(
  [3, packet("GET_STATUS", oneOf([6, anyHandle], [1, longHandle]))],
  [3, packet("GET_STATUS_UNIQUE", oneOf([6, unique], [1, among("u1\0", "u1\0x", "\0")]))],
  [1, packet("ECHO_REQ", data)],
  [
    2,
    packet(
      "OPTION_REQ",
      among("exceptions", "EXCEPTIONS", "exceptions\0", "exceptions\0x", "nope", "", "o".repeat(64)),
    ),
  ],
  [1, packet("SET_CLIENT_ID", among("me", "", "a b", "id\0", "id\0x", "i".repeat(130), "\xe4"))],
);

const NOT_SERVED: readonly PacketName[] = [
  "UNUSED",
  "NOOP",
  "JOB_CREATED",
  "NO_JOB",
  "JOB_ASSIGN",
  "ECHO_RES",
  "ERROR",
  "STATUS_RES",
  "ALL_YOURS",
  "OPTION_RES",
  "JOB_ASSIGN_UNIQ",
  "SUBMIT_JOB_SCHED",
  "JOB_ASSIGN_ALL",
  "STATUS_RES_UNIQUE",
]; // prettier-ignore

/** A packet of that type with the arguments that it needs. */
const shaped = (name: PacketName, magic: "REQ" | "RES"): Packet => {
  const { args, data } = PACKETS[name];
  return { packet: name, args: Array.from({ length: args.length + Number(data) }, (_, i) => `a${i}`), magic };
};

const refused = oneOf<Packet>(
  [1, fc.constantFrom(...NOT_SERVED).map((name) => shaped(name, "REQ"))],
  [1, fc.constantFrom(...(Object.keys(PACKETS) as PacketName[])).map((name) => shaped(name, "RES"))],
);

// ---------------------------------------------------------------------------------------------------- text

const ends = among("\n", "\r\n");
const line = (...parts: (string | fc.Arbitrary<Argument>)[]): fc.Arbitrary<Line> =>
  fc
    .tuple(...parts.map((part) => (typeof part === "string" ? fc.constant(part) : part)))
    .map((words) => ({ line: words }));

const table = among(
  "status",
  "STATUS",
  "prioritystatus",
  "workers",
  "show jobs",
  "Show Unique  Jobs",
  "workers x",
  "status ",
);
const text = oneOf<Line>(
  [4, line(table, ends)],
  [4, line(among("cancel job ", "CANCEL  Job "), anyHandle, ends)],
  // A bare LF makes the name shorter in gearmand (create-bare-lf).
  [3, line("create function ", functionName, "\r\n")],
  [2, line("drop function ", functionName, ends)],
  [
    3,
    line(
      "maxqueue ",
      functionName,
      among(
        "",
        " 1",
        " 2",
        " 3 2 1",
        " 0",
        " -1",
        " many",
        " 1 2",
        " 2x",
        " 1 ",
        " 4294967297",
        " 9999999999999999999999",
      ),
      ends,
    ),
  ],
  [1, line(among("version", "getpid", "verbose", "VERBOSE x"), ends)],
  [
    1,
    line(
      among("show", "show x", "show jobs x", "cancel", "cancel job", "cancel x y", "create", "create x", "create x y"),
      ends,
    ),
  ],
  [
    1,
    line(
      among(
        "drop",
        "drop x",
        "maxqueue",
        "MAXQUEUE",
        "foo",
        "foo bar",
        "",
        " ",
        " status",
        "status\t",
        "shutdown",
        "\xe4",
        "foo\0bar",
        "version\0x",
      ),
      ends,
    ),
  ],
);

// ---------------------------------------------------------------------------------------------------- steps

/** Two connections are mostly clients, two mostly workers, one is anything. */
function message(on: number): fc.Arbitrary<Message> {
  const client = on < 2 ? 4 : 1;
  const worker = on === 2 || on === 3 ? 4 : 1;
  return oneOf<Message>(
    [10 * client, submit],
    [4 * worker, abilities],
    [8 * worker, grab],
    [3 * worker, packet("PRE_SLEEP")],
    [8 * worker, work(on)],
    [3, question],
    [1, refused],
    [4, text],
  );
}

const messages = connection.chain(
  (on): fc.Arbitrary<Send> =>
    fc.record({ on: fc.constant(on), messages: fc.array(message(on), { minLength: 1, maxLength: 5, size: "+1" }) }),
);

/** A job from its grab to its end, one or two things told of it between: what chance alone brings together too seldom. */
const shift = connection.chain((on): fc.Arbitrary<Step[]> => {
  const mine = among<Argument>({ told: "assigned", on, back: 0, suffix: "" });
  const told = oneOf<Message>(
    [2, packet("WORK_DATA", mine, data)],
    [2, packet("WORK_STATUS", mine, number, number)],
    [1, packet("WORK_WARNING", mine, data)],
  );
  const end = oneOf<Message>(
    [3, packet("WORK_COMPLETE", mine, data)],
    [1, packet("WORK_FAIL", mine)],
    [1, packet("WORK_EXCEPTION", mine, data)],
  );
  const say = (...said: fc.Arbitrary<readonly Message[]>[]) =>
    fc.tuple(...said).map((parts) => ({ on, messages: parts.flat() }));
  const one = (arbitrary: fc.Arbitrary<Message>) => arbitrary.map((drawn) => [drawn]);
  const after = fc.array(oneOf<Message>([3, grab], [1, packet("PRE_SLEEP")]), { maxLength: 2 });
  return fc.tuple(say(one(grab)), say(fc.array(told, { maxLength: 2 }), one(end), after)).map((steps) => [...steps]);
});

const raw = (type: number, body: string, size = body.length): string => {
  const header = Buffer.alloc(12);
  header.write("\0REQ", "latin1");
  header.writeUInt32BE(type, 4);
  header.writeUInt32BE(size, 8);
  return header.toString("latin1") + body;
};

const TOO_LONG = "x".repeat(8193);

const broken = oneOf<Omit<Break, "on">>(
  [
    2,
    among(
      raw(0, ""),
      raw(43, ""),
      raw(101, "abc"),
      "\0REX\0\0\0\x10\0\0\0\0",
      raw(16, "half", 40),
      "\0REQ",
      "stat",
    ).map((bytes) => ({ breaks: "closes" as const, bytes })),
  ],
  [1, among("status a b c d e\n", `${TOO_LONG}\n`).map((bytes) => ({ breaks: "closes" as const, bytes }))],
  [1, among(7, 12, 18, 23, 36, 38).map((type) => ({ breaks: "missing-arguments" as const, bytes: raw(type, "f") }))],
  [
    1,
    among(raw(7, `${TOO_LONG}\0u\0x`), raw(18, `f\0${TOO_LONG}\0x`), raw(1, TOO_LONG), raw(22, TOO_LONG)).map(
      (bytes) => ({ breaks: "argument-too-large" as const, bytes }),
    ),
  ],
);

const steps = oneOf<readonly Step[]>(
  [40, messages.map((step) => [step])],
  [15, shift],
  [3, connection.map((on) => [{ on, close: true as const }])],
  [1, fc.tuple(connection, broken).map(([on, how]) => [{ on, ...how }])],
);

const flags = oneOf<readonly string[]>(
  [8, among([])],
  [1, among(["--job-retries=1"], ["--job-retries=2"], ["--exceptions"])],
);

/** The workers begin with something to offer, mostly. */
const prologue: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    ...[2, 3].map((on) =>
      fc
        .option(packet("CAN_DO", functionName))
        .map((offer): Step[] => (offer === null ? [] : [{ on, messages: [offer] }])),
    ),
  )
  .map((parts) => parts.flat());

export const script: fc.Arbitrary<Script> = fc
  .tuple(flags, prologue, fc.array(steps, { minLength: 1, maxLength: 50, size: "max" }))
  .map(([chosen, before, parts]) => ({ flags: chosen, steps: [...before, ...parts.flat()] }));
