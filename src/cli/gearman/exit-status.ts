/** THE table of exit statuses. The help and docs/gearman.md are made from it. */
export const EXIT_STATUS = {
  done: {
    code: 0,
    when: "every job succeeded; a worker ended as it was told, by -c or by SIGTERM",
  },
  failed: { code: 1, when: "a job failed: WORK_FAIL or WORK_EXCEPTION" },
  usage: { code: 2, when: "the command line cannot be; nothing was done" },
  server: { code: 3, when: "no server could be reached, it refused the job, or was lost with it" },
  input: { code: 4, when: "the standard input could not be read, or a result could not be written" },
  late: {
    code: 124,
    when: "a job had no result within -t; a worker ended as jobs did not come within -t",
  },
  interrupted: { code: 130, when: "SIGINT (Ctrl-C)" },
  pipe: { code: 141, when: "the reader of the standard output went away" },
  terminated: { code: 143, when: "SIGTERM to a client, or a second one to a worker" },
} as const satisfies Readonly<Record<string, { readonly code: number; readonly when: string }>>;

export type Ending = keyof typeof EXIT_STATUS;

export const codeOf = (ending: Ending): number => EXIT_STATUS[ending].code;
