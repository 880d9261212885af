/*
 * A load for a Gearman server: one thread, raw packets, so that what it measures is the server. Prints one JSON object.
 *
 * Foreground jobs and the clock begin when all workers sleep.
 * With -r jobs arrive as those of many who know nothing of each other do (Poisson), at the same times in every run. Latency counts from
 * when a job was due: if the server or the load is late, that shows.
 * A drain ends when the server has forgotten the jobs for good: it asks for a barrier, which a server that has none refuses, and does no harm.
 * A workload begins with the time from which its latency counts, so that its result tells how long it took. It is text: gearmand with
 * `-q redis` cuts a workload at its first NUL when it is started again.
 */
#include "connection.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static const char USAGE[] =
    "gearload submit -p PORT [-c clients] [-d outstanding each] [-n jobs | -t seconds]          background jobs\n"
    "gearload drain  -p PORT [-w workers] [-g grabs at once of each] -n jobs                    what is queued\n"
    "gearload run    -p PORT [-c] [-d] [-w] [-g] [-n | -t] [-x: a new connection for each job]  foreground jobs\n"
    "gearload echo   -p PORT [-c] [-d] [-n | -t]                ECHO_REQ, to see how fast it answers\n"
    "all: [-f function] [-F: so many functions] [-s bytes of a workload] [-u: with unique ids]\n"
    "     [-k: so many unique ids, again and again] [-P: the server's process, to tell its CPU]\n"
    "     [-r: instead of -d, so many jobs a second, however many are outstanding]\n";

static const double SECOND = 1e9;
static int port, clients = 8, depth = 1, workers = 8, grabs = 1, functions = 1, with_uniques, few_uniques, churns;
static long jobs = 0, rate = 0;
static double seconds = 0;
static size_t size = 100;
enum { STAMP = 16 };
static const char *function = "bench";

static long submitted, completed, asked, echoed;
static uint64_t began;
/* With -r: when the next job arrives. */
static uint64_t due;
static int background, draining, echoing;
/* The server, and its CPU time when the clock began. */
static int process;
static double cpu_began;
static uint8_t *workload;
static connection **client, **worker;

static uint32_t *latencies;
static long measured;

static void measure(uint64_t since) {
  static long room;
  if (measured == room && !(latencies = realloc(latencies, (room = 2 * room + 1024) * sizeof *latencies))) die("realloc");
  latencies[measured++] = (nanoseconds() - since) / 1000;
}

static int ascending(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}

/* Of the server, user and system, seconds. */
static double cpu(void) {
  char path[32], text[1024] = "";
  unsigned long user = 0, system = 0;
  sprintf(path, "/proc/%d/stat", process);
  FILE *file = process ? fopen(path, "r") : NULL;
  if (!file) return 0;
  fread(text, 1, sizeof text - 1, file);
  fclose(file);
  sscanf(strrchr(text, ')'), ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
  return (user + system) / (double)sysconf(_SC_CLK_TCK);
}

static void begin_clock(void) {
  cpu_began = cpu();
  began = nanoseconds();
}

static double elapsed(void) { return (nanoseconds() - began) / SECOND; }
static int more(void) {
  if (jobs) return submitted < jobs;
  return (rate ? (due - began) / SECOND : elapsed()) < seconds;
}

static size_t function_of(long nth, char *text) {
  return functions > 1 ? sprintf(text, "%s%ld", function, nth % functions) : sprintf(text, "%s", function);
}

/* Of the length that libgearman gives them when the caller has none. */
static size_t unique_of(long nth, char *text) {
  if (few_uniques) return sprintf(text, "u%ld", nth % few_uniques);
  return with_uniques ? sprintf(text, "%08x-0000-4000-8000-%012lx", getpid(), nth) : 0;
}

/* The room doubles when it is full. */
static void remember(connection *c, uint64_t since) {
  int full = !(c->next & (c->next - 1));
  if (full && !(c->since = realloc(c->since, (2 * c->next + 1) * sizeof *c->since))) die("realloc");
  c->since[c->next++] = since;
}

static void stamp(uint64_t since) {
  char text[STAMP + 1];
  sprintf(text, "%016lx", since);
  memcpy(workload, text, STAMP);
}

static void submit(connection *c) {
  char name[128] = "", unique[64] = "";
  uint64_t since = rate ? due : nanoseconds();
  size_t named = function_of(submitted, name) + 1, length = unique_of(submitted, unique) + 1;
  submitted++;
  stamp(since);
  if (echoing) return packet(c, ECHO_REQ, workload, size);
  begin(c, background ? SUBMIT_JOB_BG : SUBMIT_JOB, named + length + size);
  put(c, name, named);
  put(c, unique, length);
  put(c, workload, size);
  remember(c, since);
}

static void settled(connection *c) {
  completed++;
  if (churns) redial(c, port);
  if (!rate && more()) submit(c);
}

static void on_client_packet(connection *c, uint32_t type, uint8_t *body, size_t length) {
  if (type == JOB_CREATED) {
    uint64_t since = c->since[c->first++];
    if (!background) return;
    measure(since);
    settled(c);
  } else if (type == WORK_COMPLETE || type == ECHO_RES) {
    char sent[STAMP + 1] = "";
    memcpy(sent, body + length - size, STAMP);
    measure(strtoul(sent, NULL, 16));
    settled(c);
  } else {
    fprintf(stderr, "a client was sent packet %u: %.*s\n", type, (int)length, body);
    exit(1);
  }
}

/* The result is the workload. */
static void complete(connection *c, uint8_t *body, size_t length) {
  size_t handle = strlen((char *)body) + 1, name = strlen((char *)body + handle) + 1;
  if (length != handle + name + size || memcmp(body + length - size + STAMP, workload + STAMP, size - STAMP)) {
    fputs("a workload is not what was submitted\n", stderr);
    exit(1);
  }
  begin(c, WORK_COMPLETE, handle + size);
  put(c, body, handle);
  put(c, body + length - size, size);
  if (draining) completed++;
}

/* A drain asks for as many jobs as it is to do: what is left stays as it is. */
static void grab(connection *c) {
  if (draining && completed + asked >= jobs) return;
  asked++;
  packet(c, GRAB_JOB, "", 0);
}

static void on_worker_packet(connection *c, uint32_t type, uint8_t *body, size_t length) {
  if (type == JOB_ASSIGN || type == NO_JOB) asked--;
  if (type == JOB_ASSIGN) complete(c, body, length);
  if (type == JOB_ASSIGN || type == NOOP) grab(c);
  if (type == NO_JOB) packet(c, PRE_SLEEP, "", 0);
  if (type == ECHO_RES) echoed++;
}

/* A worker keeps no record of submits, and beside echoes there is none. */
static void on_packet(connection *c, uint32_t type, uint8_t *body, size_t length) {
  (echoing || c->since ? on_client_packet : on_worker_packet)(c, type, body, length);
}

static void start_worker(connection *c) {
  packet(c, OPTION_REQ, "barrier", 7);
  for (int f = 0; f < functions; f++) {
    char name[128];
    packet(c, CAN_DO, name, function_of(f, name));
  }
  for (int g = 0; g < grabs; g++) grab(c);
  flush_all();
}

/* Few at a time, as gearmand's backlog is 32. */
static void start_workers(void) {
  worker = calloc(workers, sizeof *worker);
  for (int i = 0; i < workers; i++) {
    start_worker(worker[i] = dial(port));
    while (!draining && asked && (i % 16 == 15 || i == workers - 1)) poll_all(100 * MILLISECOND, on_packet);
  }
}

static void start_clients(void) {
  client = calloc(clients, sizeof *client);
  for (int i = 0; i < clients; i++) client[i] = dial(port);
}

/* Full speed: a client submits when it is answered, and in the beginning, in turns, as much as may be outstanding. */
static void play_full_speed(void) {
  for (int turn = 0; turn < depth; turn++)
    for (int i = 0; i < clients && more(); i++) submit(client[i]);
  for (flush_all(); more() || completed < submitted;) poll_all(100 * MILLISECOND, on_packet);
}

/* Clients take turns. */
static void submit_due(void) {
  for (; more() && due <= nanoseconds(); due -= log(1 - drand48()) / rate * SECOND) submit(client[submitted % clients]);
  flush_all();
}

static uint64_t until_due(void) {
  uint64_t now = nanoseconds();
  return !more() ? 100 * MILLISECOND : due > now ? due - now : 0;
}

/* Sleeps between the jobs, for a load that spins would take a core from the server. Without the kernel's slack of 50 us it wakes 5 us late. */
static void play_at_rate(void) {
  prctl(PR_SET_TIMERSLACK, 1);
  due = began;
  for (submit_due(); more() || completed < submitted; submit_due()) poll_all(until_due(), on_packet);
}

static void play_clients(void) {
  start_clients();
  begin_clock();
  rate ? play_at_rate() : play_full_speed();
}

static void play_drain(void) {
  draining = 1;
  begin_clock();
  start_workers();
  while (completed < jobs) poll_all(100 * MILLISECOND, on_packet);
  for (int i = 0; i < workers; i++) packet(worker[i], ECHO_REQ, "end", 3);
  flush_all();
  while (echoed < workers) poll_all(100 * MILLISECOND, on_packet);
}

static void explain(void) {
  fputs(USAGE, stderr);
  exit(2);
}

static void read_options(int count, char **arguments) {
  for (int o; (o = getopt(count, arguments, "p:P:c:d:w:g:n:t:r:f:F:s:k:ux")) != -1;) switch (o) {
    case 'p': port = atoi(optarg); break;
    case 'P': process = atoi(optarg); break;
    case 'c': clients = atoi(optarg); break;
    case 'd': depth = atoi(optarg); break;
    case 'w': workers = atoi(optarg); break;
    case 'g': grabs = atoi(optarg); break;
    case 'n': jobs = atol(optarg); break;
    case 't': seconds = atof(optarg); break;
    case 'r': rate = atol(optarg); break;
    case 'f': function = optarg; break;
    case 's': size = atol(optarg); break;
    case 'F': functions = atoi(optarg); break;
    case 'k': few_uniques = atoi(optarg); break;
    case 'x': churns = 1; break;
    case 'u': with_uniques = 1; break;
    default: explain();
  }
  if (!port || optind < count) explain();
}

static uint32_t quantile(double q) { return measured ? latencies[(long)(q * (measured - 1))] : 0; }

static void report(double took) {
  qsort(latencies, measured, sizeof *latencies, ascending);
  printf("{\"jobs\":%ld,\"seconds\":%.4f,\"perSecond\":%.1f,\"p50\":%u,\"p99\":%u,\"p999\":%u,\"most\":%u,\"cpu\":%.3f}\n", completed, took,
         completed / took, quantile(.5), quantile(.99), quantile(.999), quantile(1), (cpu() - cpu_began) * 1e6 / completed);
}

int main(int count, char **arguments) {
  const char *mode = count > 1 ? arguments[1] : "";
  if (strcmp(mode, "submit") && strcmp(mode, "drain") && strcmp(mode, "run") && strcmp(mode, "echo")) explain();
  read_options(count - 1, arguments + 1);
  if (size < STAMP) size = STAMP;
  workload = malloc(size);
  for (size_t i = 0; i < size; i++) workload[i] = 'a' + i % 26;
  background = !strcmp(mode, "submit");
  echoing = !strcmp(mode, "echo");
  if (!strcmp(mode, "drain")) play_drain();
  else {
    if (!background && !echoing) start_workers();
    play_clients();
  }
  report(elapsed());
}
