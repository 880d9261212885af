import type { Submitted } from "../../core/submit.ts";
import { type JobSpec, Priority, type Refusal } from "../../core/types.ts";
import { hold } from "../../lib/blocks.ts";
import { INT64_MAX, wholeNumber } from "../../lib/c-text.ts";
import type { ErrorName } from "../../protocol/errors.ts";
import { MAX_UNIQUE } from "../../protocol/header.ts";
import { jobCreated } from "../replies.ts";
import { arg, type Request, retain } from "../request.ts";
import type { Caller, Handler } from "./handler.ts";

const ERROR_OF: Readonly<Record<Refusal, ErrorName>> = {
  "function full": "functionFull",
  "server full": "serverFull",
  "too many functions": "tooManyFunctions",
  draining: "draining",
};

/** PROTOCOL: SUBMIT_JOB, SUBMIT_JOB_BG and their HIGH and LOW */
export const submitJob = (priority: Priority, background: boolean): Handler => {
  const variant = { priority, background, reducer: "", epoch: 0 };
  return (caller, request) => submit(caller, request, variant);
};

/** PROTOCOL: SUBMIT_JOB_EPOCH: in the background; a time that is past, or no number, is now */
export const submitEpoch: Handler = (caller, request) => {
  const epoch = wholeNumber(arg(request, 2));
  if (epoch > INT64_MAX) caller.fail("numberTooLong");
  else
    submit(caller, request, {
      priority: Priority.normal,
      background: true,
      reducer: "",
      epoch: Math.max(0, Number(epoch)),
    });
};

/** PROTOCOL: SUBMIT_REDUCE_JOB: its fourth argument, the aggregator, is not passed on, as in gearmand */
export const submitReduce =
  (background: boolean): Handler =>
  (caller, request) => {
    const reducer = arg(request, 2);
    if (reducer.length > MAX_UNIQUE)
      caller.fail("uniqueTooLong"); // the text is gearmand's;
    else submit(caller, request, { priority: Priority.normal, background, reducer, epoch: 0 });
  };

type Variant = Pick<JobSpec, "priority" | "background" | "reducer" | "epoch">;

function submit(caller: Caller, request: Request, variant: Variant): void {
  const unique = arg(request, 1);
  if (unique.length > MAX_UNIQUE) return caller.fail("uniqueTooLong");
  const { hub, peer } = caller;
  const { priority, background, reducer, epoch } = variant;
  // Named one by one: a spread is slow.
  const spec: JobSpec = {
    function: arg(request, 0),
    unique,
    workload: retain(request),
    priority,
    background,
    reducer,
    epoch,
  };
  const submitted = hub.core.submit(spec, peer);
  keepWorkload(submitted, spec);
  switch (submitted.kind) {
    case "refused":
      return caller.fail(ERROR_OF[submitted.reason]);
    case "created":
      hub.deliver(submitted.outcome);
      return caller.send(jobCreated(submitted.job));
    case "waiting":
      if (submitted.store) hub.store(submitted.ticket.job);
      return caller.answer(submitted.ticket);
  }
}

/** A job holds its workload until it ends; that of a submit which joins another job is for nobody. */
function keepWorkload(submitted: Submitted, { workload }: JobSpec): void {
  if (typeof workload === "string" || submitted.kind === "refused") return;
  const { job } = submitted.kind === "created" ? submitted : submitted.ticket;
  if (job.workload === workload) hold(workload);
}
