/* libgearman-client HOST PORT: the client side of test/support/interop-clients.ts. */
#include "lines.h"

static gearman_client_st *client;

struct request {
  char *op, *function, *unique, *extra;
  struct bytes workload;
};

/* ---- callbacks of tasks: every event is said under the name of its task ---- */

static void event(gearman_task_st *task, const char *kind) {
  char words[128];
  snprintf(words, sizeof words, "task\t%s\t%s", (char *)gearman_task_context(task), kind);
  say_bytes(words, gearman_task_data(task), gearman_task_data_size(task));
}

static gearman_return_t on_created(gearman_task_st *task) {
  say("task\t%s\tcreated\t%s", (char *)gearman_task_context(task), gearman_task_job_handle(task));
  return GEARMAN_SUCCESS;
}

static gearman_return_t on_data(gearman_task_st *task) { return event(task, "data"), GEARMAN_SUCCESS; }
static gearman_return_t on_warning(gearman_task_st *task) { return event(task, "warning"), GEARMAN_SUCCESS; }
static gearman_return_t on_complete(gearman_task_st *task) { return event(task, "complete"), GEARMAN_SUCCESS; }
static gearman_return_t on_exception(gearman_task_st *task) { return event(task, "exception"), GEARMAN_SUCCESS; }

static gearman_return_t on_fail(gearman_task_st *task) {
  say("task\t%s\tfail", (char *)gearman_task_context(task));
  return GEARMAN_SUCCESS;
}

static gearman_return_t on_status(gearman_task_st *task) {
  say("task\t%s\tstatus\t%d\t%d\t%u\t%u", (char *)gearman_task_context(task), gearman_task_is_known(task),
      gearman_task_is_running(task), gearman_task_numerator(task), gearman_task_denominator(task));
  return GEARMAN_SUCCESS;
}

/* ---- operations; each says its events and returns the code that ends it ---- */

typedef void *do_fn(gearman_client_st *, const char *, const char *, const void *, size_t, size_t *, gearman_return_t *);
typedef gearman_return_t background_fn(gearman_client_st *, const char *, const char *, const void *, size_t, gearman_job_handle_t);
typedef gearman_task_st *task_fn(gearman_client_st *, gearman_task_st *, void *, const char *, const char *, const void *, size_t,
                                 gearman_return_t *);

static const char *unique_of(struct request *r) { return *r->unique ? r->unique : NULL; }

static gearman_return_t foreground(struct request *r, do_fn *submit) {
  size_t size;
  gearman_return_t code;
  void *result = submit(client, r->function, unique_of(r), r->workload.data, r->workload.size, &size, &code);
  if (code == GEARMAN_SUCCESS) say_bytes("complete", result, size);
  if (code == GEARMAN_WORK_FAIL) say("fail");
  if (code == GEARMAN_WORK_EXCEPTION) say("exception"); /* gearman_client_do gives no text */
  return code;
}

static gearman_return_t background(struct request *r, background_fn *submit) {
  gearman_job_handle_t handle;
  gearman_return_t code = submit(client, r->function, unique_of(r), r->workload.data, r->workload.size, handle);
  say("created\t%s", handle);
  return code;
}

static gearman_return_t add(struct request *r, task_fn *submit) {
  gearman_return_t code;
  submit(client, NULL, r->extra, r->function, unique_of(r), r->workload.data, r->workload.size, &code);
  return code;
}

static gearman_return_t execute(struct request *r, gearman_task_attr_t attributes, const char *reducer) {
  gearman_argument_t argument = gearman_argument_make(NULL, 0, r->workload.data, r->workload.size);
  size_t unique_size = strlen(r->unique);
  gearman_task_st *task =
      reducer == NULL
          ? gearman_execute(client, r->function, strlen(r->function), unique_of(r), unique_size, &attributes, &argument, "execute")
          : gearman_execute_by_partition(client, r->function, strlen(r->function), reducer, strlen(reducer), unique_of(r), unique_size,
                                         &attributes, &argument, "execute");
  if (task == NULL) return gearman_client_error_code(client);
  if (gearman_task_job_handle(task) != NULL) say("created\t%s", gearman_task_job_handle(task));
  gearman_result_st *result = gearman_task_result(task);
  if (result != NULL) say_bytes("complete", gearman_result_value(result), gearman_result_size(result));
  return gearman_task_return(task);
}

static gearman_return_t status(struct request *r) {
  bool known, running;
  uint32_t numerator, denominator;
  gearman_return_t code = gearman_client_job_status(client, r->function, &known, &running, &numerator, &denominator);
  say("status\t%d\t%d\t%u\t%u", known, running, numerator, denominator);
  return code;
}

static gearman_return_t unique_status(struct request *r) {
  gearman_status_t s = gearman_client_unique_status(client, r->unique, strlen(r->unique));
  say("status\t%d\t%d\t%u\t%u\t%u", gearman_status_is_known(s), gearman_status_is_running(s), gearman_status_numerator(s),
      gearman_status_denominator(s), s.status_.mesg_.client_count);
  return gearman_status_return(s);
}

static gearman_return_t option(struct request *r) {
  return gearman_client_set_server_option(client, r->function, strlen(r->function)) ? GEARMAN_SUCCESS : gearman_client_error_code(client);
}

static gearman_return_t add_status(struct request *r) {
  gearman_return_t code;
  gearman_client_add_task_status(client, NULL, r->extra, r->function, &code);
  return code;
}

static gearman_return_t run(struct request *r) {
  const char *op = r->op;
  if (!strcmp(op, "normal")) return foreground(r, gearman_client_do);
  if (!strcmp(op, "high")) return foreground(r, gearman_client_do_high);
  if (!strcmp(op, "low")) return foreground(r, gearman_client_do_low);
  if (!strcmp(op, "normal-background")) return background(r, gearman_client_do_background);
  if (!strcmp(op, "high-background")) return background(r, gearman_client_do_high_background);
  if (!strcmp(op, "low-background")) return background(r, gearman_client_do_low_background);
  if (!strcmp(op, "add-normal")) return add(r, gearman_client_add_task);
  if (!strcmp(op, "add-high")) return add(r, gearman_client_add_task_high);
  if (!strcmp(op, "add-low")) return add(r, gearman_client_add_task_low);
  if (!strcmp(op, "add-normal-background")) return add(r, gearman_client_add_task_background);
  if (!strcmp(op, "add-high-background")) return add(r, gearman_client_add_task_high_background);
  if (!strcmp(op, "add-low-background")) return add(r, gearman_client_add_task_low_background);
  if (!strcmp(op, "add-status")) return add_status(r);
  if (!strcmp(op, "run")) return gearman_client_run_tasks(client);
  if (!strcmp(op, "execute")) return execute(r, gearman_task_attr_init(GEARMAN_JOB_PRIORITY_NORMAL), NULL);
  if (!strcmp(op, "execute-background")) return execute(r, gearman_task_attr_init_background(GEARMAN_JOB_PRIORITY_NORMAL), NULL);
  if (!strcmp(op, "epoch")) return execute(r, gearman_task_attr_init_epoch(atol(r->extra), GEARMAN_JOB_PRIORITY_NORMAL), NULL);
  if (!strcmp(op, "reduce")) return execute(r, gearman_task_attr_init(GEARMAN_JOB_PRIORITY_NORMAL), r->extra);
  if (!strcmp(op, "reduce-background")) return execute(r, gearman_task_attr_init_background(GEARMAN_JOB_PRIORITY_NORMAL), r->extra);
  if (!strcmp(op, "status")) return status(r);
  if (!strcmp(op, "unique-status")) return unique_status(r);
  if (!strcmp(op, "echo")) return gearman_client_echo(client, r->workload.data, r->workload.size);
  if (!strcmp(op, "option")) return option(r);
  if (!strcmp(op, "timeout")) return gearman_client_set_timeout(client, atoi(r->extra)), GEARMAN_SUCCESS;
  if (!strcmp(op, "identifier")) return gearman_client_set_identifier(client, r->extra, strlen(r->extra));
  if (!strcmp(op, "namespace")) return gearman_client_set_namespace(client, r->extra, strlen(r->extra)), GEARMAN_SUCCESS;
  return GEARMAN_INVALID_COMMAND;
}

static void callbacks(void) {
  gearman_client_set_created_fn(client, on_created);
  gearman_client_set_data_fn(client, on_data);
  gearman_client_set_warning_fn(client, on_warning);
  gearman_client_set_status_fn(client, on_status);
  gearman_client_set_complete_fn(client, on_complete);
  gearman_client_set_exception_fn(client, on_exception);
  gearman_client_set_fail_fn(client, on_fail);
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  client = gearman_client_create(NULL);
  if (getenv("INTEROP_TLS") != NULL) gearman_client_add_options(client, GEARMAN_CLIENT_SSL);
  check(gearman_client_add_server(client, argv[1], (in_port_t)atoi(argv[2])), "add server");
  callbacks();
  char *line = NULL;
  size_t size = 0;
  for (ssize_t length; (length = getline(&line, &size, stdin)) > 0;) {
    line[length - 1] = 0;
    char *rest = line;
    struct request request = {strsep(&rest, "\t"), strsep(&rest, "\t"), strsep(&rest, "\t"), NULL, {NULL, 0}};
    request.workload = unhex(strsep(&rest, "\t"));
    char *bytes = request.workload.data;
    if (request.workload.size == 0) request.workload.data = NULL; /* libgearman refuses a pointer to nothing */
    request.extra = strdup(rest);
    gearman_return_t code = run(&request);
    free(bytes);
    say("end\t%s", code == GEARMAN_SUCCESS ? "ok" : gearman_strerror(code));
  }
  gearman_client_free(client);
  return 0;
}
