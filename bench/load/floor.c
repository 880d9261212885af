/*
 * The least that a Gearman job server can do: one thread, one epoll, jobs in memory, no checks, no options, nothing given back when a peer
 * goes. What a job costs here is the floor under what it costs any server on that machine.
 *
 *   floor PORT
 */
#include "connection.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST_FUNCTIONS = 1024, MOST_CONNECTIONS = 65536, PREFIX = 2 };

typedef struct job { struct job *next; connection *client; struct function *function; long number; size_t size; uint8_t *data; } job;
typedef struct function { char name[64]; size_t length; job *first, *last; connection **workers; int count; } function;
typedef struct peer { function *can[MOST_FUNCTIONS]; int count, asleep; } peer;

static function functions[MOST_FUNCTIONS];
static int known;
static job **jobs;
static long number, room;

static peer *about(connection *c) {
  if (!c->about) c->about = calloc(1, sizeof(peer));
  return c->about;
}

static function *find(const uint8_t *name, size_t length) {
  for (int i = 0; i < known; i++)
    if (functions[i].length == length && !memcmp(functions[i].name, name, length)) return &functions[i];
  function *f = &functions[known++];
  memcpy(f->name, name, length);
  f->length = length;
  f->workers = calloc(MOST_CONNECTIONS, sizeof *f->workers);
  return f;
}

static void keep(job *j) {
  if (number == room && !(jobs = realloc(jobs, (room = 2 * room + 1024) * sizeof *jobs))) die("realloc");
  jobs[j->number = number++] = j;
  if (j->function->last) j->function->last->next = j;
  else j->function->first = j;
  j->function->last = j;
}

static void wake(function *f) {
  for (int i = 0; i < f->count; i++) {
    peer *worker = about(f->workers[i]);
    if (!worker->asleep) continue;
    worker->asleep = 0;
    packet(f->workers[i], NOOP, "", 0);
  }
}

static void submit(connection *c, int background, uint8_t *body, size_t size) {
  char handle[32];
  size_t name = strlen((char *)body), unique = strlen((char *)body + name + 1), head = name + unique + 2;
  job *j = calloc(1, sizeof *j);
  *j = (job){.client = background ? NULL : c, .function = find(body, name), .size = size - head, .data = malloc(size - head + 1)};
  memcpy(j->data, body + head, j->size);
  keep(j);
  packet(c, JOB_CREATED, handle, sprintf(handle, "F:%ld", j->number));
  wake(j->function);
}

static void grab(connection *c) {
  char handle[32];
  peer *worker = about(c);
  for (int i = 0; i < worker->count; i++) {
    function *f = worker->can[i];
    job *j = f->first;
    if (!j) continue;
    if (!(f->first = j->next)) f->last = NULL;
    size_t length = sprintf(handle, "F:%ld", j->number) + 1;
    begin(c, JOB_ASSIGN, length + f->length + 1 + j->size);
    put(c, handle, length);
    put(c, f->name, f->length + 1);
    put(c, j->data, j->size);
    return;
  }
  packet(c, NO_JOB, "", 0);
}

static void sleep_or_noop(connection *c) {
  peer *worker = about(c);
  for (int i = 0; i < worker->count; i++)
    if (worker->can[i]->first) return packet(c, NOOP, "", 0);
  worker->asleep = 1;
}

static void complete(uint8_t *body, size_t size) {
  job *j = jobs[atol((char *)body + PREFIX)];
  if (j->client) packet(j->client, WORK_COMPLETE, body, size);
  free(j->data);
  free(j);
}

static void can_do(connection *c, const uint8_t *name, size_t length) {
  function *f = find(name, length);
  f->workers[f->count++] = c;
  about(c)->can[about(c)->count++] = f;
}

static void on_packet(connection *c, uint32_t type, uint8_t *body, size_t size) {
  switch (type) {
    case CAN_DO: return can_do(c, body, size);
    case SUBMIT_JOB: return submit(c, 0, body, size);
    case SUBMIT_JOB_BG: return submit(c, 1, body, size);
    case GRAB_JOB: about(c)->asleep = 0; return grab(c);
    case PRE_SLEEP: return sleep_or_noop(c);
    case WORK_COMPLETE: return complete(body, size);
    case ECHO_REQ: return packet(c, ECHO_RES, body, size);
  }
}

int main(int count, char **arguments) {
  int listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(arguments[count - 1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(listener, (void *)&at, sizeof at) || listen(listener, 1024)) die("listen");
  magic = "\0RES";
  serve(listener);
  for (;;) poll_all(1000 * MILLISECOND, on_packet);
}
