/* libgearman-worker HOST PORT PREFIX [id=NAME] [grab=job|uniq] [timeout=MS]: the worker side of test/support/interop-clients.ts. */
#include "lines.h"

static gearman_worker_st *worker;
static const char *prefix;

static char *function(const char *name) {
  char *full = NULL;
  if (asprintf(&full, "%s-%s", prefix, name) < 0) exit(1);
  return full;
}

static void announce(gearman_job_st *job) {
  char *words = NULL;
  if (asprintf(&words, "job\t%s\t%s\t%s", gearman_job_function_name(job), gearman_job_handle(job), gearman_job_unique(job)) < 0) exit(1);
  size_t size = gearman_job_workload_size(job);
  say_bytes(words, gearman_job_workload(job), size < 1024 ? size : 0);
  free(words);
}

static void wait_for_a_line(void) {
  char *line = NULL;
  size_t size = 0;
  if (getline(&line, &size, stdin) < 0) exit(1);
  free(line);
}

static gearman_return_t do_reverse(gearman_job_st *job, void *context) {
  (void)context;
  announce(job);
  size_t size = gearman_job_workload_size(job);
  char *result = malloc(size + 1);
  reverse(gearman_job_workload(job), result, size);
  gearman_return_t code = gearman_job_send_complete(job, result, size);
  free(result);
  return code;
}

/* The old kind of function, whose value is the result: what the PHP extension builds on. */
static void *do_events(gearman_job_st *job, void *context, size_t *size, gearman_return_t *code) {
  (void)context;
  announce(job);
  gearman_job_send_data(job, "some", 4);
  gearman_job_send_warning(job, "careful", 7);
  gearman_job_send_status(job, 1, 2);
  *code = GEARMAN_SUCCESS;
  *size = 4;
  return strdup("rest");
}

static gearman_return_t do_fail(gearman_job_st *job, void *context) {
  (void)context;
  announce(job);
  return GEARMAN_FATAL;
}

static gearman_return_t do_exception(gearman_job_st *job, void *context) {
  (void)context;
  announce(job);
  gearman_job_send_exception(job, "boom", 4);
  return GEARMAN_SUCCESS;
}

static gearman_return_t do_hold(gearman_job_st *job, void *context) {
  (void)context;
  gearman_job_send_status(job, 3, 10);
  announce(job);
  wait_for_a_line();
  return gearman_job_send_complete(job, "released", 8);
}

static gearman_return_t do_leave(gearman_job_st *job, void *context) {
  (void)context;
  announce(job);
  check(gearman_worker_unregister(worker, function("reverse")), "unregister");
  return gearman_job_send_complete(job, "left", 4);
}

/* Splits the workload at spaces: libgearman submits each piece to the reducer and hands all results to `join`. */
static gearman_return_t do_split(gearman_job_st *job, void *context) {
  (void)context;
  announce(job);
  char *words = strndup(gearman_job_workload(job), gearman_job_workload_size(job));
  for (char *word = strtok(words, " "); word != NULL; word = strtok(NULL, " "))
    check(gearman_job_send_data(job, word, strlen(word)), "send data");
  free(words);
  return GEARMAN_SUCCESS;
}

static gearman_return_t join(gearman_aggregator_st *aggregator, gearman_task_st *task, gearman_result_st *result) {
  (void)aggregator;
  char joined[1024] = "";
  for (; task != NULL; task = gearman_next(task)) {
    gearman_result_st *part = gearman_task_result(task);
    strncat(joined, gearman_result_value(part), gearman_result_size(part));
    strcat(joined, ";");
  }
  return gearman_result_store_value(result, joined, strlen(joined));
}

static void options(int argc, char **argv) {
  for (int i = 4; i < argc; i++) {
    char *value = strchr(argv[i], '=') + 1;
    if (strncmp(argv[i], "id=", 3) == 0) check(gearman_worker_set_identifier(worker, value, strlen(value)), "identifier");
    if (strcmp(argv[i], "grab=job") == 0) gearman_worker_remove_options(worker, GEARMAN_WORKER_GRAB_UNIQ | GEARMAN_WORKER_GRAB_ALL);
    if (strcmp(argv[i], "grab=uniq") == 0) {
      gearman_worker_remove_options(worker, GEARMAN_WORKER_GRAB_ALL);
      gearman_worker_add_options(worker, GEARMAN_WORKER_GRAB_UNIQ);
    }
    if (strncmp(argv[i], "timeout=", 8) == 0) gearman_worker_set_timeout(worker, atoi(value));
  }
}

static void define(const char *name, gearman_function_t run, uint32_t timeout) {
  char *full = function(name);
  check(gearman_worker_define_function(worker, full, strlen(full), run, timeout, NULL), "define function");
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  worker = gearman_worker_create(NULL);
  prefix = argv[3];
  if (getenv("INTEROP_TLS") != NULL) gearman_worker_add_options(worker, GEARMAN_WORKER_SSL);
  check(gearman_worker_add_server(worker, argv[1], (in_port_t)atoi(argv[2])), "add server");
  options(argc, argv);
  check(gearman_worker_echo(worker, "ping", 4), "echo");
  struct {
    const char *name;
    gearman_function_fn *run;
    uint32_t timeout;
  } table[] = {{"reverse", do_reverse, 0}, {"fail", do_fail, 0}, {"exception", do_exception, 0},
               {"hold", do_hold, 0}, {"hold-timeout", do_hold, 1000}, {"leave", do_leave, 0}};
  for (size_t i = 0; i < sizeof table / sizeof *table; i++)
    define(table[i].name, gearman_function_create(table[i].run), table[i].timeout);
  define("split", gearman_function_create_partition(do_split, join), 0);
  check(gearman_worker_add_function(worker, function("events"), 0, do_events, NULL), "add function");
  say("ready");
  gearman_return_t code;
  do code = gearman_worker_work(worker);
  while (code == GEARMAN_SUCCESS || code == GEARMAN_WORK_FAIL); /* a failed job is no reason to stop */
  say("stopped\t%s", gearman_strerror(code));
  gearman_worker_free(worker);
  return 0;
}
