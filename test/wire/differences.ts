/** A point where our server differs from gearmand 1.1.20 on purpose. */
export interface Difference {
  /** Named by the `[ours ...]` blocks of the transcripts that show it. */
  readonly id: string;
  /** What gearmand does, and what ours does instead: Markdown, one line each. */
  readonly gearmand: string;
  readonly ours: string;
  readonly reason: string;
  /** The file under `transcripts/` that shows it first. */
  readonly transcript: string;
}

/** THE list of differences: docs/migration.md is made from it, and every one has a transcript. */
export const DIFFERENCES: readonly Difference[] = [
  {
    id: "global-priority",
    gearmand:
      "a worker's newest function is emptied first, at all its priorities; `--round-robin` lets functions take turns",
    ours: "HIGH goes before NORMAL before LOW over all functions of a worker; at one priority functions take turns over all workers, the newest first",
    reason: "gearmand 2.0 does so; functions registered early starve otherwise",
    transcript: "05-order.txt",
  },
  {
    id: "no-retries",
    gearmand: "`--job-retries=0` (the default) is no limit",
    ours: "-1 (the default) is no limit, 0 is no retry, as is 1",
    reason: "gearmand 2.0 does so",
    transcript: "09-retries.txt",
  },
  {
    id: "background-stays",
    gearmand:
      "a background job that shares its unique with a foreground one is not run once the foreground clients have left",
    ours: "it is a background job, whoever joined it or whomever it joined, and runs",
    reason: "an acknowledged background job must not be lost",
    transcript: "04-coalescing.txt",
  },
  {
    id: "unique-64",
    gearmand:
      "a unique of 64 bytes is cut to 63, never coalesces, cannot be asked for, and its JOB_ASSIGN_UNIQ has a NUL too many",
    ours: "64 bytes are a unique like any other",
    reason: "duplicates run and the worker's data is wrong",
    transcript: "04-coalescing.txt",
  },
  {
    id: "reduce-unique",
    gearmand: "a reduce job's unique of more than 64 bytes is accepted and cut",
    ours: "ERROR `ARGUMENT_TOO_LARGE`, as for every submit",
    reason: "gearmand reads past the field when it sends it to a worker",
    transcript: "14-limits.txt",
  },
  {
    id: "workload-as-unique",
    gearmand:
      "the unique `-` also joins a job whose unique and whose workload are both this workload, though not the other way round",
    ours: "it joins what was submitted with `-`",
    reason: "an accident of gearmand's hash; nobody can mean it",
    transcript: "04-coalescing.txt",
  },
  {
    id: "long-denominator",
    gearmand:
      "a WORK_STATUS whose denominator has more than eleven bytes closes the worker's connection; of eleven, ten are kept",
    ours: "it is relayed, and all of it is kept",
    reason: "a worker that reports its progress must not lose its job",
    transcript: "11-status.txt",
  },
  {
    id: "work-fail-nul",
    gearmand: "a WORK_FAIL whose handle the worker ends with a NUL is relayed with it",
    ours: "the handle alone",
    reason: "Perl's client does not know such a handle (gearmand#108)",
    transcript: "02-work.txt",
  },
  {
    id: "empty-result",
    gearmand:
      "a WORK_COMPLETE of the handle alone, without the NUL behind it, is not answered, and its client waits for ever",
    ours: "it is an empty result",
    reason: "Perl's worker sends it so",
    transcript: "13-bad-packets.txt",
  },
  {
    id: "exception-downgrade",
    gearmand: "the WORK_FAIL that stands for a WORK_EXCEPTION has a NUL after the handle",
    ours: "the handle alone",
    reason: "Perl's client does not know such a handle (gearmand#108)",
    transcript: "03-exceptions.txt",
  },
  {
    id: "abandoned-removed",
    gearmand:
      "a queued foreground job whose last client left is counted in `status` until a worker comes by; who joins it gets its handle and never a result",
    ours: "it is removed at once; the next submit is a new job",
    reason: "the count is wrong, and a client waits for ever",
    transcript: "10-leaving.txt",
  },
  {
    id: "can-do-twice",
    gearmand: "a function that a worker registers twice is listed and counted twice",
    ours: "it is listed and counted once, and is the newest again",
    reason: "the number of workers is wrong",
    transcript: "07-abilities.txt",
  },
  {
    id: "wake-few",
    gearmand: "every job wakes all sleepers of its function, unless `--worker-wakeup` says how many",
    ours: "as many as there are jobs, the longest idle first; twice as many every 20 ms while a job is not taken, all by 200 ms; `--worker-wakeup=0` wakes all",
    reason: "with many idle workers gearmand does little else (gearmand#232)",
    transcript: "06-waking.txt",
  },
  {
    id: "reset-asleep",
    gearmand: "a sleeping worker that gives its jobs back with RESET_ABILITIES is woken for them, and gets NO_JOB",
    ours: "it is not woken for what it can no longer do",
    reason: "a useless round trip",
    transcript: "06-waking.txt",
  },
  {
    id: "can-do-asleep",
    gearmand: "a sleeping worker that registers a function with waiting jobs is not told of them",
    ours: "NOOP at once",
    reason: "the job would wait for the next one",
    transcript: "06-waking.txt",
  },
  {
    id: "pre-sleep-clears-noop",
    gearmand: "a worker that was woken and sleeps again without a grab is never woken again",
    ours: "PRE_SLEEP begins a new sleep: the next job wakes it",
    reason: "such a worker looks alive and receives nothing",
    transcript: "06-waking.txt",
  },
  {
    id: "epoch-wakes-when-due",
    gearmand: "SUBMIT_JOB_EPOCH for later wakes sleepers at once, and nobody when it is due",
    ours: "sleepers are woken when the job is due",
    reason: "nobody would take it in time; gearmand 2.0 wakes at both",
    transcript: "12-epoch.txt",
  },
  {
    id: "epoch-hides-nothing",
    gearmand: "a NORMAL job for later hides the LOW jobs of its function",
    ours: "it is out of the way until it is due",
    reason: "jobs that could run wait",
    transcript: "12-epoch.txt",
  },
  {
    id: "epoch-too-large",
    gearmand: "an epoch beyond 64 bits closes the connection",
    ours: "ERROR `ARGUMENT_TOO_LARGE`, and the connection goes on",
    reason: "the sender learns what is wrong",
    transcript: "12-epoch.txt",
  },
  {
    id: "timeout-too-large",
    gearmand: "a CAN_DO_TIMEOUT of 21 digits or more closes the connection",
    ours: "ERROR `ARGUMENT_TOO_LARGE`, and the connection goes on",
    reason: "the sender learns what is wrong",
    transcript: "14-limits.txt",
  },
  {
    id: "timer-per-job",
    gearmand:
      "a connection has one timer: PRE_SLEEP cancels it while a job runs, and of two timed jobs only one is queued again",
    ours: "a timer for each running job",
    reason: "jobs are never run again",
    transcript: "08-timeouts.txt",
  },
  {
    id: "timed-out-elsewhere",
    gearmand: "a job that timed out may be given to the same connection again at once",
    ours: "not while another worker can do it",
    reason: "its late result could not be told from the second run's",
    transcript: "08-timeouts.txt",
  },
  {
    id: "missing-arguments",
    gearmand: "a packet with too few NULs is not answered, and what follows is swallowed",
    ours: "ERROR `INVALID_PACKET`, then the connection is closed",
    reason: "the sender learns what is wrong",
    transcript: "13-bad-packets.txt",
  },
  {
    id: "argument-too-large",
    gearmand: "an argument of more than 8191 bytes closes the connection",
    ours: "ERROR `ARGUMENT_TOO_LARGE` first",
    reason: "the sender learns what is wrong",
    transcript: "14-limits.txt",
  },
  {
    id: "status-too-large",
    gearmand: "GET_STATUS and GET_STATUS_UNIQUE of 64 bytes or more close the connection",
    ours: "ERROR `ARGUMENT_TOO_LARGE` for GET_STATUS of 64 and GET_STATUS_UNIQUE of 65 bytes or more, and the connection goes on",
    reason: "the sender learns what is wrong; a unique may have 64 bytes",
    transcript: "14-limits.txt",
  },
  {
    id: "packet-too-large",
    gearmand: "a packet may be of any size, and memory is taken for what its header declares",
    ours: "beyond `--max-packet-bytes` (256 MiB): ERROR `ARGUMENT_TOO_LARGE`, its bytes are discarded, and the connection goes on",
    reason: "a header of 12 bytes must not cost 4 GiB",
    transcript: "14-limits.txt",
  },
  {
    id: "overload",
    gearmand: "queues grow until memory is gone",
    ours: "beyond `--max-jobs` and `--max-job-bytes` a submit gets ERROR `QUEUE_ERROR`; workers go on",
    reason: "a queue that a peer can fill has a bound",
    transcript: "14-limits.txt",
  },
  {
    id: "long-names",
    gearmand:
      "a job whose handle, function and unique come to more than 8192 bytes closes the connection of each worker that grabs it",
    ours: "it is assigned",
    reason: "a job would drive its workers away",
    transcript: "14-limits.txt",
  },
  {
    id: "answers-before-close",
    gearmand: "when a connection ends, answers that were not written yet are lost",
    ours: "what was received before is answered, then the connection is closed",
    reason: "`printf 'status\\n' | nc host 4730` gets its answer",
    transcript: "18-connections.txt",
  },
  {
    id: "cross-protocol",
    gearmand: "the lines of an HTTP request are run as text commands",
    ours: "a first line of HTTP or SSH, or first bytes of TLS on a port without it, close the connection",
    reason: "a web page could send commands to the port",
    transcript: "18-connections.txt",
  },
  {
    id: "cancel-removes",
    gearmand: "a cancelled queued job is counted until a worker comes by, keeps its unique, and can be cancelled again",
    ours: "it is removed at once",
    reason: "the count is wrong, and who joins it waits for ever",
    transcript: "17-admin-jobs.txt",
  },
  {
    id: "cancel-once",
    gearmand: "the clients of a cancelled running job get WORK_FAIL, and then what the worker goes on to send",
    ours: "WORK_FAIL, and nothing after it",
    reason: "a job has one end",
    transcript: "17-admin-jobs.txt",
  },
  {
    id: "drop-cancels",
    gearmand: "`drop function` leaves queued jobs behind that nobody can get, and their uniques taken",
    ours: "queued jobs are cancelled: their clients get WORK_FAIL",
    reason: "clients wait for ever, and a later submit gets a dead handle",
    transcript: "16-commands.txt",
  },
  {
    id: "create-bare-lf",
    gearmand: "`create function wxyz` that ends in LF alone makes `wxy`",
    ours: "`wxyz`",
    reason: "a bug",
    transcript: "16-commands.txt",
  },
  {
    id: "barrier",
    gearmand: "the option `barrier` is not known",
    ours: "it is: ECHO_RES is then sent once all is stored that was asked before, WORK_COMPLETE included",
    reason: "a worker can learn that its job will not come back",
    transcript: "03-exceptions.txt",
  },
  {
    id: "escaped-names",
    gearmand: "names and client ids are printed as they are",
    ours: "control bytes are printed as `\\xNN`, in `workers` spaces too; a backslash before `xNN` as `\\x5c`",
    reason: "a name must not forge a row",
    transcript: "15-tables.txt",
  },
  {
    id: "table-order",
    gearmand: "rows come in the order of a hash",
    ours: "in the order of creation",
    reason: "people read them",
    transcript: "15-tables.txt",
  },
  {
    id: "show-store",
    gearmand: "`show store` is answered `ERR UNKNOWN_SHOW_ARGUMENTS`",
    ours: "a table: the durability mode with what it survives, and what the store has counted",
    reason: "an operator must be able to ask what a crash would cost",
    transcript: "16-commands.txt",
  },
  {
    id: "version",
    gearmand: "`version` answers `OK 1.1.20+ds`",
    ours: "`OK ` and its own version",
    reason: "it is another program",
    transcript: "16-commands.txt",
  },
  {
    id: "shutdown",
    gearmand: "`shutdown` is not known (removed in 2016)",
    ours: "the same, unless started with `--allow-shutdown`: then `shutdown` and `shutdown graceful` stop the server",
    reason: "operators asked for it, and it is off by default",
    transcript: "16-commands.txt",
  },
];
