#define _GNU_SOURCE
#include "stream.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const size_t HEADER = 12;
/* At most so much is read at once, so that the connections take turns. */
static const size_t READ = 256 * 1024;
static int polled = -1, listener = -1;
/* What has something to send. */
static connection *dirty[65536];
static int dirty_count;
const char *magic = "\0REQ";
uint32_t source;

void die(const char *what) {
  perror(what);
  exit(1);
}

uint64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000ull + now.tv_nsec;
}

static void make_room(buffer *b, size_t size) {
  if (b->room - b->to >= size) return;
  memmove(b->bytes, b->bytes + b->from, b->to - b->from);
  b->to -= b->from;
  b->from = 0;
  if (b->room - b->to >= size) return;
  b->room = 2 * (b->to + size);
  if (!(b->bytes = realloc(b->bytes, b->room))) die("realloc");
}

static void watch(connection *c, int operation) {
  struct epoll_event event = {.events = EPOLLIN | (c->waits_for_room ? EPOLLOUT : 0), .data.ptr = c};
  if (epoll_ctl(polled, operation, c->fd, &event)) die("epoll_ctl");
}

static void leave_from(int fd) {
  struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(source)};
  if (bind(fd, (void *)&from, sizeof from)) die("bind");
}

static void reach(connection *c, int port) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int yes = 1;
  c->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (source) leave_from(c->fd);
  if (c->fd < 0 || connect(c->fd, (void *)&to, sizeof to)) die("connect");
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  stream_open(c);
  watch(c, EPOLL_CTL_ADD);
}

/* A soft limit of 1024 files is usual. */
static void raise_file_limit(void) {
  struct rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files)) die("getrlimit");
  files.rlim_cur = files.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &files)) die("setrlimit");
}

connection *dial(int port) {
  connection *c = calloc(1, sizeof *c);
  if (polled < 0) {
    raise_file_limit();
    polled = epoll_create1(0);
  }
  reach(c, port);
  return c;
}

void serve(int at) {
  struct epoll_event event = {.events = EPOLLIN};
  polled = epoll_create1(0);
  listener = at;
  if (epoll_ctl(polled, EPOLL_CTL_ADD, listener, &event)) die("epoll_ctl");
}

static void admit(void) {
  connection *c = calloc(1, sizeof *c);
  int yes = 1;
  if ((c->fd = accept(listener, NULL, NULL)) < 0) die("accept");
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  watch(c, EPOLL_CTL_ADD);
}

void redial(connection *c, int port) {
  c->waits_for_room = 0;
  stream_close(c);
  close(c->fd);
  reach(c, port);
}

void put(connection *c, const void *bytes, size_t size) {
  if (!c->has_output) dirty[dirty_count++] = c;
  c->has_output = 1;
  make_room(&c->out, size);
  memcpy(c->out.bytes + c->out.to, bytes, size);
  c->out.to += size;
}

void begin(connection *c, uint32_t type, size_t size) {
  uint32_t header[3] = {0, htonl(type), htonl(size)};
  memcpy(header, magic, 4);
  put(c, header, HEADER);
}

void packet(connection *c, uint32_t type, const void *body, size_t size) {
  begin(c, type, size);
  put(c, body, size);
}

/* A load goes on with all its connections or not at all. */
static void ended(connection *c) {
  if (listener < 0) {
    fputs("the server closed the connection\n", stderr);
    exit(1);
  }
  close(c->fd);
  c->fd = -1;
}

static void flush(connection *c) {
  buffer *b = &c->out;
  if (c->fd < 0) return;
  while (b->from < b->to) {
    ssize_t sent = stream_send(c, b->bytes + b->from, b->to - b->from);
    if (sent < 0) return ended(c);
    if (!sent) break;
    b->from += sent;
  }
  if (b->from == b->to) b->from = b->to = 0;
  int waits = b->to && stream_waits_for_room(c);
  if (waits == c->waits_for_room) return;
  c->waits_for_room = waits;
  watch(c, EPOLL_CTL_MOD);
}

void flush_all(void) {
  for (int i = 0; i < dirty_count; i++) {
    dirty[i]->has_output = 0;
    flush(dirty[i]);
  }
  dirty_count = 0;
}

static int take_packet(connection *c, handler *on_packet) {
  buffer *b = &c->in;
  uint32_t header[3];
  if (b->to - b->from < HEADER) return 0;
  memcpy(header, b->bytes + b->from, HEADER);
  size_t size = ntohl(header[2]);
  if (b->to - b->from < HEADER + size) return 0;
  on_packet(c, ntohl(header[1]), b->bytes + b->from + HEADER, size);
  b->from += HEADER + size;
  return 1;
}

static void take(connection *c, handler *on_packet) {
  make_room(&c->in, READ);
  ssize_t size = stream_receive(c, c->in.bytes + c->in.to, READ);
  if (size < 0) return ended(c);
  c->in.to += size;
  while (take_packet(c, on_packet));
  if (c->in.from == c->in.to) c->in.from = c->in.to = 0;
  /* What could not go before a handshake was through can go now. */
  if (c->out.to && !c->waits_for_room) put(c, "", 0);
}

void poll_all(uint64_t nanoseconds, handler *on_packet) {
  struct epoll_event ready[256];
  struct timespec most = {.tv_sec = nanoseconds / (1000 * MILLISECOND), .tv_nsec = nanoseconds % (1000 * MILLISECOND)};
  int count = epoll_pwait2(polled, ready, 256, &most, NULL);
  for (int i = 0; i < count; i++) {
    connection *c = ready[i].data.ptr;
    if (!c) admit();
    else if (ready[i].events & ~EPOLLOUT) take(c, on_packet);
    else flush(c);
  }
  flush_all();
}
