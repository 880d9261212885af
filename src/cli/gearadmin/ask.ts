import type { DialOptions } from "../../transport/dial.ts";
import type { Request } from "./operations.ts";
import { refusal, Unanswered } from "./problems.ts";
import { readReply } from "./reply.ts";
import type { AdminTarget } from "./servers.ts";
import { TextSession } from "./text-session.ts";

/** What came of an operation. */
export interface Answer {
  readonly request: Request;
  /** What the server said, as C gearadmin prints it; bytes as Latin-1. */
  readonly text: string;
}

/** What came of all operations at one server. */
export interface Report {
  readonly server: string;
  readonly answers: readonly Answer[];
  /** What went wrong, for people. */
  readonly problems: readonly string[];
}

const askAll = async (
  session: TextSession,
  server: string,
  requests: readonly Request[],
  answers: Answer[],
  problems: string[],
): Promise<void> => {
  for (const request of requests) {
    const { reply } = request.operation;
    const said = readReply(reply, await session.ask({ line: request.line, reply }));
    if (said.refused === undefined) answers.push({ request, text: said.text });
    else problems.push(refusal(server, request, said.refused));
  }
};

/** Asks a server everything in order: goes on after a refusal, as C gearadmin; ends when there is no answer. */
export const askServer = async (
  target: AdminTarget,
  requests: readonly Request[],
  options: DialOptions,
): Promise<Report> => {
  const report = { server: target.name, answers: [] as Answer[], problems: [] as string[] };
  try {
    const session = await TextSession.open(target, options);
    await askAll(session, target.name, requests, report.answers, report.problems).finally(() => session.close());
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    report.problems.push(error.message);
  }
  return report;
};
