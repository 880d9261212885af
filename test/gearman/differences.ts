/** How a call ends: what both tools are run for. */
export interface Ending {
  readonly stdout?: string;
  readonly stderr?: RegExp;
  readonly code: number;
}

/** A point where gearman-ts differs from gearman 1.1.20 on purpose. */
export interface Difference {
  readonly id: string;
  /** Markdown, one line each. */
  readonly gearman: string;
  readonly ours: string;
  readonly reason: string;
  /** A call that shows it, if one call of a client does: flags beside the server's, input, and how it ends. */
  readonly shown?: {
    readonly args: readonly string[];
    readonly input?: string;
    readonly c: Ending;
    readonly ours: Ending;
  };
}

/** THE list of differences: docs/gearman.md is made from it. What is not shown by a call here has a test of its own. */
export const DIFFERENCES: readonly Difference[] = [
  {
    id: "late",
    gearman: "a job that had no result within `-t`: exit status 0",
    ours: "124, as of timeout(1)",
    reason: "a script would take the empty output for the result",
    shown: {
      args: ["-t", "100", "-f", "nobody", "a"],
      c: { stderr: /GEARMAN_TIMEOUT/, code: 0 },
      ours: { stderr: /no outcome within 100 ms.*is there a worker\?/, code: 124 },
    },
  },
  {
    id: "no-server",
    gearman: "no server can be reached: exit status 0",
    ours: "3, and no further job is tried",
    reason: "as above",
    shown: {
      args: ["-h", "127.0.0.1", "-p", "1", "-f", "upper", "a", "b"],
      c: { stderr: /COULD_NOT_CONNECT.*COULD_NOT_CONNECT/s, code: 0 },
      ours: { stderr: /^[^\n]*ECONNREFUSED[^\n]*is a server running there\?[^\n]*\n$/, code: 3 },
    },
  },
  {
    id: "usage",
    gearman: "a wrong command line: the whole help on stderr, exit status 1, as of a failed job",
    ours: "a line that says what is wrong, exit status 2",
    reason: "it can be told from a failed job",
    shown: {
      args: ["a"],
      c: { stderr: /Error in usage.*Client mode/s, code: 1 },
      ours: { stderr: /^gearman-ts: which function\?[^\n]*\n$/, code: 2 },
    },
  },
  {
    id: "numbers",
    gearman: "what is no number is 0, or the default: `-t abc` gives up at once, `-p abc` is 4730",
    ours: "refused",
    reason: "a typing error",
    shown: {
      args: ["-t", "abc", "-f", "nobody", "a"],
      c: { stderr: /GEARMAN_TIMEOUT/, code: 0 },
      ours: { stderr: /'abc'/, code: 2 },
    },
  },
  {
    id: "no-time",
    gearman: "`-t 0` gives up at once",
    ours: "is no limit, as `-t -1`",
    reason: "nobody can mean it",
  },
  {
    id: "both-priorities",
    gearman: "`-I` and `-L` together: accepted",
    ours: "refused",
    reason: "a mistake",
    shown: {
      args: ["-I", "-L", "-f", "upper", "a"],
      c: { stdout: "A", code: 0 },
      ours: { stderr: /leave one of them out/, code: 2 },
    },
  },
  {
    id: "empty-argument",
    gearman: "an empty argument is refused, with exit status 0",
    ours: "it is a job without bytes",
    reason: '`"$x"` in a script may be empty',
    shown: {
      args: ["-P", "-f", "same", ""],
      c: { stdout: "", stderr: /invalid workload/, code: 0 },
      ours: { stdout: "same: ", code: 0 },
    },
  },
  {
    id: "empty-line",
    gearman: "`-N`: an empty line is refused, with exit status 0",
    ours: "it is a job without bytes",
    reason: "a job for each line, whatever it holds",
    shown: {
      args: ["-P", "-N", "-f", "same"],
      input: "a\n\nb\n",
      c: { stdout: "same: asame: b", stderr: /invalid workload/, code: 0 },
      ours: { stdout: "same: asame: same: b", code: 0 },
    },
  },
  {
    id: "last-line",
    gearman: "`-N` cuts the last byte of a last line that has no line end",
    ours: "only line ends are cut",
    reason: "a bug",
    shown: {
      args: ["-N", "-f", "same"],
      input: "abc\ndef",
      c: { stdout: "abcde", code: 0 },
      ours: { stdout: "abcdef", code: 0 },
    },
  },
  {
    id: "nul-lines",
    gearman: "`-n`, `-N`: what is behind a NUL in a line is lost",
    ours: "every byte is kept",
    reason: "a bug",
    shown: {
      args: ["-n", "-f", "same"],
      input: "a\0b\n",
      c: { stdout: "a", code: 0 },
      ours: { stdout: "a\0b\n", code: 0 },
    },
  },
  {
    id: "failed",
    gearman: "`Job failed`",
    ours: "`Job failed: HANDLE of NAME`. Called as `gearman`: as C",
    reason: "of several jobs and functions, somebody must find this one",
    shown: {
      args: ["-f", "fail", "a"],
      c: { stderr: /^Job failed\n$/, code: 1 },
      ours: { stderr: /^Job failed: \S+:\d+ of fail\n$/, code: 1 },
    },
  },
  {
    id: "typing",
    gearman: "reads a workload from a terminal without a word",
    ours: "says on stderr that it reads, and what ends it. Called as `gearman`: as C",
    reason: "it looks as if it hung",
  },
  {
    id: "exception",
    gearman: "an exception is a failure without words",
    ours: "what the worker said goes to stderr, then `Job failed`",
    reason: "somebody must look for the cause",
  },
  {
    id: "order",
    gearman: "into a pipe, `Task created` and `N% Complete` come at the end of the program, behind all data",
    ours: "they come when they happen",
    reason: "they are for who waits",
  },
  {
    id: "terminal",
    gearman: "the status goes to stdout, into the data",
    ours: "the same into a pipe; if stderr is a terminal, bars on it, and stdout is data alone. Called as `gearman`: lines always",
    reason: "a person sees how far it is",
  },
  {
    id: "command",
    gearman: "`-f NAME -- COMMAND` sends jobs `COMMAND`",
    ours: "is a worker that runs it, and says so, unless one of `-b -I -L -n -N -P -s -u` or a workload before `--` is given. Called as `gearman`: as C",
    reason: "the introductions to Gearman write it so",
  },
  {
    id: "several-servers",
    gearman: "one `-h`, the last; a host without a port",
    ours: "several, each with a port, a scheme or a path",
    reason: "fail-over from a shell",
  },
  {
    id: "line-data",
    gearman: "worker with `-n` or `-N`: each packet holds all lines so far",
    ours: "each line once",
    reason: "a bug",
  },
  {
    id: "no-program",
    gearman: "worker whose command does not exist: takes jobs and answers with nothing",
    ours: "refused at start, exit status 2",
    reason: "the jobs would be lost",
  },
  {
    id: "killed-command",
    gearman: "worker whose command is killed by a signal: the job succeeds",
    ours: "a warning that names the signal, then `Job failed`",
    reason: "half a result is none",
  },
  {
    id: "command-errors",
    gearman: "what a worker's command writes to stderr stays with the worker",
    ours: "it also goes to the client, as warnings",
    reason: "the client is who wants to know",
  },
  {
    id: "left-behind",
    gearman: "what a worker's command left running goes on",
    ours: "it ends with the job, as the command has a process group of its own (setsid gets out of it)",
    reason: "no orphans",
  },
  {
    id: "stopping",
    gearman: "SIGTERM and SIGINT end a worker at once; its command runs on",
    ours: "running jobs may end first; a second signal ends them and what they run",
    reason: "deployments lose no results",
  },
  {
    id: "lost-server",
    gearman: "worker without a server: an error for each attempt, each counted by `-c`",
    ours: "one line, and attempts for ever, slower and slower; nothing is counted",
    reason: "servers come back",
  },
  {
    id: "late-worker",
    gearman: "worker that ends because `-t` passed as often as `-c` says: exit status 0",
    ours: "124",
    reason: "no job was done",
  },
  {
    id: "bytes",
    gearman: "arguments are bytes",
    ours: "bytes of an argument that are not UTF-8 become U+FFFD: give them by the input",
    reason: "Node reads arguments as UTF-8",
  },
  {
    id: "no-name",
    gearman: "`-f ''`: refused for each job, with exit status 0",
    ours: "refused before any job, exit status 2",
    reason: "nothing has such a name",
    shown: {
      args: ["-f", "", "a"],
      c: { stderr: /invalid function/, code: 0 },
      ours: { stderr: /a function needs a name/, code: 2 },
    },
  },
  {
    id: "hash-unique",
    gearman: "`-u '#'`: a hash of the workload",
    ours: "the unique `#`",
    reason: "`-u -` has servers compare the workloads themselves",
  },
];
