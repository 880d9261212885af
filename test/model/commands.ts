import fc from "fast-check";
import type { Finish } from "../../src/core/results.ts";
import type { GrabKind, JobSpec, Priority } from "../../src/core/types.ts";
import { aSpec, bytes } from "../support/core-harness.ts";

/** One thing that happens. Numbers name connections and jobs by their place among those that are there, so that commands can be left out. */
export type Command =
  | { readonly what: "connect" | "drain" }
  | { readonly what: "leave" | "resetAbilities" | "preSleep"; readonly peer: number }
  | { readonly what: "submit"; readonly peer: number; readonly spec: JobSpec; readonly delay: number }
  | { readonly what: "commit"; readonly succeeds: boolean }
  | { readonly what: "canDo"; readonly peer: number; readonly name: string; readonly timeout: number }
  | { readonly what: "cantDo"; readonly peer: number; readonly name: string }
  | { readonly what: "grab"; readonly peer: number; readonly kind: GrabKind; readonly busy: boolean }
  | {
      readonly what: "finish";
      readonly peer: number;
      readonly job: number;
      readonly own: boolean;
      readonly how: Finish;
    }
  | { readonly what: "cancel"; readonly job: number }
  | { readonly what: "createFunction" | "dropFunction"; readonly name: string }
  | { readonly what: "setMaxQueue"; readonly name: string; readonly limit: number }
  | { readonly what: "pass" | "jump"; readonly ms: number };

const name = fc.constantFrom("a", "b", "A");
const peer = fc.nat(7);
const job = fc.nat(15);

/** A submit; `delay`: seconds from now before which it does not run. */
const submit = fc.record({
  what: fc.constant("submit" as const),
  peer,
  spec: fc
    .record({
      function: name,
      unique: fc.constantFrom("", "u", "v", "-"),
      workload: fc.constantFrom("", "x", "yy").map(bytes),
      priority: fc.constantFrom<Priority>(0, 1, 2),
      background: fc.boolean(),
    })
    .map(aSpec),
  delay: fc.constantFrom(0, 0, 0, 0, 1, 5),
});

const simple = <What extends Command["what"]>(what: What) => fc.constant({ what });

/** What happens, the usual more often than the rare. */
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 10, arbitrary: submit },
  { weight: 3, arbitrary: simple("connect") },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("leave" as const), peer }) },
  {
    weight: 7,
    arbitrary: fc.record({ what: fc.constant("commit" as const), succeeds: fc.constantFrom(true, true, false) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant("canDo" as const),
      peer,
      name,
      timeout: fc.constantFrom(0, 0, 1, 1500, -1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("cantDo" as const), peer, name }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom("resetAbilities" as const), peer }) },
  {
    weight: 12,
    arbitrary: fc.record({
      what: fc.constant("grab" as const),
      peer,
      kind: fc.constantFrom<GrabKind>("plain", "unique", "all"),
      busy: fc.boolean(),
    }),
  },
  { weight: 6, arbitrary: fc.record({ what: fc.constant("preSleep" as const), peer }) },
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant("finish" as const),
      peer,
      job,
      own: fc.constantFrom(true, true, true, false),
      how: fc.constantFrom<Finish>("completed", "failed", "exceptions"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("cancel" as const), job }) },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constantFrom("createFunction" as const, "dropFunction" as const), name }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant("setMaxQueue" as const), name, limit: fc.constantFrom(0, 1, 3) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ what: fc.constant("pass" as const), ms: fc.constantFrom(0.5, 1.5, 7, 20, 100, 230, 1000) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant("jump" as const), ms: fc.constantFrom(-10_000, -1000, 1000, 10_000) }),
  },
);

/** A session: what happens, and at times a drain near its end. */
export const session: fc.Arbitrary<Command[]> = fc
  .tuple(
    fc.array(command, { minLength: 1, maxLength: 150, size: "max" }),
    fc.array(simple("drain"), { maxLength: 1 }),
    fc.array(command, { maxLength: 15, size: "max" }),
  )
  .map((parts) => parts.flat());
